// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.List;

/**
 * How a sync group behaves.
 *
 * @param tracks what counts for the priority and health of all members
 * @param trackingWeight whether the weights of what single members track count (keepalived: sync_group_tracking_weight);
 *     without it members would drift to different priorities
 * @param resignation what a resignation on one leg says about the others
 */
public record SyncGroupRules(List<Track> tracks, boolean trackingWeight, LegResignation resignation) {

    /** Nothing tracked, weights ignored, and silent legs believed to have resigned. */
    public static final SyncGroupRules DEFAULT = new SyncGroupRules(List.of(), false, LegResignation.SILENT_LEGS);

    /** Refuses a thing that is tracked twice. */
    public SyncGroupRules {
        tracks = List.copyOf(tracks);
        if (tracks.stream().map(Track::what).distinct().count() < tracks.size()) {
            throw new IllegalArgumentException("a sync group tracks something twice");
        }
    }

    /** The same with another meaning of resignations. */
    public SyncGroupRules withResignation(LegResignation value) {
        return new SyncGroupRules(tracks, trackingWeight, value);
    }
}
