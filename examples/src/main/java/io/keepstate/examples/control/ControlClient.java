// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The client's side of the control socket: one number there, text back until the end. Uses the JDK's own unix sockets
 * and nothing else, so that a script's call is answered fast.
 */
public final class ControlClient {
    private ControlClient() {}

    /**
     * Sends a request and copies the reply.
     *
     * @return whether the daemon could be reached
     * @throws IOException if the reply cannot be passed on
     */
    public static boolean request(Path socket, ControlRequest request, OutputStream reply) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
                number.putInt(request.number()).flip();
                while (number.hasRemaining()) {
                    channel.write(number);
                }
            } catch (IOException nobodyThere) {
                return false;
            }
            copy(channel, reply);
            return true;
        }
    }

    private static void copy(SocketChannel channel, OutputStream reply) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(64 * 1024);
        while (read(channel, page) >= 0) {
            reply.write(page.array(), 0, page.position());
            page.clear();
        }
        reply.flush();
    }

    /** A daemon that dies while it replies ends the reply, which conntrackd's client does not tell apart either. */
    private static int read(SocketChannel channel, ByteBuffer page) {
        try {
            return channel.read(page);
        } catch (IOException reset) {
            return -1;
        }
    }
}
