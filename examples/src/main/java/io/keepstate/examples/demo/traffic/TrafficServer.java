// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server of the demo, a program of its own: sends downloads, returns echoes. One thread, no state but sockets. */
public final class TrafficServer {
    /** TCP sessions. */
    public static final int TCP_PORT = 5001;

    /** UDP echo. */
    public static final int UDP_PORT = 5002;

    /** What it prints once it listens. */
    public static final String READY = "listening";

    private static final int TICK_MILLIS = 20;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

    private final Selector selector = Selector.open();
    private final DatagramChannel datagrams = DatagramChannel.open();
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(2048);
    private long nextTickNanos;

    private TrafficServer() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(TCP_PORT), 512);
        listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT, listener);
        datagrams.bind(new InetSocketAddress(UDP_PORT));
        datagrams.configureBlocking(false).register(selector, SelectionKey.OP_READ);
    }

    /** Serves until it is killed. */
    public static void main(String[] args) throws IOException {
        TrafficServer server = new TrafficServer();
        System.out.println(READY);
        while (true) {
            server.round();
        }
    }

    private void round() throws IOException {
        selector.select(TICK_MILLIS);
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.attachment() instanceof ServerSocketChannel listener) {
                accept(listener.accept());
            } else if (key.attachment() instanceof ServedSession session) {
                session.serve(now);
            } else {
                returnDatagrams();
            }
        }
        selector.selectedKeys().clear();
        if (now - nextTickNanos < 0) {
            return;
        }
        nextTickNanos = now + TICK_NANOS;
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof ServedSession session) {
                session.serve(now);
            }
        }
    }

    private void accept(@Nullable SocketChannel channel) throws IOException {
        if (channel == null) {
            return; // the client gave up between the event and now
        }
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, ServedSession.SEND_BUFFER);
        channel.register(selector, SelectionKey.OP_READ, new ServedSession(channel));
    }

    private void returnDatagrams() throws IOException {
        for (SocketAddress from = datagrams.receive(datagram.clear());
                from != null;
                from = datagrams.receive(datagram.clear())) {
            datagrams.send(datagram.flip(), from);
        }
    }
}
