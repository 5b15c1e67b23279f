// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.List;

/**
 * What decides for a virtual router at the moments when a sync group moves as one. Without a group it decides for itself.
 */
interface Membership {

    /** A router on its own. */
    Membership ALONE = new Membership() {
        @Override
        public void willing(VirtualRouter router, TransitionReason reason, long nowNanos) {
            router.machine().becomeActive(reason, reason.text(), nowNanos);
        }

        @Override
        public void yielded(VirtualRouter router, TransitionReason reason, String text, long nowNanos) {}

        @Override
        public void faulted(VirtualRouter router, FaultCause cause, long nowNanos) {
            router.machine().enterFault(cause.reason(), cause.toString(), cause.leavesVoice(), nowNanos);
        }

        @Override
        public void cleared(VirtualRouter router, long nowNanos) {
            router.machine().enterElections(TransitionReason.FAULT_CLEARED, nowNanos);
        }

        @Override
        public void resignationHeard(VirtualRouter router, long nowNanos) {}

        @Override
        public void addressLost(VirtualRouter router, String text, long nowNanos) {
            router.machine().leaveForSkew(TransitionReason.ADDRESS_LOST, text, nowNanos);
        }

        @Override
        public void loserHeard(VirtualRouter router) {}

        @Override
        public List<Track> tracks() {
            return List.of();
        }

        @Override
        public boolean weightsCount() {
            return true;
        }
    };

    /** The router's down timer expired. */
    void willing(VirtualRouter router, TransitionReason reason, long nowNanos);

    /** The router was active and is backup now, for this reason. */
    void yielded(VirtualRouter router, TransitionReason reason, String text, long nowNanos);

    /** A started router, not in fault so far, has a cause for fault. */
    void faulted(VirtualRouter router, FaultCause cause, long nowNanos);

    /** The last cause of a router in fault is gone. */
    void cleared(VirtualRouter router, long nowNanos);

    /** The router, a backup, heard priority 0. */
    void resignationHeard(VirtualRouter router, long nowNanos);

    /** The router is active and one of its addresses is gone. */
    void addressLost(VirtualRouter router, String text, long nowNanos);

    /** The router is active and heard one that loses against it. */
    void loserHeard(VirtualRouter router);

    /** What is tracked for all routers together. */
    List<Track> tracks();

    /** Whether the weights of what the router itself tracks count. */
    boolean weightsCount();
}
