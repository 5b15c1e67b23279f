// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/**
 * A raw IP socket for one protocol number, such as 112 (VRRP).
 *
 * <p>Over IPv4 a received packet includes its IP header, and after {@link #headerIncluded} so must a sent one (the
 * kernel fills in total length, header checksum and, if 0, the id). Over IPv6 neither does; hop limit and destination
 * arrive as ancillary data, which is always asked for.
 *
 * <p>Needs CAP_NET_RAW. Confined to one thread. Source: raw(7), ip(7), ipv6(7), RFC 3542.
 */
public final class RawSocket implements Pollable, AutoCloseable {
    private static final int IPPROTO_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IP_HDRINCL = 3;
    private static final int IP_FREEBIND = 15;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_CHECKSUM = 7;
    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_RECVHOPLIMIT = 51;
    private static final int IPV6_TCLASS = 67;
    private static final int IPV6_FREEBIND = 78;

    private static final int SLOTS = 16;
    private static final int SLOT_BYTES = 4608;

    private final IpFamily family;
    private final SocketHandle socket;
    private final MulticastOptions multicast;
    private final ReceiveSlab slab;
    private final RawPacketInfo info;
    private long truncated;
    private long receiveErrors;

    private RawSocket(IpFamily family, SocketHandle socket, int slots, int slotBytes) {
        this.family = family;
        this.socket = socket;
        this.multicast = new MulticastOptions(family, socket);
        this.slab = new ReceiveSlab(slots, slotBytes, family == IpFamily.IPV6 ? RawPacketInfo.CONTROL_BYTES : 0);
        this.info = new RawPacketInfo(slab);
    }

    /**
     * Opens a socket in the calling thread's network namespace, with 16 slots of 4608 octets: room for any VRRP advert.
     *
     * @param protocol IP protocol number, 1 to 255
     * @throws io.keepstate.linux.libc.LinuxException EPERM without CAP_NET_RAW
     */
    public static RawSocket open(IpFamily family, int protocol) {
        return open(family, protocol, SLOTS, SLOT_BYTES);
    }

    /**
     * As {@link #open(IpFamily, int)}, with less memory for packets where many sockets are open.
     *
     * @param slots packets read by one system call, 1 to 1024
     * @param slotBytes the longest packet; longer ones are dropped and counted
     */
    public static RawSocket open(IpFamily family, int protocol, int slots, int slotBytes) {
        SocketHandle socket = openHandle(family, protocol);
        try {
            if (family == IpFamily.IPV6) {
                socket.set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
                socket.set(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1, "IPV6_RECVHOPLIMIT");
            }
            return new RawSocket(family, socket, slots, slotBytes);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Opens a socket that only sends: a filter keeps its receive queue empty, whatever arrives for the protocol. */
    public static RawSocket openSender(IpFamily family, int protocol) {
        SocketHandle socket = openHandle(family, protocol);
        try {
            socket.attachFilter(SocketFilter.dropAll());
            socket.receiveBuffer(0);
            return new RawSocket(family, socket, 1, 1);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static SocketHandle openHandle(IpFamily family, int protocol) {
        String what = "raw " + family + " protocol " + protocol + " (needs CAP_NET_RAW)";
        return SocketHandle.open(family.number(), SocketHandle.SOCK_RAW, protocol, what);
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** Binds to a local or multicast address: only packets to it are heard. The port is ignored. */
    public void bind(Endpoint local) {
        socket.bind(local.withPort(0));
    }

    /** Allows {@link #bind} to an address this machine does not have (yet). */
    public void freeBind() {
        if (family == IpFamily.IPV4) {
            socket.set(IPPROTO_IP, IP_FREEBIND, 1, "IP_FREEBIND");
        } else {
            socket.set(IPPROTO_IPV6, IPV6_FREEBIND, 1, "IPV6_FREEBIND");
        }
    }

    /** Binds to an interface, which must exist: nothing of other interfaces is heard, nothing leaves by them. */
    public void bindToDevice(String interfaceName) {
        socket.bindToDevice(interfaceName);
    }

    /** Sends to neighbours only, never by a router. */
    public void dontRoute() {
        socket.dontRoute();
    }

    /** IPv4: what is sent starts with its IP header. */
    public void headerIncluded() {
        socket.set(IPPROTO_IP, IP_HDRINCL, 1, "IP_HDRINCL");
    }

    /** IPv6: the kernel writes and checks the checksum at this offset of the payload (6 for VRRP), or with -1 does not. */
    public void checksumOffset(int offset) {
        socket.set(IPPROTO_IPV6, IPV6_CHECKSUM, offset, "IPV6_CHECKSUM");
    }

    /** TOS or traffic class of what is sent, 0 to 255; 0xC0 is internetwork control (CS6). */
    public void trafficClass(int value) {
        if (family == IpFamily.IPV4) {
            socket.set(IPPROTO_IP, IP_TOS, value, "IP_TOS");
        } else {
            socket.set(IPPROTO_IPV6, IPV6_TCLASS, value, "IPV6_TCLASS");
        }
    }

    /** IPv6: hop limit of unicast sent, 0 to 255. */
    public void unicastHops(int hops) {
        socket.set(IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops, "IPV6_UNICAST_HOPS");
    }

    /** Membership, interface, hops and loop of multicast. */
    public MulticastOptions multicast() {
        return multicast;
    }

    public void attachFilter(SocketFilter filter) {
        socket.attachFilter(filter);
    }

    /** Asks for a receive buffer; answers what the kernel made of it (twice the request, unless capped). */
    public int receiveBuffer(int bytes) {
        return socket.receiveBuffer(bytes);
    }

    /**
     * Sends one packet.
     *
     * @return its length, or a negative error number ({@code -ENETDOWN}, {@code -EPERM}, {@code -ENOBUFS}...)
     */
    public int send(ByteBuf packet, Endpoint to) {
        return socket.send(packet, to.port() == 0 ? to : to.withPort(0));
    }

    /**
     * IPv6: sends one packet from a given address by a given interface (IPV6_PKTINFO).
     *
     * @param from source address; its scope is the interface it leaves by, 0 lets the kernel route
     */
    public int send(ByteBuf packet, Endpoint to, Endpoint from) {
        if (family != IpFamily.IPV6) {
            throw new IllegalStateException("over IPv4 the source address stands in the included header");
        }
        return socket.send(packet, to.port() == 0 ? to : to.withPort(0), from);
    }

    /** As {@link #send(ByteBuf, Endpoint, Endpoint)} with a hop limit for this packet alone, 0 to 255 (IPV6_HOPLIMIT). */
    public int send(ByteBuf packet, Endpoint to, Endpoint from, int hopLimit) {
        if (family != IpFamily.IPV6) {
            throw new IllegalStateException("over IPv4 the TTL stands in the included header");
        }
        return socket.send(packet, to.port() == 0 ? to : to.withPort(0), from, hopLimit);
    }

    /** Memory for packets that this socket sends together; to be closed with it. */
    public SendBatch batch(int capacity) {
        return new SendBatch(socket, capacity);
    }

    /**
     * Hands over what is queued, up to a budget.
     *
     * @return how many packets were taken from the queue
     */
    public int receive(RawHandler handler, int budget) {
        slab.begin(budget);
        while (slab.next(socket)) {
            if (slab.isTruncated()) {
                truncated++;
            } else {
                handler.onPacket(slab.payload(), info.read());
            }
        }
        receiveErrors += slab.errno() == 0 ? 0 : 1;
        return slab.taken();
    }

    /** Packets longer than a slot, dropped; a full IPv6 VRRP advert has 4088 octets. */
    public long truncated() {
        return truncated;
    }

    /** Errors the network left on the socket, such as ENETDOWN. */
    public long receiveErrors() {
        return receiveErrors;
    }

    @Override
    public void close() {
        socket.close();
        slab.close();
    }
}
