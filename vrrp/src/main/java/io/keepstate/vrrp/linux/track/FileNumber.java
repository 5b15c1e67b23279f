// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import java.util.OptionalInt;

/** Reads the number that a tracked file begins with, as strtol(3) would: white space, a sign, decimal digits. */
final class FileNumber {
    /** More than any priority can be changed by; a greater number is as good as this one. */
    static final int LIMIT = 100_000;

    private FileNumber() {}

    /** Empty if the text is blank, or does not begin with a number that ends at white space or the end. */
    static OptionalInt parse(String text) {
        String stripped = text.stripLeading();
        int at = !stripped.isEmpty() && (stripped.charAt(0) == '-' || stripped.charAt(0) == '+') ? 1 : 0;
        int first = at;
        int value = 0;
        while (at < stripped.length() && isDigit(stripped.charAt(at))) {
            value = Math.min(LIMIT, value * 10 + stripped.charAt(at) - '0');
            at++;
        }
        boolean ends = at == stripped.length() || Character.isWhitespace(stripped.charAt(at));
        if (at == first || !ends) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(stripped.charAt(0) == '-' ? -value : value);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
