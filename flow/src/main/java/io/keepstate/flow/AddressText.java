// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Addresses as text, without an object in between: what inet_ntop(3) prints. */
public final class AddressText {
    private AddressText() {}

    /** The text of one address. */
    public static String format(Family family, long high, long low) {
        StringBuilder text = new StringBuilder(40);
        append(text, family, high, low);
        return text.toString();
    }

    /** Appends the text of one address. */
    public static void append(StringBuilder out, Family family, long high, long low) {
        if (family == Family.IPV4) {
            appendIpv4(out, low);
        } else {
            appendIpv6(out, high, low);
        }
    }

    private static void appendIpv4(StringBuilder out, long address) {
        out.append(address >>> 24 & 0xff).append('.').append(address >>> 16 & 0xff);
        out.append('.').append(address >>> 8 & 0xff).append('.').append(address & 0xff);
    }

    private static void appendIpv6(StringBuilder out, long high, long low) {
        // inet_ntop shows IPv4-mapped and (deprecated) IPv4-compatible addresses with a dotted tail.
        boolean mapped = high == 0 && low >>> 32 == 0xffffL;
        boolean compatible = high == 0 && low >>> 32 == 0 && low >>> 16 != 0;
        if (mapped || compatible) {
            out.append(mapped ? "::ffff:" : "::");
            appendIpv4(out, low & 0xffff_ffffL);
            return;
        }
        appendGroups(out, high, low);
    }

    private static void appendGroups(StringBuilder out, long high, long low) {
        int bestStart = -1;
        int bestLength = 1; // RFC 5952 4.2.2: a single zero group is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group(high, low, end) == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                out.append("::");
                i += bestLength - 1;
            } else {
                if (i > 0 && i != bestStart + bestLength) {
                    out.append(':');
                }
                out.append(Integer.toHexString(group(high, low, i)));
            }
        }
    }

    private static int group(long high, long low, int index) {
        long word = index < 4 ? high : low;
        return (int) (word >>> (48 - 16 * (index & 3))) & 0xffff;
    }
}
