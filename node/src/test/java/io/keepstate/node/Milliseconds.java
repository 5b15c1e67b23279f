// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

/** Virtual time for tests, counted in milliseconds. */
public final class Milliseconds {
    private Milliseconds() {}

    /** Nanoseconds of this many milliseconds. */
    public static long ms(long millis) {
        return millis * 1_000_000;
    }
}
