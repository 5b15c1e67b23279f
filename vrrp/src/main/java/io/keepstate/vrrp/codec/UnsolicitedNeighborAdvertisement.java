// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * An unsolicited neighbour advertisement to all nodes of the link (RFC 4861 section 4.4; RFC 9568 section 8.2.2), from
 * the virtual address itself, with the target link-layer address option.
 *
 * @param sender the hardware address that now has the address
 * @param address the virtual IPv6 address
 * @param router the R flag: RFC 9568 wants it set; keepalived sets it when the interface forwards
 * @param solicited the S flag: 0 in what nobody asked for (RFC 9568 section 8.2.2)
 * @param override the O flag: neighbours replace what they have cached
 */
public record UnsolicitedNeighborAdvertisement(
        MacAddress sender, IpAddress address, boolean router, boolean solicited, boolean override) {

    /** Length of the Ethernet frame in octets. */
    public static final int FRAME_LENGTH = 86;

    /** 33:33 and the last four octets of ff02::1 (RFC 2464 section 7). */
    private static final MacAddress ALL_NODES_MAC = MacAddress.parse("33:33:00:00:00:01");

    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int IP_VERSION_6 = 0x60000000;
    private static final int ICMPV6 = 58;
    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int FLAG_ROUTER = 0x80000000;
    private static final int FLAG_SOLICITED = 0x40000000;
    private static final int FLAG_OVERRIDE = 0x20000000;
    /** Option 2, target link-layer address, length 1 in units of eight octets. */
    private static final int OPTION_TARGET_LINK_LAYER = 0x0201;

    private static final int PAYLOAD_LENGTH = 32;
    private static final int ETHERTYPE = 12;
    private static final int IP_HEADER = 14;
    private static final int PAYLOAD_LENGTH_AT = 18;
    private static final int NEXT_HEADER = 20;
    private static final int HOP_LIMIT_AT = 21;
    private static final int SOURCE = 22;
    private static final int DESTINATION = 38;
    private static final int ICMP = 54;
    private static final int CHECKSUM = 56;
    private static final int FLAGS = 58;
    private static final int TARGET = 62;
    private static final int OPTION = 78;
    private static final int OPTION_MAC = 80;

    /** Refuses IPv4 addresses. */
    public UnsolicitedNeighborAdvertisement {
        if (address.family() != AddressFamily.IPV6) {
            throw new IllegalArgumentException("neighbour discovery is for IPv6, not for " + address);
        }
    }

    /** One without the S flag. */
    public UnsolicitedNeighborAdvertisement(MacAddress sender, IpAddress address, boolean router, boolean override) {
        this(sender, address, router, false, override);
    }

    /** Appends the Ethernet frame, ICMPv6 checksum included. */
    public void encode(ByteBuf out) {
        int start = out.writerIndex();
        ALL_NODES_MAC.write(out);
        sender.write(out);
        out.writeShort(ETHERTYPE_IPV6);
        out.writeInt(IP_VERSION_6).writeShort(PAYLOAD_LENGTH).writeByte(ICMPV6).writeByte(Envelope.HOP_LIMIT);
        address.write(out);
        ALL_NODES.write(out);
        out.writeByte(NEIGHBOR_ADVERTISEMENT).writeByte(0).writeShort(0);
        out.writeInt((router ? FLAG_ROUTER : 0) | (solicited ? FLAG_SOLICITED : 0) | (override ? FLAG_OVERRIDE : 0));
        address.write(out);
        out.writeShort(OPTION_TARGET_LINK_LAYER);
        sender.write(out);
        long sum = InternetChecksum.sum(out, start + ICMP, PAYLOAD_LENGTH)
                + InternetChecksum.pseudoHeader(address, ALL_NODES, ICMPV6, PAYLOAD_LENGTH);
        out.setShort(start + CHECKSUM, InternetChecksum.finish(sum));
    }

    /** Reads an Ethernet frame from the reader index; empty if it is anything else, or its checksum is wrong. */
    public static Optional<UnsolicitedNeighborAdvertisement> decode(ByteBuf frame) {
        int start = frame.readerIndex();
        if (frame.readableBytes() < FRAME_LENGTH
                || frame.getUnsignedShort(start + ETHERTYPE) != ETHERTYPE_IPV6
                || frame.getUnsignedByte(start + IP_HEADER) >>> 4 != 6
                || frame.getUnsignedShort(start + PAYLOAD_LENGTH_AT) != PAYLOAD_LENGTH
                || frame.getUnsignedByte(start + NEXT_HEADER) != ICMPV6
                || frame.getUnsignedByte(start + HOP_LIMIT_AT) != Envelope.HOP_LIMIT
                || frame.getUnsignedByte(start + ICMP) != NEIGHBOR_ADVERTISEMENT
                || frame.getUnsignedByte(start + ICMP + 1) != 0
                || frame.getUnsignedShort(start + OPTION) != OPTION_TARGET_LINK_LAYER) {
            return Optional.empty();
        }
        IpAddress source = IpAddress.get(AddressFamily.IPV6, frame, start + SOURCE);
        IpAddress destination = IpAddress.get(AddressFamily.IPV6, frame, start + DESTINATION);
        IpAddress target = IpAddress.get(AddressFamily.IPV6, frame, start + TARGET);
        long sum = InternetChecksum.sum(frame, start + ICMP, PAYLOAD_LENGTH)
                + InternetChecksum.pseudoHeader(source, destination, ICMPV6, PAYLOAD_LENGTH);
        int flags = frame.getInt(start + FLAGS);
        if (InternetChecksum.finish(sum) != 0 || !target.equals(source)) {
            return Optional.empty();
        }
        return Optional.of(new UnsolicitedNeighborAdvertisement(
                MacAddress.get(frame, start + OPTION_MAC),
                target,
                (flags & FLAG_ROUTER) != 0,
                (flags & FLAG_SOLICITED) != 0,
                (flags & FLAG_OVERRIDE) != 0));
    }
}
