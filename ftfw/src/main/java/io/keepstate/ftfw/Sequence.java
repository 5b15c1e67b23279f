// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/** Order of 32-bit sequence numbers that wrap: the sign of their difference, as in TCP. */
public final class Sequence {
    private Sequence() {}

    /** Whether {@code a} comes before {@code b}. */
    public static boolean before(int a, int b) {
        return a - b < 0;
    }

    /** Whether {@code from <= sequence <= to} on the circle. */
    public static boolean within(int sequence, int from, int to) {
        return !before(sequence, from) && !before(to, sequence);
    }
}
