// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;

/**
 * What the state machine wants done or known, in the order in which it happened. An advertisement always comes before the
 * transition it belongs to: on becoming active because no third router may interfere, on leaving because the backup's
 * timer should start first.
 */
public sealed interface Effect {

    /**
     * Send this advertisement now. The same objects come again and again: nothing is allocated for one.
     *
     * @param router who speaks
     * @param advertisement what to say
     */
    record SendAdvertisement(VirtualRouter router, Advertisement advertisement) implements Effect {}

    /**
     * A virtual router changed its state. On {@link State#ACTIVE} the role is won and being advertised; addresses and
     * announcements are up to the application.
     *
     * @param router the router
     * @param from the state it had
     * @param to the state it has
     * @param reason why
     * @param text why, for people
     */
    record StateChanged(VirtualRouter router, State from, State to, TransitionReason reason, String text)
            implements Effect {}

    /**
     * A sync group changed its state; comes after the changes of all members.
     *
     * @param group the group
     * @param from the state it had
     * @param to the state it has
     * @param reason why
     * @param text why, for people, with the member that set it off
     */
    record GroupStateChanged(SyncGroup group, State from, State to, TransitionReason reason, String text)
            implements Effect {}

    /**
     * Another router advertised although this one, or another member of its sync group, is active and stays so: neighbours
     * may have learned the other one's hardware address, so announce the virtual addresses again.
     *
     * @param router the active router
     */
    record Reannounce(VirtualRouter router) implements Effect {}

    /**
     * An active router heard one that loses against it, and stays active (keepalived: MASTER_RX_LOWER_PRI).
     *
     * @param router the active router
     * @param source who spoke
     * @param priority the priority it spoke with
     */
    record LoserHeard(VirtualRouter router, IpAddress source, int priority) implements Effect {}

    /**
     * The priority of a router changed while it was active or backup (keepalived: MASTER_PRIORITY, BACKUP_PRIORITY).
     *
     * @param router the router
     * @param state the state it is in
     * @param from the priority it had
     * @param to the priority it has
     */
    record PriorityChanged(VirtualRouter router, State state, int from, int to) implements Effect {}

    /**
     * A router was configured anew, in whatever state it is; what it says from now on is as configured after. Comes before
     * all else that follows from it, so that already the next advertisement leaves for the new peers with the new keys.
     *
     * @param router the router
     * @param before what it was
     * @param after what it is
     */
    record Reconfigured(VirtualRouter router, VirtualRouterConfig before, VirtualRouterConfig after)
            implements Effect {}

    /**
     * What an active router holds was configured anew: take away what is no longer in it, add what is new, and announce
     * the new addresses.
     *
     * @param router the active router
     * @param before what it held
     * @param after what it holds
     */
    record HoldingsChanged(VirtualRouter router, Holdings before, Holdings after) implements Effect {}

    /**
     * Something to tell the operator.
     *
     * @param router the router
     * @param note what kind of thing
     * @param text what, for people
     */
    record Noted(VirtualRouter router, Note note, String text) implements Effect {}
}
