// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.flow.IpAddress;
import io.keepstate.ftfw.DatagramSink;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.UdpHandler;
import io.keepstate.linux.socket.UdpSocket;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.stats.LinkSnapshot;
import io.netty.buffer.ByteBuf;

/**
 * The UDP unicast link to the peer, as conntrackd has it: one socket bound to our address and the port, another, unbound
 * one that sends to the peer's address and the same port. The source of a datagram is not looked at.
 */
final class PeerSocket implements DatagramSink, Pollable, AutoCloseable {
    private static final int BUDGET = 100;

    private final PeerLink link;
    private final Endpoint peer;
    private final UdpSocket receiver;
    private final UdpSocket sender;
    private final UdpHandler counting = this::onDatagram;
    private Receiver handler = (datagram, nowNanos) -> {};
    private long now;
    private long bytesSent;
    private long packetsSent;
    private long sendErrors;
    private long bytesReceived;
    private long packetsReceived;

    /** Takes what the peer sends. */
    @FunctionalInterface
    interface Receiver {
        void onDatagram(ByteBuf datagram, long nowNanos);
    }

    /**
     * Opens both sockets in the calling thread's network namespace.
     *
     * @param interfaceIndex of the dedicated interface, 0 if there is none
     */
    PeerSocket(PeerLink link, int interfaceIndex) {
        this.link = link;
        this.peer = endpoint(link.peer(), link.port(), interfaceIndex);
        IpFamily family = peer.family();
        receiver = UdpSocket.open(family);
        try {
            sender = UdpSocket.open(family, 1, 128);
        } catch (RuntimeException e) {
            receiver.close();
            throw e;
        }
        try {
            if (link.receiveBuffer() > 0) {
                receiver.receiveBuffer(link.receiveBuffer());
            }
            if (link.sendBuffer() > 0) {
                sender.sendBuffer(link.sendBuffer());
            }
            if (!link.checksum()) {
                sender.noChecksum();
            }
            receiver.bind(endpoint(link.local(), link.port(), interfaceIndex));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public int fd() {
        return receiver.fd();
    }

    /** Hands over what has arrived. */
    int receive(Receiver to, long nowNanos) {
        handler = to;
        now = nowNanos;
        return receiver.receive(counting, BUDGET);
    }

    @Override
    public boolean send(ByteBuf datagram) {
        int sent = sender.send(datagram, peer);
        if (sent == -Errno.EAGAIN) {
            return false;
        }
        if (sent < 0) {
            sendErrors++;
        } else {
            packetsSent++;
            bytesSent += sent;
        }
        return true;
    }

    /** A snapshot of the counters. */
    LinkSnapshot stats(boolean up, boolean running) {
        return new LinkSnapshot(
                link.interfaceName().orElse(""),
                up,
                running,
                bytesSent,
                packetsSent,
                sendErrors,
                bytesReceived,
                packetsReceived,
                receiver.receiveErrors());
    }

    @Override
    public void close() {
        receiver.close();
        sender.close();
    }

    private void onDatagram(ByteBuf payload, long sourceHigh, long sourceLow, int sourcePort, int scope) {
        packetsReceived++;
        bytesReceived += payload.readableBytes();
        handler.onDatagram(payload, now);
    }

    private static Endpoint endpoint(IpAddress address, int port, int interfaceIndex) {
        Endpoint endpoint = Endpoint.of(address.toInetAddress(), port);
        boolean linkLocal = endpoint.family() == IpFamily.IPV6 && endpoint.high() >>> 54 == 0xfe80 >>> 6;
        return linkLocal ? endpoint.withScope(interfaceIndex) : endpoint;
    }
}
