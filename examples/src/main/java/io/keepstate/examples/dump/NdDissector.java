// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.InternetChecksum;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;

/** Unsolicited neighbour advertisements (RFC 4861 sections 4.4 and 7.1.2, RFC 9568 section 8.2.2). */
final class NdDissector {
    private static final int NEIGHBOR_ADVERTISEMENT = 136;
    private static final int LENGTH = 24;
    private static final int OPTION_UNIT = 8;
    private static final int OPTION_TARGET_LINK_LAYER = 2;
    private static final int ROUTER = 0x80;
    private static final int SOLICITED = 0x40;
    private static final int OVERRIDE = 0x20;

    private NdDissector() {}

    /** Whether this ICMPv6 packet is one to describe: an advertisement that answers nobody, or to a group as if it did. */
    static boolean matches(IpPacket packet) {
        ByteBuf icmp = packet.payload();
        if (packet.fragmentOffset() != 0
                || icmp.readableBytes() < 1
                || icmp.getUnsignedByte(0) != NEIGHBOR_ADVERTISEMENT) {
            return false;
        }
        boolean solicited = icmp.readableBytes() > 4 && (icmp.getUnsignedByte(4) & SOLICITED) != 0;
        return !solicited || packet.destination().isMulticast();
    }

    static void describe(DumpLine line, IpPacket packet) {
        packet.describe(line);
        ByteBuf icmp = packet.payload();
        int length = icmp.readableBytes();
        line.put("length", length).put("type", icmp.getUnsignedByte(0));
        if (length > 1) {
            line.put("code", icmp.getUnsignedByte(1));
        }
        if (length > 4) {
            int flags = icmp.getUnsignedByte(4);
            line.put("router", (flags & ROUTER) != 0);
            line.put("solicited", (flags & SOLICITED) != 0);
            line.put("override", (flags & OVERRIDE) != 0);
        }
        if (length < LENGTH) {
            line.malformed("truncated", length + " octets: a neighbour advertisement has at least " + LENGTH);
            return;
        }
        IpAddress target = IpAddress.get(AddressFamily.IPV6, icmp, 8);
        line.put("target", target.toString());
        long sum = InternetChecksum.sum(icmp, 0, length)
                + InternetChecksum.pseudoHeader(packet.source(), packet.destination(), IpPacket.ICMPV6, length);
        boolean right = InternetChecksum.finish(sum) == 0;
        line.put("checksum", icmp.getUnsignedShort(2)).put("checksum_ok", right);
        boolean options = options(line, icmp);
        judge(line, packet, target, right, options);
    }

    /** Reads the options; false if one of them has length zero or goes beyond the end. */
    private static boolean options(DumpLine line, ByteBuf icmp) {
        int at = LENGTH;
        while (at + 2 <= icmp.readableBytes()) {
            int length = icmp.getUnsignedByte(at + 1) * OPTION_UNIT;
            if (length == 0 || at + length > icmp.readableBytes()) {
                return false;
            }
            if (icmp.getUnsignedByte(at) == OPTION_TARGET_LINK_LAYER) {
                line.put("target_mac", LinkFrame.mac(icmp, at + 2));
            }
            at += length;
        }
        return at == icmp.readableBytes();
    }

    /** The checks of RFC 4861 section 7.1.2. */
    private static void judge(DumpLine line, IpPacket packet, IpAddress target, boolean checksum, boolean options) {
        ByteBuf icmp = packet.payload();
        if (packet.isFragment()) {
            line.malformed("fragment", "neighbour discovery must not be fragmented (RFC 6980)");
        }
        if (packet.hopLimit() != Envelope.HOP_LIMIT) {
            line.malformed("bad_ttl", "the hop limit is " + packet.hopLimit() + ", it must be 255");
        }
        if (!checksum) {
            line.malformed("bad_checksum", "the checksum is wrong");
        }
        if (icmp.getUnsignedByte(1) != 0) {
            line.malformed("bad_code", "code " + icmp.getUnsignedByte(1) + ": it must be 0");
        }
        if (target.isMulticast()) {
            line.malformed("bad_target", "the target is a multicast address");
        }
        if ((icmp.getUnsignedByte(4) & SOLICITED) != 0) {
            line.malformed("solicited_to_group", "the S flag is set in an advertisement to a group");
        }
        if (!options) {
            line.malformed("bad_option", "an option has length zero, or goes beyond the end");
        }
    }
}
