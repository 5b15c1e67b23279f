// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * What is known about a tracked thing.
 *
 * @param status whether it is up, down, or not known yet
 * @param number the number in a tracked file; 0 for everything else
 */
public record TrackValue(Status status, int number) {

    /** Whether a tracked thing works. */
    public enum Status {
        /** It works; of a file: its number is known. */
        UP,
        /** It does not. */
        DOWN,
        /** Nobody has looked yet: a script whose first run has not ended. */
        PENDING
    }

    /** It works. */
    public static final TrackValue UP = new TrackValue(Status.UP, 0);
    /** It does not work. */
    public static final TrackValue DOWN = new TrackValue(Status.DOWN, 0);
    /** Not known yet. */
    public static final TrackValue PENDING = new TrackValue(Status.PENDING, 0);

    /** The number in a tracked file. */
    public static TrackValue number(int number) {
        return new TrackValue(Status.UP, number);
    }

    /** {@link #UP} or {@link #DOWN}. */
    public static TrackValue of(boolean up) {
        return up ? UP : DOWN;
    }
}
