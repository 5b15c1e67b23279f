// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.config.TakeoverPolicy;
import io.keepstate.node.takeover.PreemptionGate;

/**
 * Keeps the elections from preempting until this node is in sync: says so to the groups that wait, and tells the VRRP
 * loop when the hold it began is over. A hold has the number of the role change that began it, so that a late word about
 * an older one lifts nothing.
 */
final class PreemptionHold {
    private final PreemptionGate gate;
    private final GroupRoles groups;
    private final Elections elections;
    private int number;

    PreemptionHold(TakeoverPolicy policy, GroupRoles groups, Elections elections) {
        this.gate = new PreemptionGate(policy);
        this.groups = groups;
        this.elections = elections;
    }

    /** Begins a hold, in the place of an older one. */
    void begin(int holdNumber, long nowNanos) {
        number = holdNumber;
        gate.hold(nowNanos);
        groups.tellGate(false, "not in sync with the peer yet");
    }

    void peerAnswered(boolean answered) {
        gate.peerAnswered(answered);
    }

    void stateMessage(boolean newFlow, int known, long nowNanos) {
        gate.stateMessage(newFlow, known, nowNanos);
    }

    void doWork(long nowNanos) {
        String opened = gate.doWork(nowNanos);
        if (opened != null) {
            groups.tellGate(true, opened);
            elections.allowPreemption(number);
        }
    }

    long nextDeadline() {
        return gate.nextDeadline();
    }
}
