// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * An IPv4 or IPv6 address as a value. An IPv4 address is the low 32 bits of {@code low}, all else is zero.
 *
 * <p>The order is the one that decides elections between equals: as unsigned integers in network byte order (RFC 9568
 * section 6.4.3, "primary IPvX address ... greater than"); IPv4 sorts before IPv6.
 *
 * @param family the family
 * @param high the first eight octets of an IPv6 address; 0 for IPv4
 * @param low the last eight octets of an IPv6 address, or the four octets of an IPv4 address
 */
public record IpAddress(AddressFamily family, long high, long low) implements Comparable<IpAddress> {

    private static final long IPV4_MASK = 0xffff_ffffL;

    /** Refuses an IPv4 address with more than 32 bits. */
    public IpAddress {
        Objects.requireNonNull(family, "family");
        if (family == AddressFamily.IPV4 && (high != 0 || (low & ~IPV4_MASK) != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    /** The IPv4 address of these 32 bits. */
    public static IpAddress ipv4(int bits) {
        return new IpAddress(AddressFamily.IPV4, 0, bits & IPV4_MASK);
    }

    /** The IPv6 address of these 128 bits. */
    public static IpAddress ipv6(long high, long low) {
        return new IpAddress(AddressFamily.IPV6, high, low);
    }

    /** The same address as the JDK's value has; an IPv6 scope is left out. */
    public static IpAddress of(InetAddress address) {
        byte[] octets = address.getAddress();
        if (address instanceof Inet4Address) {
            return new IpAddress(AddressFamily.IPV4, 0, bits(octets, 0, 4));
        }
        return ipv6(bits(octets, 0, 8), bits(octets, 8, 8));
    }

    /**
     * Reads a literal: dotted quad, or any form of RFC 4291 section 2.2. Names are never looked up.
     *
     * @throws IllegalArgumentException if the text is not the literal of an address
     */
    public static IpAddress parse(String literal) {
        boolean colon = literal.indexOf(':') >= 0;
        if (colon ? literal.indexOf('%') < 0 : isDottedQuad(literal)) {
            try {
                InetAddress address = InetAddress.getByName(literal);
                if (colon == address instanceof Inet6Address) {
                    return of(address);
                }
            } catch (UnknownHostException notALiteral) {
                throw new IllegalArgumentException(complaint(literal), notALiteral);
            }
        }
        throw new IllegalArgumentException(complaint(literal));
    }

    /** Reads the address at an index of a buffer, which must hold it. */
    public static IpAddress get(AddressFamily family, ByteBuf in, int index) {
        return family == AddressFamily.IPV4
                ? ipv4(in.getInt(index))
                : ipv6(in.getLong(index), in.getLong(index + Long.BYTES));
    }

    /** Appends the octets in network byte order. */
    public void write(ByteBuf out) {
        if (family == AddressFamily.IPV4) {
            out.writeInt((int) low);
        } else {
            out.writeLong(high).writeLong(low);
        }
    }

    /** The octets in network byte order: 4 or 16. */
    public byte[] octets() {
        byte[] octets = new byte[family.octets()];
        for (int i = 0; i < octets.length; i++) {
            int shift = (octets.length - 1 - i) * 8;
            octets[i] = (byte) (shift >= Long.SIZE ? high >>> (shift - Long.SIZE) : low >>> shift);
        }
        return octets;
    }

    /** Whether it is an IPv6 link-local unicast address (fe80::/10). */
    public boolean isLinkLocal() {
        return family == AddressFamily.IPV6 && high >>> 54 == 0xfe80 >>> 6;
    }

    /** Whether it is a multicast address (224.0.0.0/4 or ff00::/8). */
    public boolean isMulticast() {
        return family == AddressFamily.IPV4 ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The canonical text: dotted quad, or RFC 5952. */
    @Override
    public String toString() {
        if (family == AddressFamily.IPV4) {
            return (low >>> 24) + "." + ((low >>> 16) & 0xff) + "." + ((low >>> 8) & 0xff) + "." + (low & 0xff);
        }
        int zeros = longestRunOfZeros();
        int runLength = zeros & 0xff;
        int runStart = zeros >>> 8;
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (runLength > 1 && i == runStart) {
                text.append("::");
                i += runLength - 1;
                continue;
            }
            if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    private int group(int i) {
        long half = i < 4 ? high : low;
        return (int) (half >>> ((3 - (i & 3)) * 16)) & 0xffff;
    }

    /** Start and length of the first longest run of zero groups, as {@code start << 8 | length}. */
    private int longestRunOfZeros() {
        int best = 0;
        int length = 0;
        for (int i = 0; i < 8; i++) {
            length = group(i) == 0 ? length + 1 : 0;
            if (length > (best & 0xff)) {
                best = ((i - length + 1) << 8) | length;
            }
        }
        return best;
    }

    private static long bits(byte[] octets, int from, int count) {
        long bits = 0;
        for (int i = from; i < from + count; i++) {
            bits = (bits << 8) | (octets[i] & 0xff);
        }
        return bits;
    }

    private static boolean isDottedQuad(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static String complaint(String literal) {
        return "'" + literal + "' is not an IP address: expected a literal such as 192.0.2.1 or 2001:db8::1";
    }
}
