// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * What decides for a virtual router at the four moments when a sync group moves as one. Without a group it decides for
 * itself.
 */
interface GroupRules {

    /** A router on its own. */
    GroupRules ALONE = new GroupRules() {
        @Override
        public void willing(VirtualRouter router, TransitionReason reason, long nowNanos) {
            router.becomeActive(reason, reason.text(), nowNanos);
        }

        @Override
        public void yielded(VirtualRouter router, TransitionReason reason, String text, long nowNanos) {}

        @Override
        public void faulted(VirtualRouter router, FaultCause cause, long nowNanos) {
            router.enterFault(TransitionReason.FAULT, cause.toString(), cause.kind() != FaultCause.Kind.LINK, nowNanos);
        }

        @Override
        public void cleared(VirtualRouter router, long nowNanos) {
            router.enterBackup(TransitionReason.FAULT_CLEARED, TransitionReason.FAULT_CLEARED.text(), nowNanos);
            router.electIfOwner(nowNanos);
        }
    };

    /** The router's down timer expired. */
    void willing(VirtualRouter router, TransitionReason reason, long nowNanos);

    /** The router was active, heard a better one and is backup now. */
    void yielded(VirtualRouter router, TransitionReason reason, String text, long nowNanos);

    /** A started router, not in fault so far, has a cause for fault. */
    void faulted(VirtualRouter router, FaultCause cause, long nowNanos);

    /** The last cause of a router in fault is gone. */
    void cleared(VirtualRouter router, long nowNanos);
}
