// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.OptionalLong;

/**
 * The sequence numbers of {@link HmacTrailer}: 32 bits of seconds, 16 bits of fraction, 16 bits to tell numbers of one
 * instant apart; compared by serial arithmetic. The sender's side: each number is the clock, or one more than the last
 * if the clock did not move on. Not thread-safe.
 */
final class SequenceClock {

    private static final long MILLIS_PER_SECOND = 1000;
    private static final int FRACTIONS_PER_SECOND = 1 << 16;

    private final boolean followsClock;
    private final int windowSeconds;
    private boolean started;
    private long last;

    /**
     * A sequence.
     *
     * @param followsClock whether receivers compare it with their clocks: then a sequence that a wrong clock led into
     *     the future, beyond the window, starts again from the clock, since nobody would accept it
     * @param windowSeconds the window
     */
    SequenceClock(boolean followsClock, int windowSeconds) {
        this.followsClock = followsClock;
        this.windowSeconds = windowSeconds;
    }

    /** The next number. */
    long next(long wallMillis) {
        long clock = at(wallMillis);
        boolean stranded = followsClock && seconds(last) - seconds(clock) > windowSeconds;
        last = !started || stranded || isAfter(clock, last) ? clock : last + 1;
        started = true;
        return last;
    }

    /** The last number given; empty before the first. */
    OptionalLong last() {
        return started ? OptionalLong.of(last) : OptionalLong.empty();
    }

    /** Goes on from a number that was given by another one. */
    void continueFrom(long number) {
        last = number;
        started = true;
    }

    /** The number of an instant. */
    static long at(long wallMillis) {
        long seconds = Math.floorDiv(wallMillis, MILLIS_PER_SECOND);
        long fraction = Math.floorMod(wallMillis, MILLIS_PER_SECOND) * FRACTIONS_PER_SECOND / MILLIS_PER_SECOND;
        return seconds << 32 | fraction << 16;
    }

    /** Whether a number is later than another (serial arithmetic, as in RFC 1982). */
    static boolean isAfter(long number, long other) {
        return number - other > 0;
    }

    /** The seconds of a number. Differences of two are right across the wrap of 2106, as long as they are small. */
    static int seconds(long number) {
        return (int) (number >>> 32);
    }

    /** Whether the seconds of two numbers are at most a window apart. */
    static boolean isWithin(long number, long other, int windowSeconds) {
        return Math.abs((long) (seconds(number) - seconds(other))) <= windowSeconds;
    }
}
