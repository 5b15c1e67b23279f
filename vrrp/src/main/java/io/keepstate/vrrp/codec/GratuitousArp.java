// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * A gratuitous ARP: sender and target are the same IPv4 address, sent to all of the link (RFC 5227 section 3, RFC 9568
 * section 8.1.2 with erratum 7949: the virtual address stands in both protocol address fields).
 *
 * @param operation request, which is what keepalived and RFC 9568 send, or reply, which some equipment insists on
 * @param sender the hardware address that now has the protocol address
 * @param address the virtual IPv4 address
 */
public record GratuitousArp(Operation operation, MacAddress sender, IpAddress address) {

    /** Length of the Ethernet frame in octets; the driver pads. */
    public static final int FRAME_LENGTH = 42;

    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int HARDWARE_ETHERNET = 1;
    private static final int PROTOCOL_IPV4 = 0x0800;
    private static final int LENGTHS = MacAddress.LENGTH << 8 | 4;
    /** Offsets in the frame. */
    private static final int ETHERTYPE = 12;

    private static final int HARDWARE = 14;
    private static final int PROTOCOL = 16;
    private static final int LENGTHS_AT = 18;
    private static final int OPERATION = 20;
    private static final int SENDER_HARDWARE = 22;
    private static final int SENDER_PROTOCOL = 28;
    private static final int TARGET_PROTOCOL = 38;

    /** The two forms of announcement. */
    public enum Operation {
        /** ARP request, operation 1. */
        REQUEST(1),
        /** ARP reply, operation 2. */
        REPLY(2);

        private final int number;

        Operation(int number) {
            this.number = number;
        }
    }

    /** Refuses IPv6 addresses. */
    public GratuitousArp {
        if (address.family() != AddressFamily.IPV4) {
            throw new IllegalArgumentException("ARP is for IPv4, not for " + address);
        }
    }

    /** Appends the Ethernet frame. */
    public void encode(ByteBuf out) {
        MacAddress.BROADCAST.write(out);
        sender.write(out);
        out.writeShort(ETHERTYPE_ARP);
        out.writeShort(HARDWARE_ETHERNET).writeShort(PROTOCOL_IPV4).writeShort(LENGTHS);
        out.writeShort(operation.number);
        sender.write(out);
        address.write(out);
        MacAddress.BROADCAST.write(out);
        address.write(out);
    }

    /** Reads an Ethernet frame from the reader index; empty if it is anything else. */
    public static Optional<GratuitousArp> decode(ByteBuf frame) {
        int start = frame.readerIndex();
        if (frame.readableBytes() < FRAME_LENGTH
                || frame.getUnsignedShort(start + ETHERTYPE) != ETHERTYPE_ARP
                || frame.getUnsignedShort(start + HARDWARE) != HARDWARE_ETHERNET
                || frame.getUnsignedShort(start + PROTOCOL) != PROTOCOL_IPV4
                || frame.getUnsignedShort(start + LENGTHS_AT) != LENGTHS
                || frame.getInt(start + SENDER_PROTOCOL) != frame.getInt(start + TARGET_PROTOCOL)) {
            return Optional.empty();
        }
        int number = frame.getUnsignedShort(start + OPERATION);
        for (Operation operation : Operation.values()) {
            if (operation.number == number) {
                return Optional.of(new GratuitousArp(
                        operation,
                        MacAddress.get(frame, start + SENDER_HARDWARE),
                        IpAddress.ipv4(frame.getInt(start + SENDER_PROTOCOL))));
            }
        }
        return Optional.empty();
    }
}
