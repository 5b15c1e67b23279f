// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.netty.buffer.ByteBuf;

/**
 * Reads source and ancillary data of a packet: IPv4 from the packet's own header, IPv6 from control messages
 * ({@code struct cmsghdr}: length 8, level 4, type 4 octets, then data, aligned to 8).
 */
final class RawPacketInfo implements PacketInfo {
    /** Room for IPV6_PKTINFO (16 + 20, aligned 40) and IPV6_HOPLIMIT (16 + 4, aligned 24). */
    static final int CONTROL_BYTES = 64;

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_HOPLIMIT = 52;
    private static final int CMSG_HEADER = 16;
    private static final int PKTINFO_BYTES = 20;

    private static final int IPV4_HEADER = 20;
    private static final int IPV4_TTL = 8;
    private static final int IPV4_DESTINATION = 16;

    private final ReceiveSlab slab;
    private long destinationHigh;
    private long destinationLow;
    private int interfaceIndex;
    private int hopLimit;

    RawPacketInfo(ReceiveSlab slab) {
        this.slab = slab;
    }

    /** Reads the slab's current packet. */
    RawPacketInfo read() {
        destinationHigh = 0;
        destinationLow = 0;
        interfaceIndex = 0;
        hopLimit = UNKNOWN;
        if (SocketAddresses.isInet6(slab.memory(), slab.name())) {
            readControl();
        } else {
            readHeader(slab.payload());
        }
        return this;
    }

    private void readHeader(ByteBuf packet) {
        if (packet.readableBytes() >= IPV4_HEADER) {
            hopLimit = packet.getUnsignedByte(IPV4_TTL);
            destinationLow = packet.getUnsignedInt(IPV4_DESTINATION);
        }
    }

    private void readControl() {
        ByteBuf memory = slab.memory();
        int at = slab.control();
        int end = at + slab.controlLength();
        while (at + CMSG_HEADER <= end) {
            int length = (int) memory.getLongLE(at);
            if (length < CMSG_HEADER || at + length > end) {
                return;
            }
            if (memory.getIntLE(at + 8) == IPPROTO_IPV6) {
                readMessage(memory, memory.getIntLE(at + 12), at + CMSG_HEADER, length - CMSG_HEADER);
            }
            at += (length + 7) & ~7;
        }
    }

    private void readMessage(ByteBuf memory, int type, int at, int length) {
        if (type == IPV6_PKTINFO && length >= PKTINFO_BYTES) {
            destinationHigh = memory.getLong(at);
            destinationLow = memory.getLong(at + 8);
            interfaceIndex = memory.getIntLE(at + 16);
        } else if (type == IPV6_HOPLIMIT && length >= Integer.BYTES) {
            hopLimit = memory.getIntLE(at);
        }
    }

    @Override
    public long sourceHigh() {
        return SocketAddresses.high(slab.memory(), slab.name());
    }

    @Override
    public long sourceLow() {
        return SocketAddresses.low(slab.memory(), slab.name());
    }

    @Override
    public long destinationHigh() {
        return destinationHigh;
    }

    @Override
    public long destinationLow() {
        return destinationLow;
    }

    @Override
    public int interfaceIndex() {
        return interfaceIndex;
    }

    @Override
    public int hopLimit() {
        return hopLimit;
    }
}
