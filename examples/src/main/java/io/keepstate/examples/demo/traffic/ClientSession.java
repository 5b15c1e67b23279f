// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The client's end of a TCP session: opens it, asks, checks every octet. One thread. */
final class ClientSession {
    /** An echo session sends {@value #ECHO} octets each {@link #ECHO_PERIOD_NANOS} if the last ones came back. */
    private static final int ECHO = 4096;

    private static final int IDLE_ECHO = 64;
    private static final long ECHO_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Greeting greeting;
    private final Family family;
    private final int route;
    private final SocketChannel channel;
    private ByteBuffer outgoing;
    private long asked;
    private long received;
    private long markedAt;
    private long lastContentNanos;
    private long longestStallNanos;
    private long nextEchoNanos;
    private String broken = "";
    private boolean reset;

    ClientSession(Selector selector, Greeting greeting, Family family, int route, SocketAddress server, long nowNanos)
            throws IOException {
        this.greeting = greeting;
        this.family = family;
        this.route = route;
        this.outgoing = greeting.encode();
        this.lastContentNanos = nowNanos;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(server);
        channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    /**
     * Called when the channel is ready for something.
     *
     * @param scratch any direct buffer
     */
    void ready(SelectionKey key, ByteBuffer scratch, long nowNanos) {
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
            }
            if (key.isReadable()) {
                read(scratch, nowNanos);
            }
        } catch (IOException failed) {
            fail(failed);
        }
    }

    /** Called each tick: sends what is due. */
    void tick(long nowNanos) {
        if (!broken.isEmpty() || !channel.isConnected()) {
            return;
        }
        try {
            if (greeting.kind() == SessionKind.ECHO && received == asked && nowNanos - nextEchoNanos >= 0) {
                ask(ECHO);
                nextEchoNanos = nowNanos + ECHO_PERIOD_NANOS;
            }
            if (outgoing.hasRemaining()) {
                channel.write(outgoing);
            }
        } catch (IOException failed) {
            fail(failed);
        }
    }

    /** From here on content counts as moved; an idle session asks for one echo. */
    void mark() {
        markedAt = received;
        if (greeting.kind() == SessionKind.IDLE && broken.isEmpty()) {
            ask(IDLE_ECHO);
        }
    }

    /** From here on stalls are watched. */
    void watchStalls() {
        longestStallNanos = 0;
    }

    SessionSample sample(long nowNanos) {
        long quiet = greeting.kind() == SessionKind.IDLE ? 0 : nowNanos - lastContentNanos;
        long stall = Math.max(longestStallNanos, quiet);
        long moved = received - markedAt;
        return new SessionSample(greeting.kind(), family, route, received, moved, broken, reset, quiet, stall);
    }

    private void ask(int octets) {
        ByteBuffer next = ByteBuffer.allocate(outgoing.remaining() + octets).put(outgoing);
        Content.fill(greeting.seed(), asked, next);
        outgoing = next.flip();
        asked += octets;
    }

    private void read(ByteBuffer scratch, long nowNanos) throws IOException {
        int count = channel.read(scratch.clear());
        if (count < 0) {
            throw new IOException("closed by the server");
        }
        if (!Content.matches(greeting.seed(), received, scratch.flip())) {
            throw new IOException("wrong content after octet " + received);
        }
        if (greeting.kind() != SessionKind.IDLE) {
            longestStallNanos = Math.max(longestStallNanos, nowNanos - lastContentNanos);
        }
        lastContentNanos = nowNanos;
        received += count;
    }

    private void fail(IOException cause) {
        broken = String.valueOf(cause.getMessage());
        reset = broken.toLowerCase(Locale.ROOT).contains("reset");
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Nothing is left to close.
        }
    }
}
