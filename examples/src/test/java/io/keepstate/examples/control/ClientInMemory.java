// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Random;
import java.util.function.Consumer;

/** A client of the control socket, without the socket: it says some octets in pieces, and reads as it likes. */
public final class ClientInMemory implements ByteChannel, Descriptors {
    private static final int FD = 7;
    private static final int LARGEST_SIP = 4096;

    private final ByteBuffer said;
    private final Random random;
    private final boolean saysEnd;
    private final ControlConnection connection;
    private boolean gone;
    private boolean closed;
    private boolean watched;
    private long read;

    /**
     * A client that has connected.
     *
     * @param octets all that it says
     * @param saysEnd whether it shuts its output down after that
     * @param events told what the connection counts
     */
    public ClientInMemory(
            byte[] octets,
            boolean saysEnd,
            Random random,
            ControlHandler handler,
            Consumer<ControlEvent> events,
            long nowNanos) {
        this.said = ByteBuffer.wrap(octets);
        this.saysEnd = saysEnd;
        this.random = random;
        this.connection = new ControlConnection(events, this, FD, handler, this, ControlLimits.DEFAULT, nowNanos);
    }

    /** The server's turn. */
    public void doWork(long nowNanos) {
        connection.doWork(nowNanos);
    }

    /** Leaves, with whatever was not read. */
    public void leave() {
        gone = true;
    }

    /** Whether the server has let go of it, in the loop too. */
    public boolean isOver() {
        return connection.isClosed() && closed && !watched;
    }

    /** Octets of the reply. */
    public long octetsRead() {
        return read;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        checkOpen();
        if (gone) {
            return -1;
        }
        if (!said.hasRemaining()) {
            return saysEnd ? -1 : 0;
        }
        int piece = Math.min(random.nextInt(6), Math.min(into.remaining(), said.remaining()));
        for (int i = 0; i < piece; i++) {
            into.put(said.get());
        }
        return piece;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        checkOpen();
        if (gone) {
            throw new IOException("Broken pipe");
        }
        int sip = random.nextInt(4) == 0 ? random.nextInt(8) : LARGEST_SIP;
        int count = Math.min(sip, from.remaining());
        from.position(from.position() + count);
        read += count;
        return count;
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void watch(int fd, boolean forWriting) {
        watched = true;
    }

    @Override
    public void forget(int fd) {
        watched = false;
    }

    @Override
    public boolean isHungUp(int fd) {
        return gone;
    }
}
