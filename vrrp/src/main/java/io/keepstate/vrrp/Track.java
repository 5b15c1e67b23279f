// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * How a tracked thing counts for one virtual router (keepalived: the lines of track_interface, track_script, track_file and
 * track_process).
 *
 * <p>With weight 0 the router is in {@link State#FAULT} while the thing is down, and waits while it is not known yet. A
 * positive weight is added to the priority while it is up, a negative one while it is down. The number of a file is
 * multiplied with the weight and added; a product of -254 or less is a fault, and with weight 0 every number but 0 is one.
 * Only of files: a process may weigh 254 as well, which takes any priority to its end, 1 or 254, and is no fault.
 *
 * @param what the thing
 * @param weight -253 to 253; of files and processes -254 to 254
 * @param reverse what is added is subtracted; with weight 0 the thing must be down (a file: not 0)
 */
public record Track(Tracked what, int weight, boolean reverse) {

    private static final int MAX_WEIGHT = 253;
    private static final int MAX_WIDE_WEIGHT = 254;

    /** Refuses weights that keepalived refuses. */
    public Track {
        int max = maxWeight(what.kind());
        if (weight < -max || weight > max) {
            throw new IllegalArgumentException(
                    "tracked " + what + ": weight " + weight + " must be " + -max + " to " + max);
        }
    }

    /** The largest weight that things of this kind may have. */
    public static int maxWeight(Tracked.Kind kind) {
        return kind == Tracked.Kind.FILE || kind == Tracked.Kind.PROCESS ? MAX_WIDE_WEIGHT : MAX_WEIGHT;
    }

    /** The router is in fault while this is down. */
    public static Track required(Tracked what) {
        return new Track(what, 0, false);
    }

    /** The weight that this value adds to the priority: 0 if it is not known yet. */
    int weightOf(TrackValue value) {
        if (what.kind() == Tracked.Kind.FILE) {
            long product = (long) value.number() * (reverse ? -weight : weight);
            return (int) Math.max(-MAX_WIDE_WEIGHT, Math.min(MAX_WIDE_WEIGHT, product));
        }
        if (value.status() == TrackValue.Status.PENDING) {
            return 0;
        }
        boolean up = value.status() == TrackValue.Status.UP;
        int counted = weight > 0 == up ? weight : 0;
        return reverse ? -counted : counted;
    }

    /** Whether this value is a fault. */
    boolean isFault(TrackValue value) {
        if (what.kind() == Tracked.Kind.FILE) {
            return weight == 0 ? (value.number() != 0) != reverse : weightOf(value) <= -MAX_WIDE_WEIGHT;
        }
        return weight == 0
                && value.status() != TrackValue.Status.PENDING
                && (value.status() == TrackValue.Status.UP) == reverse;
    }

    /** Whether the router cannot start before more is known. */
    boolean isAwaited(TrackValue value) {
        return weight == 0 && value.status() == TrackValue.Status.PENDING;
    }
}
