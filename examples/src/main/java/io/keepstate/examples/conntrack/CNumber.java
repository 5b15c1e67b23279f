// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

/**
 * Numbers as conntrack(8) reads them: with the C library's strtoul(3) and atoi(3), which take what they can from the front
 * of a text and never refuse. Scripts rely on it ({@code 0x10}, {@code 010}); 32 bits unsigned come out.
 */
final class CNumber {
    private CNumber() {}

    /** strtoul with base 0: decimal, octal after {@code 0}, hexadecimal after {@code 0x}. */
    static long any(String text) {
        return parse(text, 0) & 0xffff_ffffL;
    }

    /** atoi: decimal. */
    static long decimal(String text) {
        return parse(text, 10) & 0xffff_ffffL;
    }

    /** How many characters from the front make the number. */
    static int length(String text) {
        int at = start(text);
        int base = base(text, at);
        int digits = base == 16 ? at + 2 : at;
        int end = digits;
        while (end < text.length() && digit(text.charAt(end), base) >= 0) {
            end++;
        }
        return end == digits ? 0 : end;
    }

    /** Whether all of it is a decimal number, or nothing. */
    static boolean isDecimal(String text) {
        for (int at = start(text); at < text.length(); at++) {
            if (digit(text.charAt(at), 10) < 0) {
                return false;
            }
        }
        return true;
    }

    private static long parse(String text, int wanted) {
        int at = start(text);
        int base = wanted == 0 ? base(text, at) : wanted;
        boolean negative = at > 0 && text.charAt(at - 1) == '-';
        int digit = base == 16 ? at + 2 : at;
        long value = 0;
        for (; digit < text.length(); digit++) {
            int next = digit(text.charAt(digit), base);
            if (next < 0) {
                break;
            }
            boolean large = value >>> 59 != 0; // below it sixteen times the value and a digit fit
            if (large && Long.compareUnsigned(value, Long.divideUnsigned(-1L - next, base)) > 0) {
                return -1L; // ULONG_MAX
            }
            value = value * base + next;
        }
        return negative ? -value : value;
    }

    /** Only those of ASCII are digits to C. */
    private static int digit(char c, int base) {
        return c < 0x80 ? Character.digit(c, base) : -1;
    }

    private static int start(String text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
    }

    private static int base(String text, int at) {
        if (at < text.length() && text.charAt(at) == '0') {
            boolean hexadecimal = at + 2 < text.length()
                    && (text.charAt(at + 1) | 0x20) == 'x'
                    && digit(text.charAt(at + 2), 16) >= 0;
            return hexadecimal ? 16 : 8;
        }
        return 10;
    }
}
