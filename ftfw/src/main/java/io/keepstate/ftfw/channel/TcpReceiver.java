// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.link.StreamAssembler;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.loop.Registration;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.TcpConnection;
import io.keepstate.linux.socket.TcpListener;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The connection the peer opens: all it sends comes by it. There is one at a time, as with conntrackd: a peer that
 * connects again has left the old one, of which what has come is read first.
 */
final class TcpReceiver implements AutoCloseable {
    static final int BACKLOG = 4;

    /** Of 64 KiB each. */
    private static final int READS = 16;

    private final TcpListener listener;
    private final Endpoint peer;
    private final StreamAssembler assembler = new StreamAssembler();
    private final StreamAssembler.Sink sink = this::onMessages;
    private DatagramHandler handler = (datagram, high, low, port, now) -> false;
    private @Nullable EventLoop loop;
    private String name = "";
    private @Nullable TcpConnection incoming;
    private @Nullable Registration registration;
    private long now;

    private long bytesReceived;
    private long packetsReceived;
    private long errors;
    private long accepted;
    private long kicked;
    private long desynchronised;
    private long unexpectedSource;

    TcpReceiver(TcpListener listener, Endpoint peer) {
        this.listener = listener;
        this.peer = peer;
    }

    void register(EventLoop some, String linkName, DatagramHandler to) {
        loop = some;
        handler = to;
        name = linkName + " (from the peer)";
        some.register(listener, linkName + " (listening)", Readiness.READ, (readiness, nowNanos) -> accept(nowNanos));
    }

    private int accept(long nowNanos) {
        int taken = 0;
        for (TcpConnection next = listener.accept();
                next != null && loop != null;
                next = taken < BACKLOG ? listener.accept() : null) {
            taken++;
            take(next, loop, nowNanos);
        }
        return taken;
    }

    private void take(TcpConnection next, EventLoop on, long nowNanos) {
        accepted++;
        if (incoming != null) {
            read(incoming, nowNanos);
        }
        if (incoming != null) {
            kicked++;
            drop(incoming);
        }
        Endpoint from = next.remote();
        if (from.high() != peer.high() || from.low() != peer.low()) {
            unexpectedSource++;
        }
        next.giveUpAfter(TcpSender.PATIENCE);
        incoming = next;
        registration = on.register(next, name, Readiness.READ, (readiness, at) -> read(next, at));
    }

    private int read(TcpConnection from, long nowNanos) {
        now = nowNanos;
        int reads = 0;
        while (reads < READS && incoming == from) {
            int count = from.receive(assembler.room());
            if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
                break;
            }
            reads++;
            if (count <= 0) {
                errors += count < 0 ? 1 : 0;
                drop(from);
            } else {
                packetsReceived++;
                bytesReceived += count;
                deliver(from);
            }
        }
        return reads;
    }

    private void deliver(TcpConnection from) {
        if (!assembler.deliver(sink)) {
            // Its sender lost the framing, and finds it again on a new connection.
            desynchronised++;
            errors++;
            drop(from);
        }
    }

    private void onMessages(ByteBuf messages) {
        TcpConnection from = incoming;
        if (from != null) {
            Endpoint remote = from.remote();
            handler.onDatagram(messages, remote.high(), remote.low(), remote.port(), now);
        }
    }

    private void drop(TcpConnection from) {
        if (registration != null) {
            registration.close();
            registration = null;
        }
        from.close();
        incoming = null;
        assembler.reset();
    }

    boolean isConnected() {
        return incoming != null;
    }

    long bytesReceived() {
        return bytesReceived;
    }

    long packetsReceived() {
        return packetsReceived;
    }

    long errors() {
        return errors;
    }

    long accepted() {
        return accepted;
    }

    long kicked() {
        return kicked;
    }

    long desynchronised() {
        return desynchronised;
    }

    long unexpectedSource() {
        return unexpectedSource;
    }

    @Override
    public void close() {
        loop = null;
        registration = null; // the loop is gone
        if (incoming != null) {
            incoming.close();
            incoming = null;
        }
        listener.close();
    }
}
