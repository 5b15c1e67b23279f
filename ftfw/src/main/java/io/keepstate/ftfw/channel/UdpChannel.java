// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.UdpHandler;
import io.keepstate.linux.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.Optional;

/**
 * A dedicated link over UDP, unicast or multicast, as conntrackd uses it: datagrams are received on the configured
 * address (of ours, or of the group) and port, and sent from a second socket that is not bound, so from any port;
 * neither socket is connected, so what ICMP says is ignored.
 *
 * <p>A group is joined on one interface, and the socket bound to the group, as conntrackd does since 1.4.9: datagrams to
 * the port that were not sent to the group are not heard. Multicast leaves with a TTL of 1 and is not looped back.
 */
public final class UdpChannel implements PeerChannel, Pollable {
    private final Endpoint destination;
    private final boolean group;
    private final boolean onlyPeer;
    private final int datagramSize;
    private final UdpSocket receiving;
    private final UdpSocket sending;
    private final UdpHandler unpack = this::onDatagram;
    private DatagramHandler handler = (datagram, high, low, port, now) -> false;
    private long now;

    private long bytesSent;
    private long packetsSent;
    private long sendErrors;
    private long sendDeferred;
    private long bytesReceived;
    private long packetsReceived;
    private long unexpectedSource;

    private UdpChannel(
            Endpoint destination,
            boolean group,
            boolean onlyPeer,
            int datagramSize,
            UdpSocket receiving,
            UdpSocket sending) {
        this.destination = destination;
        this.group = group;
        this.onlyPeer = onlyPeer;
        this.datagramSize = datagramSize;
        this.receiving = receiving;
        this.sending = sending;
    }

    /**
     * Opens a link to one address.
     *
     * @throws ChannelOpenException if the interface is missing, or the address is not ours or in use
     */
    public static UdpChannel open(UdpChannelConfig config) {
        Link link = ChannelOpening.link(config.interfaceName());
        Endpoint local = ChannelOpening.scoped(config.local(), link);
        Endpoint destination = ChannelOpening.scoped(config.destination(), link);
        int size = ChannelOpening.datagramSize(link, local.family(), false);
        return ChannelOpening.opened(
                local,
                "UDP",
                config.interfaceName(),
                () -> open(local.family(), (receiving, sending) -> {
                    // Not SO_REUSEADDR, which for UDP would let a second daemon take the port and half of the
                    // datagrams.
                    buffers(receiving, config.receiveBufferBytes(), sending, config.sendBufferBytes());
                    checksums(receiving, sending, config.checksum());
                    receiving.bind(local);
                    return new UdpChannel(destination, false, config.onlyPeer(), size, receiving, sending);
                }));
    }

    /**
     * Opens a link to a group.
     *
     * @throws ChannelOpenException if the interface is missing or has not the address, or the port is in use
     */
    public static UdpChannel open(MulticastChannelConfig config) {
        Link link = joinedOn(config);
        Endpoint group = ChannelOpening.scoped(config.group(), link);
        int size = ChannelOpening.datagramSize(link, group.family(), false);
        return ChannelOpening.opened(
                group,
                "multicast",
                Optional.of(link.name()),
                () -> open(group.family(), (receiving, sending) -> {
                    buffers(receiving, config.receiveBufferBytes(), sending, config.sendBufferBytes());
                    checksums(receiving, sending, config.checksum());
                    receiving.bind(group);
                    receiving.multicast().join(group, link.index());
                    sending.multicast().sendOn(link.index(), config.interfaceAddress());
                    sending.multicast().hops(1);
                    sending.multicast().loop(false);
                    return new UdpChannel(group, true, false, size, receiving, sending);
                }));
    }

    private static Link joinedOn(MulticastChannelConfig config) {
        Link named = ChannelOpening.link(config.interfaceName());
        // As conntrackd: over IPv4 the address says where to join, the interface's name whose carrier is watched.
        return config.group().family() == IpFamily.IPV4
                        && config.interfaceAddress().isPresent()
                ? ChannelOpening.linkWith(config.interfaceAddress().get())
                : Objects.requireNonNull(named);
    }

    /** Makes a channel of two new sockets. */
    @FunctionalInterface
    private interface Maker {
        UdpChannel make(UdpSocket receiving, UdpSocket sending);
    }

    private static UdpChannel open(IpFamily family, Maker maker) {
        UdpSocket receiving = UdpSocket.open(family);
        UdpSocket sending = null;
        try {
            sending = UdpSocket.open(family, 1, 64); // it never receives
            return maker.make(receiving, sending);
        } catch (RuntimeException e) {
            receiving.close();
            if (sending != null) {
                sending.close();
            }
            throw e;
        }
    }

    private static void buffers(UdpSocket receiving, int receiveBytes, UdpSocket sending, int sendBytes) {
        if (receiveBytes > 0) {
            receiving.receiveBuffer(receiveBytes);
        }
        if (sendBytes > 0) {
            sending.sendBuffer(sendBytes);
        }
    }

    private static void checksums(UdpSocket receiving, UdpSocket sending, boolean on) {
        if (!on) {
            receiving.noChecksum();
            sending.noChecksum();
        }
    }

    @Override
    public void register(EventLoop loop, String name, DatagramHandler to) {
        loop.register(this, name, Readiness.READ, (readiness, nowNanos) -> receive(to, RECEIVE_BUDGET, nowNanos));
    }

    @Override
    public void doWork(long nowNanos) {}

    @Override
    public long nextDeadline() {
        return Long.MAX_VALUE;
    }

    @Override
    public void onLinkFailed() {}

    /** The descriptor that becomes readable when something arrived. */
    @Override
    public int fd() {
        return receiving.fd();
    }

    @Override
    public int datagramSize() {
        return datagramSize;
    }

    /** The address and port it listens on. */
    public Endpoint localEndpoint() {
        return receiving.localEndpoint();
    }

    /**
     * Sends to the peer. An error is counted. The datagram is lost with it, or may be offered again if it is one of those
     * that pass: a route that is not there, as for a moment after a link came back, holds up every other datagram too.
     *
     * @return false while the send buffer is full, or there is no way to the peer
     */
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
        return !isNoWay(-sent);
    }

    private static boolean isNoWay(int errno) {
        return switch (errno) {
            case Errno.ENETDOWN, Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EADDRNOTAVAIL, Errno.ENOBUFS -> true;
            default -> false;
        };
    }

    /**
     * Hands over what has arrived, in batches.
     *
     * @param budget most datagrams to take; what is left keeps the descriptor readable
     * @return how many were taken from the socket
     */
    public int receive(DatagramHandler to, int budget, long nowNanos) {
        handler = to;
        now = nowNanos;
        return receiving.receive(unpack, budget);
    }

    private void onDatagram(ByteBuf payload, long sourceHigh, long sourceLow, int sourcePort, int scope) {
        packetsReceived++;
        bytesReceived += payload.readableBytes();
        if (!group && (sourceHigh != destination.high() || sourceLow != destination.low())) {
            unexpectedSource++;
            if (onlyPeer) {
                return;
            }
        }
        handler.onDatagram(payload, sourceHigh, sourceLow, sourcePort, now);
    }

    @Override
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
                unexpectedSource,
                Optional.empty());
    }

    @Override
    public void close() {
        receiving.close();
        sending.close();
    }
}
