// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.Errno;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/**
 * One TCP connection over IPv4 or IPv6, never waiting: opened by {@link #connect} or taken from a {@link TcpListener}.
 *
 * <p>Confined to one thread. Source: tcp(7).
 */
public final class TcpConnection implements Pollable, AutoCloseable {
    static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_USER_TIMEOUT = 18;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    private static final int KEEPALIVE_PROBES = 3;

    private final SocketHandle socket;
    private final Endpoint remote;
    private int refused;

    TcpConnection(SocketHandle socket, Endpoint remote) {
        this.socket = socket;
        this.remote = remote;
    }

    static SocketHandle openHandle(IpFamily family) {
        SocketHandle socket =
                SocketHandle.open(family.number(), SocketHandle.SOCK_STREAM, IPPROTO_TCP, "TCP over " + family);
        try {
            if (family == IpFamily.IPV6) {
                socket.set(IPPROTO_IPV6, IPV6_V6ONLY, 1, "IPV6_V6ONLY");
            }
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Begins to connect from the calling thread's network namespace; writable once it is decided, see
     * {@link #finishConnect}. A network that does not lead there shows only then too.
     *
     * @param sendBufferBytes 0 for the kernel's choice
     */
    public static TcpConnection connect(Endpoint remote, int sendBufferBytes) {
        SocketHandle socket = openHandle(remote.family());
        try {
            socket.set(IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY");
            if (sendBufferBytes > 0) {
                socket.sendBuffer(sendBufferBytes);
            }
            TcpConnection connection = new TcpConnection(socket, remote);
            int errno = socket.beginConnect(remote);
            connection.refused = errno == Errno.EINPROGRESS ? 0 : errno;
            return connection;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Whether {@link #connect} failed at once, and with which error number; such a connection is to be closed. */
    public int refused() {
        return refused;
    }

    /** After it became writable: 0 if connected, else the error number. */
    public int finishConnect() {
        return socket.takeError();
    }

    /** Gives up on a peer that answers nothing: unacknowledged data, and the probes of an idle connection, fail after this. */
    public void giveUpAfter(Duration time) {
        int seconds = Math.max(1, (int) time.toSeconds() / (KEEPALIVE_PROBES + 1));
        socket.keepAlive();
        socket.set(IPPROTO_TCP, TCP_KEEPIDLE, seconds, "TCP_KEEPIDLE");
        socket.set(IPPROTO_TCP, TCP_KEEPINTVL, seconds, "TCP_KEEPINTVL");
        socket.set(IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES, "TCP_KEEPCNT");
        socket.set(IPPROTO_TCP, TCP_USER_TIMEOUT, (int) time.toMillis(), "TCP_USER_TIMEOUT");
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** The other side. */
    public Endpoint remote() {
        return remote;
    }

    /**
     * Writes what the send buffer has room for.
     *
     * @return octets taken, fewer than given when the buffer filled up; or a negative error number: {@code -EAGAIN}
     *     (full), {@code -EPIPE}, {@code -ECONNRESET}, {@code -ETIMEDOUT}...
     */
    public int send(ByteBuf octets) {
        return socket.send(octets);
    }

    /**
     * Reads what is there, up to the buffer's room, which must not be 0, and moves its writer index.
     *
     * @return octets read; 0: the other side ended the stream; or a negative error number: {@code -EAGAIN} (nothing now),
     *     {@code -ECONNRESET}...
     */
    public int receive(ByteBuf into) {
        return socket.read(into);
    }

    /** Closes it; what was sent still goes out. */
    @Override
    public void close() {
        socket.close();
    }

    /** Closes it at once: what was not sent is forgotten, the other side sees a reset. */
    public void abort() {
        if (socket.isOpen()) {
            socket.resetOnClose();
        }
        socket.close();
    }
}
