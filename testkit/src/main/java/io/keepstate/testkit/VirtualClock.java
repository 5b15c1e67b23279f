// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit;

/**
 * Time that only moves when it is told to. It starts at a moment of the calendar, since FTFW takes its first
 * sequence number from there, and at an arbitrary monotonic reading, since nobody may rely on zero.
 */
public final class VirtualClock {
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final long startNanos;
    private final long startWallMillis;
    private long nowNanos;

    /**
     * @param startNanos first monotonic reading, nanoseconds
     * @param startWallMillis calendar time of that reading, milliseconds since the epoch
     */
    public VirtualClock(long startNanos, long startWallMillis) {
        this.startNanos = startNanos;
        this.startWallMillis = startWallMillis;
        this.nowNanos = startNanos;
    }

    /** Monotonic time in nanoseconds. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Calendar time in milliseconds since the epoch. */
    public long wallMillis() {
        return startWallMillis + (nowNanos - startNanos) / NANOS_PER_MILLI;
    }

    /** Nanoseconds since the clock was made. */
    public long elapsedNanos() {
        return nowNanos - startNanos;
    }

    /**
     * Moves to a later moment.
     *
     * @throws IllegalArgumentException when the moment has passed: a simulation never goes back
     */
    public void advanceTo(long nanos) {
        if (nanos < nowNanos) {
            throw new IllegalArgumentException("time would go back by " + (nowNanos - nanos) + " ns");
        }
        nowNanos = nanos;
    }
}
