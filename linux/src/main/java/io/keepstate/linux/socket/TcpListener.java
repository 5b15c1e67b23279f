// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import org.jspecify.annotations.Nullable;

/**
 * A listening TCP socket over IPv4 or IPv6; readable when a connection waits.
 *
 * <p>Confined to one thread. Source: tcp(7), accept(2).
 */
public final class TcpListener implements Pollable, AutoCloseable {
    private final SocketHandle socket;

    private TcpListener(SocketHandle socket) {
        this.socket = socket;
    }

    /**
     * Listens in the calling thread's network namespace. Connections that a former program left in TIME_WAIT do not
     * prevent it.
     *
     * @param backlog connections that may wait
     * @param receiveBufferBytes of the connections to come, 0 for the kernel's choice
     * @throws io.keepstate.linux.libc.LinuxException EADDRINUSE, EADDRNOTAVAIL
     */
    public static TcpListener open(Endpoint local, int backlog, int receiveBufferBytes) {
        SocketHandle socket = TcpConnection.openHandle(local.family());
        try {
            socket.reuseAddress();
            if (receiveBufferBytes > 0) {
                socket.receiveBuffer(receiveBufferBytes); // inherited, and only here early enough for the window scale
            }
            socket.bind(local);
            socket.listen(backlog, local);
            return new TcpListener(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** The address it listens on, with the port the kernel chose if it was asked to. */
    public Endpoint localEndpoint() {
        return socket.localEndpoint();
    }

    /** The next connection; null if none waits. */
    public @Nullable TcpConnection accept() {
        return socket.accept(TcpConnection::new);
    }

    @Override
    public void close() {
        socket.close();
    }
}
