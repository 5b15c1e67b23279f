// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/**
 * A UDP socket over IPv4 or IPv6, unicast and multicast.
 *
 * <p>Order of use: options, {@link #bind}, then {@link #send} and {@link #receive}. Confined to one thread. Source:
 * udp(7), ip(7), ipv6(7).
 */
public final class UdpSocket implements Pollable, AutoCloseable {
    private static final int IPPROTO_UDP = 17;
    private static final int UDP_NO_CHECK6_RX = 102;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    private static final int SLOTS = 16;
    private static final int SLOT_BYTES = 64 * 1024;

    private final IpFamily family;
    private final SocketHandle socket;
    private final MulticastOptions multicast;
    private final ReceiveSlab slab;
    private long truncated;
    private long receiveErrors;

    private UdpSocket(IpFamily family, SocketHandle socket, ReceiveSlab slab) {
        this.family = family;
        this.socket = socket;
        this.multicast = new MulticastOptions(family, socket);
        this.slab = slab;
    }

    /** Opens with 16 slots of 64 KiB, which hold any datagram. */
    public static UdpSocket open(IpFamily family) {
        return open(family, SLOTS, SLOT_BYTES);
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @param slots datagrams read by one system call, 1 to 1024
     * @param slotBytes the longest datagram; longer ones are dropped and counted
     */
    public static UdpSocket open(IpFamily family, int slots, int slotBytes) {
        SocketHandle socket =
                SocketHandle.open(family.number(), SocketHandle.SOCK_DGRAM, IPPROTO_UDP, "UDP over " + family);
        try {
            if (family == IpFamily.IPV6) {
                socket.set(IPPROTO_IPV6, IPV6_V6ONLY, 1, "IPV6_V6ONLY");
            }
            return new UdpSocket(family, socket, new ReceiveSlab(slots, slotBytes, 0));
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** Binds to a local address; port 0 lets the kernel choose. */
    public void bind(Endpoint local) {
        socket.bind(local);
    }

    /** The local address, with the port the kernel chose. */
    public Endpoint localEndpoint() {
        return socket.localEndpoint();
    }

    /** Sets the one peer: others are no longer heard, and its refusals (ECONNREFUSED) show up in send and receive. */
    public void connect(Endpoint peer) {
        socket.connect(peer);
    }

    /** Lets a restarted program bind again at once, and several sockets share a multicast port. */
    public void reuseAddress() {
        socket.reuseAddress();
    }

    /** Binds to an interface, which must exist: nothing of other interfaces is heard, nothing leaves by them. */
    public void bindToDevice(String interfaceName) {
        socket.bindToDevice(interfaceName);
    }

    /**
     * Over IPv4, sends without UDP checksum. Over IPv6 it accepts datagrams without one (RFC 6935) but sends its own with
     * one: receivers drop others unless told not to, and a peer's SO_NO_CHECK, which has no effect there, does not.
     */
    public void noChecksum() {
        if (family == IpFamily.IPV4) {
            socket.noChecksum();
        } else {
            socket.set(IPPROTO_UDP, UDP_NO_CHECK6_RX, 1, "UDP_NO_CHECK6_RX");
        }
    }

    /**
     * Asks for a receive buffer, beyond net.core.rmem_max if privileged, else up to it.
     *
     * @return what the kernel made of it: twice the request, unless it was capped
     */
    public int receiveBuffer(int bytes) {
        return socket.receiveBuffer(bytes);
    }

    /** As {@link #receiveBuffer}, for sending. */
    public int sendBuffer(int bytes) {
        return socket.sendBuffer(bytes);
    }

    /** Membership, interface, hops and loop of multicast. */
    public MulticastOptions multicast() {
        return multicast;
    }

    /**
     * Sends one datagram.
     *
     * @return its length, or a negative error number: {@code -EAGAIN} (send buffer full), {@code -EPERM} (a firewall
     *     rule dropped it), {@code -ENETUNREACH}, {@code -ECONNREFUSED}...
     */
    public int send(ByteBuf payload, Endpoint to) {
        return socket.send(payload, to);
    }

    /** Sends to the peer given to {@link #connect}. */
    public int send(ByteBuf payload) {
        return socket.send(payload);
    }

    /**
     * Hands over what is queued, up to a budget.
     *
     * @param budget most datagrams to take; what is left keeps the descriptor readable
     * @return how many datagrams were taken from the queue
     */
    public int receive(UdpHandler handler, int budget) {
        slab.begin(budget);
        while (slab.next(socket)) {
            if (slab.isTruncated()) {
                truncated++;
            } else {
                handOver(handler);
            }
        }
        receiveErrors += slab.errno() == 0 ? 0 : 1;
        return slab.taken();
    }

    private void handOver(UdpHandler handler) {
        ByteBuf memory = slab.memory();
        int name = slab.name();
        handler.onDatagram(
                slab.payload(),
                SocketAddresses.high(memory, name),
                SocketAddresses.low(memory, name),
                SocketAddresses.port(memory, name),
                SocketAddresses.scope(memory, name));
    }

    /** Datagrams longer than a slot, dropped. */
    public long truncated() {
        return truncated;
    }

    /** Errors the network left on the socket, such as a refusal by the connected peer. */
    public long receiveErrors() {
        return receiveErrors;
    }

    @Override
    public void close() {
        socket.close();
        slab.close();
    }
}
