// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/**
 * Layouts of the kernel's socket addresses ({@code include/uapi/linux/in.h}, {@code in6.h}, {@code netlink.h},
 * {@code if_packet.h}).
 */
final class SocketAddresses {
    /** Room for any of them. */
    static final int BYTES = 32;

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_NETLINK = 16;
    static final int AF_PACKET = 17;

    static final int NETLINK_BYTES = 12;
    static final int PACKET_BYTES = 20;
    private static final int INET_BYTES = 16;
    private static final int INET6_BYTES = 28;

    private SocketAddresses() {}

    /** Writes a {@code sockaddr_in} or {@code sockaddr_in6} and returns its length. */
    static int put(ByteBuf out, int at, Endpoint endpoint) {
        if (endpoint.family() == IpFamily.IPV4) {
            out.setShortLE(at, AF_INET);
            out.setShort(at + 2, endpoint.port());
            out.setInt(at + 4, (int) endpoint.low());
            out.setLong(at + 8, 0);
            return INET_BYTES;
        }
        out.setShortLE(at, AF_INET6);
        out.setShort(at + 2, endpoint.port());
        out.setInt(at + 4, 0);
        out.setLong(at + 8, endpoint.high());
        out.setLong(at + 16, endpoint.low());
        out.setIntLE(at + 24, endpoint.scope());
        return INET6_BYTES;
    }

    /** Writes a {@code sockaddr_nl} without groups. */
    static void putNetlink(ByteBuf out, int at, long portId) {
        out.setZero(at, NETLINK_BYTES);
        out.setShortLE(at, AF_NETLINK);
        out.setIntLE(at + 4, (int) portId);
    }

    /** Writes a {@code sockaddr_ll}. */
    static void putPacket(ByteBuf out, int at, int interfaceIndex, int etherType) {
        out.setZero(at, PACKET_BYTES);
        out.setShortLE(at, AF_PACKET);
        out.setShort(at + 2, etherType);
        out.setIntLE(at + 4, interfaceIndex);
    }

    static boolean isInet6(ByteBuf in, int at) {
        return in.getShortLE(at) == AF_INET6;
    }

    static int port(ByteBuf in, int at) {
        return in.getUnsignedShort(at + 2);
    }

    static long high(ByteBuf in, int at) {
        return isInet6(in, at) ? in.getLong(at + 8) : 0;
    }

    static long low(ByteBuf in, int at) {
        return isInet6(in, at) ? in.getLong(at + 16) : in.getUnsignedInt(at + 4);
    }

    static int scope(ByteBuf in, int at) {
        return isInet6(in, at) ? in.getIntLE(at + 24) : 0;
    }

    static Endpoint get(ByteBuf in, int at) {
        IpFamily family = isInet6(in, at) ? IpFamily.IPV6 : IpFamily.IPV4;
        return new Endpoint(family, high(in, at), low(in, at), port(in, at), scope(in, at));
    }
}
