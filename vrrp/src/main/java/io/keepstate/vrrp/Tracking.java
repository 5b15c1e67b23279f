// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a virtual router tracks, and what that makes of its priority: the sum of the weights, and the causes for fault. A
 * script about which nothing was said yet is not known; all else counts as up, and as 0, until something is said.
 */
final class Tracking {

    private final Map<Tracked, TrackValue> values = new HashMap<>();
    private List<Track> own = List.of();
    private List<Track> shared = List.of();
    private boolean ownWeightsCount = true;

    /**
     * What is tracked from now on; what is known about it is kept.
     *
     * @param own by the router
     * @param shared by its sync group
     * @param ownWeightsCount whether the weights of the router's own tracks count
     */
    void define(List<Track> own, List<Track> shared, boolean ownWeightsCount) {
        this.own = own;
        this.shared = shared;
        this.ownWeightsCount = ownWeightsCount;
        values.keySet().removeIf(what -> !tracks(what));
    }

    /** Takes required scripts that nothing is known of for working, until their first run has ended. */
    void trustNewScripts() {
        for (List<Track> tracks : List.of(own, shared)) {
            for (Track track : tracks) {
                if (track.what().kind() == Tracked.Kind.SCRIPT && track.weight() == 0) {
                    values.putIfAbsent(track.what(), track.reverse() ? TrackValue.DOWN : TrackValue.UP);
                }
            }
        }
    }

    /** Whether this thing counts at all. */
    boolean tracks(Tracked what) {
        return contains(own, what) || contains(shared, what);
    }

    /** Takes news; false if it is none, or of no concern. */
    boolean set(Tracked what, TrackValue value) {
        return tracks(what) && !value.equals(values.put(what, value));
    }

    /** What is to be added to the priority. */
    int weight() {
        int sum = sum(shared);
        return ownWeightsCount ? sum + sum(own) : sum;
    }

    /** The causes for fault that stand. */
    Set<FaultCause> faults() {
        Set<FaultCause> faults = new HashSet<>();
        for (Track track : own) {
            if (ownWeightsCount || track.weight() == 0) {
                addFault(track, faults);
            }
        }
        for (Track track : shared) {
            addFault(track, faults);
        }
        return faults;
    }

    private int sum(List<Track> tracks) {
        int sum = 0;
        for (Track track : tracks) {
            sum += track.weight() == 0 ? 0 : track.weightOf(value(track.what()));
        }
        return sum;
    }

    private void addFault(Track track, Set<FaultCause> faults) {
        TrackValue value = value(track.what());
        if (track.isFault(value)) {
            faults.add(new FaultCause(FaultCause.Kind.TRACKER, track.what().toString()));
        } else if (track.isAwaited(value)) {
            faults.add(
                    new FaultCause(FaultCause.Kind.TRACKER_UNKNOWN, track.what().toString()));
        }
    }

    private TrackValue value(Tracked what) {
        return values.getOrDefault(what, what.kind() == Tracked.Kind.SCRIPT ? TrackValue.PENDING : TrackValue.UP);
    }

    private static boolean contains(List<Track> tracks, Tracked what) {
        for (Track track : tracks) {
            if (track.what().equals(what)) {
                return true;
            }
        }
        return false;
    }
}
