// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.nio.ByteBuffer;

/**
 * The octets of a session: a function of its seed and of their position in the stream, so both ends know them without
 * talking, and one octet lost, repeated or swapped with another session's is seen. Pure.
 */
final class Content {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Content() {}

    /** The octet at {@code position} (from 0) of the stream with this seed. */
    static byte at(long seed, long position) {
        return (byte) (word(seed, position >>> 3) >>> ((position & 7) << 3));
    }

    /** Puts the octets from {@code position} on until {@code out} is full. */
    static void fill(long seed, long position, ByteBuffer out) {
        long word = word(seed, position >>> 3);
        for (long p = position; out.hasRemaining(); p++) {
            if ((p & 7) == 0) {
                word = word(seed, p >>> 3);
            }
            out.put((byte) (word >>> ((p & 7) << 3)));
        }
    }

    /** Whether what remains in {@code in} is the stream from {@code position} on; consumes it. */
    static boolean matches(long seed, long position, ByteBuffer in) {
        long word = word(seed, position >>> 3);
        boolean same = true;
        for (long p = position; in.hasRemaining(); p++) {
            if ((p & 7) == 0) {
                word = word(seed, p >>> 3);
            }
            same &= in.get() == (byte) (word >>> ((p & 7) << 3));
        }
        return same;
    }

    /** SplitMix64 (Steele, Lea, Flood 2014), by index instead of by state. */
    private static long word(long seed, long index) {
        long z = seed + (index + 1) * GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
