// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * One IP address as two words in network order: the form it has inside a {@link Tuple}. For cold paths
 * (configuration, text, NAT of a single flow); packet paths read the words of the tuple.
 *
 * @param high first eight octets of an IPv6 address; 0 for IPv4
 * @param low last eight octets of an IPv6 address, or the IPv4 address as an unsigned 32-bit number
 */
public record IpAddress(Family family, long high, long low) {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|[01]?\\d?\\d)";
    private static final Pattern IPV4_LITERAL = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6_LITERAL =
            Pattern.compile("[0-9a-fA-F:][0-9a-fA-F.]*:[0-9a-fA-F:.]*|::[0-9a-fA-F:.]*");

    /** Checks that an IPv4 address has nothing above its low 32 bits. */
    public IpAddress {
        if (family == Family.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("IPv4 address wider than 32 bits");
        }
    }

    /** An IPv4 address; 10.0.0.1 is 0x0a000001. */
    public static IpAddress ipv4(int address) {
        return new IpAddress(Family.IPV4, 0, address & 0xffff_ffffL);
    }

    /** From the JDK's form; an IPv4-mapped IPv6 address is IPv4 there, hence here. */
    public static IpAddress of(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == 4
                ? new IpAddress(Family.IPV4, 0, word(octets, 0, 4))
                : new IpAddress(Family.IPV6, word(octets, 0, 8), word(octets, 8, 8));
    }

    /**
     * Parses a literal address; never asks a resolver.
     *
     * @throws IllegalArgumentException when the text is no IPv4 or IPv6 literal
     */
    public static IpAddress parse(String literal) {
        // InetAddress asks a resolver for what it cannot read; only text that cannot be a name is handed to it.
        if (!IPV4_LITERAL.matcher(literal).matches()
                && !IPV6_LITERAL.matcher(literal).matches()) {
            throw new IllegalArgumentException("'" + literal + "' is not an IP address");
        }
        try {
            return of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + literal + "' is not an IP address", e);
        }
    }

    /** The JDK's form. */
    public InetAddress toInetAddress() {
        byte[] octets = new byte[family.addressOctets()];
        for (int i = octets.length - 1, shift = 0; i >= 0; i--, shift += 8) {
            octets[i] = (byte) (shift < 64 ? low >>> shift : high >>> (shift - 64));
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 octets are an address", e);
        }
    }

    /** The text conntrack prints: dotted quad, or IPv6 in the compressed form of RFC 5952. */
    @Override
    public String toString() {
        return AddressText.format(family, high, low);
    }

    private static long word(byte[] octets, int from, int count) {
        long word = 0;
        for (int i = from; i < from + count; i++) {
            word = (word << 8) | (octets[i] & 0xff);
        }
        return word;
    }
}
