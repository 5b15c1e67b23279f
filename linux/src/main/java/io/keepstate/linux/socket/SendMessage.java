// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/**
 * The {@code struct msghdr} of datagrams sent to an address, laid out once and reused, with room for the address, for one
 * IPV6_PKTINFO that says where an IPv6 packet comes from and for one IPV6_HOPLIMIT. It lives in memory of its owner.
 */
final class SendMessage {
    /** Octets of {@code struct mmsghdr}, which begins with a {@code struct msghdr}. */
    static final int HEADER_BYTES = 64;

    private static final int NAME_LENGTH = 8;
    private static final int CONTROL_LENGTH = 40;
    private static final int IOVEC = 0;
    private static final int NAME = IOVEC + 16;
    private static final int CONTROL = NAME + SocketAddresses.BYTES;
    /** CMSG_SPACE(sizeof(struct in6_pktinfo)) */
    private static final int PKTINFO_SPACE = 40;
    /** CMSG_SPACE(sizeof(int)) */
    private static final int HOPLIMIT_SPACE = 24;

    private static final int HOPLIMIT = CONTROL + PKTINFO_SPACE;

    /** Octets of what a header points to: payload vector, address, ancillary data. */
    static final int BODY_BYTES = HOPLIMIT + HOPLIMIT_SPACE;

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_HOPLIMIT = 52;

    private final ByteBuf memory;
    private final int header;
    private final int body;

    /** Lays a message out: its header at one offset, {@link #BODY_BYTES} of what it points to at another. */
    SendMessage(ByteBuf memory, int header, int body) {
        this.memory = memory;
        this.header = header;
        this.body = body;
        long base = memory.memoryAddress() + body;
        memory.setLongLE(header, base + NAME);
        memory.setLongLE(header + 16, base + IOVEC);
        memory.setLongLE(header + 24, 1);
        memory.setLongLE(header + 32, base + CONTROL);
        // CMSG_LEN(20)
        memory.setLongLE(body + CONTROL, 36);
        memory.setIntLE(body + CONTROL + 8, IPPROTO_IPV6);
        memory.setIntLE(body + CONTROL + 12, IPV6_PKTINFO);
        // CMSG_LEN(4)
        memory.setLongLE(body + HOPLIMIT, 20);
        memory.setIntLE(body + HOPLIMIT + 8, IPPROTO_IPV6);
        memory.setIntLE(body + HOPLIMIT + 12, IPV6_HOPLIMIT);
    }

    SendMessage to(Endpoint endpoint) {
        memory.setIntLE(header + NAME_LENGTH, SocketAddresses.put(memory, body + NAME, endpoint));
        memory.setLongLE(header + CONTROL_LENGTH, 0);
        return this;
    }

    /** To whatever an interface's link layer leads to ({@code sockaddr_ll}). */
    SendMessage toInterface(int interfaceIndex) {
        SocketAddresses.putPacket(memory, body + NAME, interfaceIndex, 0);
        memory.setIntLE(header + NAME_LENGTH, SocketAddresses.PACKET_BYTES);
        memory.setLongLE(header + CONTROL_LENGTH, 0);
        return this;
    }

    /** To another netlink socket, 0 being the kernel. */
    SendMessage toPortId(long portId) {
        SocketAddresses.putNetlink(memory, body + NAME, portId);
        memory.setIntLE(header + NAME_LENGTH, SocketAddresses.NETLINK_BYTES);
        memory.setLongLE(header + CONTROL_LENGTH, 0);
        return this;
    }

    /** IPv6: from this address, by the interface that is its scope. */
    SendMessage from(Endpoint source) {
        memory.setLong(body + CONTROL + 16, source.high());
        memory.setLong(body + CONTROL + 24, source.low());
        memory.setIntLE(body + CONTROL + 32, source.scope());
        memory.setLongLE(header + CONTROL_LENGTH, PKTINFO_SPACE);
        return this;
    }

    /** IPv6, after {@link #from}: with this hop limit, 0 to 255. */
    SendMessage hopLimit(int hops) {
        memory.setIntLE(body + HOPLIMIT + 16, hops);
        memory.setLongLE(header + CONTROL_LENGTH, PKTINFO_SPACE + HOPLIMIT_SPACE);
        return this;
    }

    /** Points to the payload and answers the header's address, good until the payload changes. */
    long address(ByteBuf payload) {
        memory.setLongLE(body + IOVEC, NativeMemory.readableAddress(payload));
        memory.setLongLE(body + IOVEC + 8, payload.readableBytes());
        return memory.memoryAddress() + header;
    }
}
