// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.List;

/** What being in a sync group means for a member. */
final class GroupMembership implements Membership {

    private final SyncGroup group;

    GroupMembership(SyncGroup group) {
        this.group = group;
    }

    @Override
    public void willing(VirtualRouter router, TransitionReason reason, long nowNanos) {
        group.activate(router, reason, nowNanos);
    }

    @Override
    public void yielded(VirtualRouter router, TransitionReason reason, String text, long nowNanos) {
        group.followToBackup(router, reason, text, nowNanos);
    }

    @Override
    public void faulted(VirtualRouter router, FaultCause cause, long nowNanos) {
        group.enterFault(router, cause, nowNanos);
    }

    @Override
    public void cleared(VirtualRouter router, long nowNanos) {
        group.leaveFault(nowNanos);
    }

    @Override
    public void resignationHeard(VirtualRouter router, long nowNanos) {
        for (VirtualRouter member : group.members()) {
            if (member != router) {
                member.machine().hearResignationElsewhere(group.rules().resignation(), nowNanos);
            }
        }
    }

    @Override
    public void addressLost(VirtualRouter router, String text, long nowNanos) {
        group.leaveForSkew(router, TransitionReason.ADDRESS_LOST, text, nowNanos);
    }

    @Override
    public void loserHeard(VirtualRouter router) {
        for (VirtualRouter member : group.members()) {
            if (member != router && member.state() == State.ACTIVE) {
                member.machine().reannounce();
            }
        }
    }

    @Override
    public List<Track> tracks() {
        return group.rules().tracks();
    }

    @Override
    public boolean weightsCount() {
        return group.rules().trackingWeight() || group.members().size() == 1;
    }
}
