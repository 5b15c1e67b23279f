// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import org.jspecify.annotations.Nullable;

/** An address as it stands in a command line, perhaps with a prefix length behind it. Never asks a resolver. */
final class AddressArgument {
    private AddressArgument() {}

    /** The address alone; what stands behind a slash is not looked at. */
    static IpAddress address(String text) {
        return address(text.split("/", 2)[0], text);
    }

    /** What the prefix length behind the address means; null without one, or if it is that of an address. */
    static @Nullable IpAddress mask(Family family, String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? null : ofLength(family, text.substring(slash + 1));
    }

    /** Reads an address that takes no prefix length; {@code option} is the name that a refusal mentions. */
    static IpAddress alone(String text, String option) {
        IpAddress address = address(text);
        refuseLength(text, option);
        return address;
    }

    /** Refuses a prefix length. */
    static void refuseLength(String text, String option) {
        if (text.indexOf('/') >= 0) {
            throw Refusal.parameter("CIDR notation unavailable for `--" + option + "'");
        }
    }

    /** An address; {@code whole} is what a refusal names. */
    private static IpAddress address(String text, String whole) {
        IpAddress address = text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
        if (address == null) {
            throw Refusal.parameter("Invalid IP address `" + whole + "'");
        }
        return address;
    }

    private static @Nullable IpAddress ipv6(String text) {
        try {
            IpAddress address = IpAddress.parse(text);
            // The JDK takes a mapped address for IPv4.
            return address.family() == Family.IPV6
                    ? address
                    : new IpAddress(Family.IPV6, 0, 0xffff_0000_0000L | address.low());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** As inet_aton(3): one to four numbers, the last of which fills the rest; what stands behind a blank is not read. */
    private static @Nullable IpAddress ipv4(String text) {
        String[] parts = untilBlank(text).split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        long value = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean last = i == parts.length - 1;
            long limit = last ? 1L << (8 * (5 - parts.length)) : 1 << 8;
            if (part.isEmpty() || !Character.isDigit(part.charAt(0)) || CNumber.length(part) != part.length()) {
                return null;
            }
            long number = CNumber.any(part);
            if (number >= limit) {
                return null;
            }
            value |= last ? number : number << (8 * (3 - i));
        }
        return IpAddress.ipv4((int) value);
    }

    private static String untilBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isWhitespace(text.charAt(i))) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static @Nullable IpAddress ofLength(Family family, String text) {
        int bits = family.addressOctets() * 8;
        long length = CNumber.decimal(text);
        if (!CNumber.isDecimal(text) || length > bits || text.startsWith("-")) {
            throw Refusal.parameter("Invalid netmask");
        }
        if (length == bits) {
            return null;
        }
        if (family == Family.IPV4) {
            return IpAddress.ipv4(length == 0 ? 0 : (int) (-1L << (32 - length)));
        }
        return new IpAddress(family, ones(length), ones(length - 64));
    }

    private static long ones(long count) {
        return count <= 0 ? 0 : count >= 64 ? -1 : -1L << (64 - count);
    }
}
