// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;

/** The one's complement sum of IP, ICMPv6 and VRRP (RFC 1071). Sums are carried as a long and folded at the end. */
public final class InternetChecksum {

    private static final long LOW_32 = 0xffff_ffffL;

    private InternetChecksum() {}

    /** The sum of 16-bit words of a region; an odd last octet counts as the high half of a word. */
    public static long sum(ByteBuf in, int index, int length) {
        long sum = 0;
        int end = index + (length & ~1);
        for (int i = index; i < end; i += 2) {
            sum += in.getUnsignedShort(i);
        }
        return (length & 1) == 0 ? sum : sum + ((long) in.getUnsignedByte(end) << 8);
    }

    /** The sum of a pseudo header; the forms of IPv4 (RFC 768) and IPv6 (RFC 8200 section 8.1) have the same one. */
    public static long pseudoHeader(IpAddress source, IpAddress destination, int protocol, int length) {
        return words(source.high(), source.low()) + words(destination.high(), destination.low()) + protocol + length;
    }

    /** The checksum to put into a field that was zero, or 0 if the field was filled and is right. */
    public static int finish(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) ~folded & 0xffff;
    }

    /** The sum of the octets of an address. */
    static long words(long high, long low) {
        // Folding later makes the position of a 16-bit half irrelevant, so 32-bit halves may be added as they are.
        return (high >>> 32) + (high & LOW_32) + (low >>> 32) + (low & LOW_32);
    }
}
