// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server's end of a session. One thread. */
final class ServedSession {
    /** Small, so that little is on its way when the firewall fails. */
    static final int SEND_BUFFER = 64 * 1024;

    /** A download sends {@value #CHUNK} octets each {@link #PERIOD_NANOS}: about 80 KiB/s. */
    static final int CHUNK = 8 * 1024;

    static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SocketChannel channel;
    private final ByteBuffer greetingBytes = ByteBuffer.allocate(Greeting.LENGTH);
    private final ByteBuffer pending = ByteBuffer.allocateDirect(CHUNK).limit(0);
    private @Nullable Greeting greeting;
    private long position;
    private long nextChunkNanos;

    ServedSession(SocketChannel channel) {
        this.channel = channel;
    }

    /** Moves what can be moved. A session that fails is closed; the client judges. */
    void serve(long nowNanos) {
        try {
            if (greeting == null) {
                greet();
            } else if (greeting.kind() == SessionKind.DOWNLOAD) {
                send(greeting, nowNanos);
            } else {
                echo();
            }
        } catch (IOException failed) {
            close();
        }
    }

    private void greet() throws IOException {
        if (channel.read(greetingBytes) < 0) {
            close();
        } else if (!greetingBytes.hasRemaining()) {
            greeting = Greeting.decode(greetingBytes.flip());
        }
    }

    private void send(Greeting what, long nowNanos) throws IOException {
        if (!pending.hasRemaining() && nowNanos - nextChunkNanos >= 0) {
            Content.fill(what.seed(), position, pending.clear());
            pending.flip();
            position += CHUNK;
            nextChunkNanos = nowNanos + PERIOD_NANOS;
        }
        channel.write(pending);
    }

    private void echo() throws IOException {
        if (!pending.hasRemaining()) {
            int count = channel.read(pending.clear());
            pending.flip();
            if (count < 0) {
                close();
                return;
            }
        }
        channel.write(pending);
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to close.
        }
    }
}
