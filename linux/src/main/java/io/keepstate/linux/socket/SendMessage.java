// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/**
 * The {@code struct msghdr} of datagrams sent to an address, laid out once per socket and reused, with room for the
 * address, for one IPV6_PKTINFO that says where an IPv6 packet comes from and for one IPV6_HOPLIMIT.
 */
final class SendMessage implements AutoCloseable {
    private static final int HEADER_BYTES = 56;
    private static final int NAME_LENGTH = 8;
    private static final int CONTROL_LENGTH = 40;
    private static final int IOVEC = HEADER_BYTES;
    private static final int NAME = IOVEC + 16;
    private static final int CONTROL = NAME + SocketAddresses.BYTES;
    /** CMSG_SPACE(sizeof(struct in6_pktinfo)) */
    private static final int PKTINFO_SPACE = 40;
    /** CMSG_SPACE(sizeof(int)) */
    private static final int HOPLIMIT_SPACE = 24;

    private static final int HOPLIMIT = CONTROL + PKTINFO_SPACE;

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_HOPLIMIT = 52;

    private final ByteBuf memory = NativeMemory.allocate(HOPLIMIT + HOPLIMIT_SPACE);
    private final long base = memory.memoryAddress();

    SendMessage() {
        memory.setLongLE(0, base + NAME);
        memory.setLongLE(16, base + IOVEC);
        memory.setLongLE(24, 1);
        memory.setLongLE(32, base + CONTROL);
        // CMSG_LEN(20)
        memory.setLongLE(CONTROL, 36);
        memory.setIntLE(CONTROL + 8, IPPROTO_IPV6);
        memory.setIntLE(CONTROL + 12, IPV6_PKTINFO);
        // CMSG_LEN(4)
        memory.setLongLE(HOPLIMIT, 20);
        memory.setIntLE(HOPLIMIT + 8, IPPROTO_IPV6);
        memory.setIntLE(HOPLIMIT + 12, IPV6_HOPLIMIT);
    }

    SendMessage to(Endpoint endpoint) {
        memory.setIntLE(NAME_LENGTH, SocketAddresses.put(memory, NAME, endpoint));
        memory.setLongLE(CONTROL_LENGTH, 0);
        return this;
    }

    /** To whatever an interface's link layer leads to ({@code sockaddr_ll}). */
    SendMessage toInterface(int interfaceIndex) {
        SocketAddresses.putPacket(memory, NAME, interfaceIndex, 0);
        memory.setIntLE(NAME_LENGTH, SocketAddresses.PACKET_BYTES);
        memory.setLongLE(CONTROL_LENGTH, 0);
        return this;
    }

    /** To another netlink socket, 0 being the kernel. */
    SendMessage toPortId(long portId) {
        SocketAddresses.putNetlink(memory, NAME, portId);
        memory.setIntLE(NAME_LENGTH, SocketAddresses.NETLINK_BYTES);
        memory.setLongLE(CONTROL_LENGTH, 0);
        return this;
    }

    /** IPv6: from this address, by the interface that is its scope. */
    SendMessage from(Endpoint source) {
        memory.setLong(CONTROL + 16, source.high());
        memory.setLong(CONTROL + 24, source.low());
        memory.setIntLE(CONTROL + 32, source.scope());
        memory.setLongLE(CONTROL_LENGTH, PKTINFO_SPACE);
        return this;
    }

    /** IPv6, after {@link #from}: with this hop limit, 0 to 255. */
    SendMessage hopLimit(int hops) {
        memory.setIntLE(HOPLIMIT + 16, hops);
        memory.setLongLE(CONTROL_LENGTH, PKTINFO_SPACE + HOPLIMIT_SPACE);
        return this;
    }

    /** Points to the payload and answers the header's address, good until the payload changes. */
    long address(ByteBuf payload) {
        memory.setLongLE(IOVEC, NativeMemory.readableAddress(payload));
        memory.setLongLE(IOVEC + 8, payload.readableBytes());
        return base;
    }

    @Override
    public void close() {
        memory.release();
    }
}
