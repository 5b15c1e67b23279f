// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * What the priority 0 of an active router on one leg of a sync group says about the other legs. A router that loses one
 * link can say goodbye only on the others, and a standby that waits for each leg on its own loses three intervals.
 */
public enum LegResignation {
    /** Nothing: each leg waits for its own down timer. keepalived's rule. */
    THIS_LEG,
    /**
     * It also counts for legs that were due to speak and did not: there the timer ends after the skew, or an eighth of an
     * interval after the missed advertisement was due if that is later. Safe against any peer, since a router that is still
     * active on a leg advertises there within an interval, and hearing it puts the timer back.
     */
    SILENT_LEGS,
    /**
     * It counts for all legs at once. Only for peers whose legs are always active together (keepalived: members of one
     * vrrp_sync_group there too): with others both routers are active on the other legs until one hears the other.
     */
    ALL_LEGS
}
