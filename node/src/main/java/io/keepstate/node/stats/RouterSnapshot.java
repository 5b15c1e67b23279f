// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

import io.keepstate.vrrp.FaultCause;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterCounters;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One virtual router as it is now.
 *
 * @param config what it was told to be
 * @param group the group it moves with; its own name if it is alone
 * @param state its state
 * @param priority the one it has now, trackers counted
 * @param source the address it advertises from
 * @param activeRouter the active router it knows of: itself, or the one last heard
 * @param activePriority priority of the active router it knows of; 0 if it knows of none
 * @param activeIntervalCentis interval of the active router, centiseconds
 * @param changedMillis wall clock of its last change of state
 * @param counters what it counted since it was made
 * @param rejects packets for it that failed a check, by reason
 * @param faults what keeps it from taking part
 */
public record RouterSnapshot(
        VirtualRouterConfig config,
        String group,
        State state,
        int priority,
        IpAddress source,
        Optional<IpAddress> activeRouter,
        int activePriority,
        int activeIntervalCentis,
        long changedMillis,
        VirtualRouterCounters counters,
        Map<RejectReason, Long> rejects,
        List<FaultCause> faults) {
    /** Copies the collections. */
    public RouterSnapshot {
        rejects = Map.copyOf(rejects);
        faults = List.copyOf(faults);
    }
}
