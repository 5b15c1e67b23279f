// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.TcpListener;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * A dedicated link over TCP, as conntrackd uses it: each node listens and connects, and each connection carries messages
 * one way, from the node that opened it. Nothing frames them but their own lengths.
 */
public final class TcpChannel implements PeerChannel {
    private final TcpListener listener;
    private final TcpSender sender;
    private final TcpReceiver receiver;
    private final int datagramSize;

    private TcpChannel(TcpListener listener, TcpSender sender, TcpReceiver receiver, int datagramSize) {
        this.listener = listener;
        this.sender = sender;
        this.receiver = receiver;
        this.datagramSize = datagramSize;
    }

    /**
     * Listens; the connection to the peer is opened, and opened again, once a loop runs.
     *
     * @throws ChannelOpenException if the interface is missing, or the address is not ours or in use
     */
    public static TcpChannel open(TcpChannelConfig config) {
        Link link = ChannelOpening.link(config.interfaceName());
        Endpoint local = ChannelOpening.scoped(config.local(), link);
        Endpoint destination = ChannelOpening.scoped(config.destination(), link);
        int size = ChannelOpening.datagramSize(link, local.family(), true);
        TcpListener listener = ChannelOpening.opened(
                local,
                "TCP",
                config.interfaceName(),
                () -> TcpListener.open(local, TcpReceiver.BACKLOG, config.receiveBufferBytes()));
        return new TcpChannel(
                listener,
                new TcpSender(destination, config.sendBufferBytes(), config.errorQueueLength()),
                new TcpReceiver(listener, destination),
                size);
    }

    @Override
    public void register(EventLoop loop, String name, DatagramHandler handler) {
        receiver.register(loop, name, handler);
        sender.register(loop, name);
    }

    @Override
    public void doWork(long nowNanos) {
        sender.doWork(nowNanos);
    }

    @Override
    public long nextDeadline() {
        return sender.nextDeadline();
    }

    /** The address and port it listens on. */
    public Endpoint localEndpoint() {
        return listener.localEndpoint();
    }

    /**
     * Writes to the peer, or keeps a copy until it is connected.
     *
     * @return false only while a connected peer reads more slowly than we send
     */
    @Override
    public boolean send(ByteBuf datagram) {
        return sender.send(datagram);
    }

    @Override
    public void onLinkFailed() {
        sender.forget();
    }

    @Override
    public int datagramSize() {
        return datagramSize;
    }

    @Override
    public ChannelStats stats() {
        return new ChannelStats(
                sender.bytesSent(),
                sender.packetsSent(),
                sender.errors(),
                sender.deferred(),
                receiver.bytesReceived(),
                receiver.packetsReceived(),
                receiver.errors(),
                0,
                receiver.unexpectedSource(),
                Optional.of(new ChannelStats.Tcp(
                        receiver.isConnected(),
                        sender.isConnected(),
                        sender.queue().size(),
                        sender.queue().limit(),
                        sender.queue().overflow(),
                        sender.connects(),
                        sender.connectFailures(),
                        receiver.accepted(),
                        receiver.kicked(),
                        receiver.desynchronised())));
    }

    @Override
    public void close() {
        sender.close();
        receiver.close();
    }
}
