// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.UdpHandler;
import io.keepstate.linux.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A dedicated link over UDP unicast as conntrackd uses it: datagrams are received on the configured address and port,
 * and sent from a second socket that is not bound, so from any port; neither socket is connected, so what ICMP says is
 * ignored.
 *
 * <p>Opened in the calling thread's network namespace; confined to one thread.
 */
public final class UdpChannel implements DatagramSink, Pollable, AutoCloseable {
    private static final int DEFAULT_MTU = 1500;

    private final Endpoint destination;
    private final boolean onlyPeer;
    private final int mtu;
    private final UdpSocket receiving;
    private final UdpSocket sending;
    private final UdpHandler unpack = this::onDatagram;
    private DatagramHandler handler = datagram -> {};

    private long bytesSent;
    private long packetsSent;
    private long sendErrors;
    private long sendDeferred;
    private long bytesReceived;
    private long packetsReceived;
    private long unexpectedSource;

    private UdpChannel(UdpChannelConfig config, @Nullable Link link, UdpSocket receiving, UdpSocket sending) {
        this.destination = scoped(config.destination(), link);
        this.onlyPeer = config.onlyPeer();
        this.mtu = link == null ? DEFAULT_MTU : link.mtu();
        this.receiving = receiving;
        this.sending = sending;
    }

    /**
     * Opens both sockets.
     *
     * @throws LinuxException if the interface is missing, or the address is not ours or in use
     */
    public static UdpChannel open(UdpChannelConfig config) {
        Link link = config.interfaceName().map(UdpChannel::link).orElse(null);
        IpFamily family = config.local().family();
        UdpSocket receiving = UdpSocket.open(family);
        try {
            UdpSocket sending = UdpSocket.open(family, 1, 64); // it never receives
            try {
                configure(config, link, receiving, sending);
                return new UdpChannel(config, link, receiving, sending);
            } catch (RuntimeException e) {
                sending.close();
                throw e;
            }
        } catch (RuntimeException e) {
            receiving.close();
            throw e;
        }
    }

    private static void configure(
            UdpChannelConfig config, @Nullable Link link, UdpSocket receiving, UdpSocket sending) {
        // Not SO_REUSEADDR, which for UDP would let a second daemon take the port and half of the datagrams.
        if (config.receiveBufferBytes() > 0) {
            receiving.receiveBuffer(config.receiveBufferBytes());
        }
        if (config.sendBufferBytes() > 0) {
            sending.sendBuffer(config.sendBufferBytes());
        }
        if (!config.checksum()) {
            receiving.noChecksum();
            sending.noChecksum();
        }
        Endpoint local = scoped(config.local(), link);
        try {
            receiving.bind(local);
        } catch (LinuxException e) {
            throw new LinuxException("bind", e.errno(), whyNotBound(local, e.errno()));
        }
    }

    private static String whyNotBound(Endpoint local, int errno) {
        return switch (errno) {
            case Errno.EADDRNOTAVAIL ->
                "the link's address " + local
                        + " is not on this machine; add it to the link's interface, or correct the"
                        + " address of the UDP block";
            case Errno.EADDRINUSE ->
                "the link's address " + local
                        + " is in use; stop the other program (another conntrackd?) or choose another Port";
            default -> "the link's address " + local;
        };
    }

    private static Link link(String interfaceName) {
        try (Rtnetlink route = Rtnetlink.open()) {
            return route.link(interfaceName)
                    .orElseThrow(() -> new LinuxException(
                            "link",
                            Errno.ENODEV,
                            "no interface '" + interfaceName
                                    + "' in this namespace; correct Interface of the UDP block"));
        }
    }

    private static Endpoint scoped(Endpoint endpoint, @Nullable Link link) {
        boolean linkLocal = endpoint.family() == IpFamily.IPV6 && endpoint.high() >>> 54 == 0xfe80 >>> 6;
        return link != null && linkLocal && endpoint.scope() == 0 ? endpoint.withScope(link.index()) : endpoint;
    }

    /** The descriptor that becomes readable when something arrived. */
    @Override
    public int fd() {
        return receiving.fd();
    }

    /** MTU of the interface when the link was opened, for {@code FtfwConfig.withMtu}. */
    public int mtu() {
        return mtu;
    }

    /** The address and port it listens on. */
    public Endpoint localEndpoint() {
        return receiving.localEndpoint();
    }

    /** Sends to the peer; false only while the send buffer is full. An error is counted and the datagram lost. */
    @Override
    public boolean send(ByteBuf datagram) {
        int sent = sending.send(datagram, destination);
        if (sent >= 0) {
            packetsSent++;
            bytesSent += sent;
            return true;
        }
        if (sent == -Errno.EAGAIN || sent == -Errno.EINTR) {
            sendDeferred++;
            return false;
        }
        sendErrors++;
        return true;
    }

    /**
     * Hands over what has arrived, in batches.
     *
     * @param budget most datagrams to take; what is left keeps the descriptor readable
     * @return how many were taken from the socket
     */
    public int receive(DatagramHandler to, int budget) {
        handler = to;
        return receiving.receive(unpack, budget);
    }

    private void onDatagram(ByteBuf payload, long sourceHigh, long sourceLow, int sourcePort, int scope) {
        packetsReceived++;
        bytesReceived += payload.readableBytes();
        if (sourceHigh != destination.high() || sourceLow != destination.low()) {
            unexpectedSource++;
            if (onlyPeer) {
                return;
            }
        }
        handler.onDatagram(payload);
    }

    /** A snapshot of the counters. */
    public ChannelStats stats() {
        return new ChannelStats(
                bytesSent,
                packetsSent,
                sendErrors,
                sendDeferred,
                bytesReceived,
                packetsReceived,
                receiving.receiveErrors(),
                receiving.truncated(),
                unexpectedSource);
    }

    /** Closes both sockets; again does nothing. */
    @Override
    public void close() {
        receiving.close();
        sending.close();
    }
}
