// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as a configuration file writes it, never a name to be looked up.
 *
 * @param ipv6 which family
 * @param hi the first eight octets of an IPv6 address; 0 for IPv4
 * @param lo the last eight octets of an IPv6 address; for IPv4 the 32 bits, unsigned
 */
public record IpAddress(boolean ipv6, long hi, long lo) {
    /** The number of bits of an address of this family. */
    public int bits() {
        return ipv6 ? 128 : 32;
    }

    /** Reads an address; empty if the text is none. */
    public static Optional<IpAddress> parse(String text) {
        return text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
    }

    /** The octets in network order: 4 or 16. */
    public byte[] octets() {
        return ipv6
                ? ByteBuffer.allocate(16).putLong(hi).putLong(lo).array()
                : ByteBuffer.allocate(4).putInt((int) lo).array();
    }

    private static Optional<IpAddress> parseIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        long value = 0;
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.empty();
            }
            int octet = Integer.parseInt(part);
            if (octet > 255) {
                return Optional.empty();
            }
            value = value << 8 | octet;
        }
        return Optional.of(new IpAddress(false, 0, value));
    }

    private static Optional<IpAddress> parseIpv6(String text) {
        if (!text.chars().allMatch(c -> c == ':' || c == '.' || (c < 128 && Character.digit(c, 16) >= 0))) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(text);
            if (address instanceof Inet4Address) { // an IPv4-mapped address comes back as IPv4
                return Optional.of(new IpAddress(
                        true,
                        0,
                        0xffffL << 32
                                | Integer.toUnsignedLong(
                                        ByteBuffer.wrap(address.getAddress()).getInt())));
            }
            ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
            return Optional.of(new IpAddress(true, octets.getLong(), octets.getLong()));
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    /** The address in the form of RFC 5952, or dotted. */
    @Override
    public String toString() {
        if (!ipv6) {
            return (lo >> 24 & 255) + "." + (lo >> 16 & 255) + "." + (lo >> 8 & 255) + "." + (lo & 255);
        }
        int best = -1;
        int bestLength = 1; // RFC 5952 4.2.2: a single zero field is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && field(end) == 0) {
                end++;
            }
            if (end - i > bestLength) {
                best = i;
                bestLength = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == best) {
                text.append("::");
                i += bestLength - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(field(i)));
            }
        }
        return text.toString();
    }

    private int field(int i) {
        return (int) ((i < 4 ? hi : lo) >>> (48 - 16 * (i & 3))) & 0xffff;
    }
}
