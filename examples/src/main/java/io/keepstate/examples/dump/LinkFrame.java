// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.examples.dump.capture.Frame;
import io.keepstate.examples.dump.capture.LinkType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What the link says of a frame.
 *
 * @param etherType what it carries
 * @param source hardware address of the sender; null where the link has none
 * @param destination hardware address it was sent to; null where the capture does not know it
 * @param vlans VLAN identifiers, the outermost first
 * @param payload what it carries, with the padding of the link
 */
record LinkFrame(
        int etherType, @Nullable String source, @Nullable String destination, List<Integer> vlans, ByteBuf payload) {

    static final int ARP = 0x0806;
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86dd;

    private static final int MAC = 6;
    private static final int ETHERNET_HEADER = 14;
    private static final int SLL_HEADER = 16;
    private static final int SLL2_HEADER = 20;
    private static final int LOOPBACK_HEADER = 4;
    /** Packet type of the cooked headers: to all hosts of the link. */
    private static final int TO_BROADCAST = 1;

    private static final int VLAN_ID = 0xfff;
    private static final int AF_INET = 2;

    /** Whether frames of this link type can be read. */
    static boolean knows(int linkType) {
        return switch (linkType) {
            case LinkType.ETHERNET,
                    LinkType.LINUX_SLL,
                    LinkType.LINUX_SLL2,
                    LinkType.RAW,
                    LinkType.RAW_BSD,
                    LinkType.RAW_OPENBSD,
                    LinkType.IPV4,
                    LinkType.IPV6,
                    LinkType.NULL,
                    LinkType.LOOP -> true;
            default -> false;
        };
    }

    /** Reads the header of the link; empty if the frame is shorter than that. */
    static Optional<LinkFrame> of(Frame frame) {
        ByteBuf octets = frame.octets();
        return switch (frame.linkType()) {
            case LinkType.ETHERNET -> ethernet(octets);
            case LinkType.LINUX_SLL -> cooked(octets, SLL_HEADER, 14, 1, 4, 6);
            case LinkType.LINUX_SLL2 -> cooked(octets, SLL2_HEADER, 0, 10, 11, 12);
            case LinkType.NULL, LinkType.LOOP -> loopback(octets, frame.linkType() == LinkType.LOOP);
            default -> raw(octets);
        };
    }

    private static Optional<LinkFrame> ethernet(ByteBuf octets) {
        if (octets.readableBytes() < ETHERNET_HEADER) {
            return Optional.empty();
        }
        int type = octets.getUnsignedShort(12);
        return tagged(type, mac(octets, MAC), mac(octets, 0), octets, ETHERNET_HEADER);
    }

    private static Optional<LinkFrame> cooked(
            ByteBuf octets, int header, int typeAt, int packetTypeAt, int lengthAt, int addressAt) {
        if (octets.readableBytes() < header) {
            return Optional.empty();
        }
        // SLL has two octets for what SLL2 has in one; their low octets are what counts.
        boolean broadcast = octets.getUnsignedByte(packetTypeAt) == TO_BROADCAST;
        int length = lengthAt == 4 ? octets.getUnsignedShort(lengthAt) : octets.getUnsignedByte(lengthAt);
        return tagged(
                octets.getUnsignedShort(typeAt),
                length == MAC ? mac(octets, addressAt) : null,
                broadcast ? "ff:ff:ff:ff:ff:ff" : null,
                octets,
                header);
    }

    private static Optional<LinkFrame> tagged(
            int firstType, @Nullable String source, @Nullable String destination, ByteBuf octets, int header) {
        List<Integer> vlans = new ArrayList<>();
        int type = firstType;
        int at = header;
        while (isVlan(type) && octets.readableBytes() >= at + 4) {
            vlans.add(octets.getUnsignedShort(at) & VLAN_ID);
            type = octets.getUnsignedShort(at + 2);
            at += 4;
        }
        return Optional.of(new LinkFrame(type, source, destination, vlans, rest(octets, at)));
    }

    private static Optional<LinkFrame> loopback(ByteBuf octets, boolean networkOrder) {
        if (octets.readableBytes() < LOOPBACK_HEADER) {
            return Optional.empty();
        }
        int family = networkOrder ? octets.getInt(0) : octets.getIntLE(0);
        boolean ipv4 = family == AF_INET || Integer.reverseBytes(family) == AF_INET;
        return Optional.of(new LinkFrame(ipv4 ? IPV4 : IPV6, null, null, List.of(), rest(octets, LOOPBACK_HEADER)));
    }

    private static Optional<LinkFrame> raw(ByteBuf octets) {
        if (octets.readableBytes() < 1) {
            return Optional.empty();
        }
        int version = octets.getUnsignedByte(0) >>> 4;
        return Optional.of(new LinkFrame(version == 6 ? IPV6 : IPV4, null, null, List.of(), octets));
    }

    /** 802.1Q, 802.1ad, and the number that was used before 802.1ad. */
    private static boolean isVlan(int type) {
        return type == 0x8100 || type == 0x88a8 || type == 0x9100;
    }

    private static ByteBuf rest(ByteBuf octets, int at) {
        return octets.slice(at, octets.readableBytes() - at);
    }

    static String mac(ByteBuf in, int at) {
        StringJoiner text = new StringJoiner(":");
        for (int i = 0; i < MAC; i++) {
            text.add(ByteBufUtil.hexDump(in, at + i, 1));
        }
        return text.toString();
    }
}
