// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.List;

/**
 * Virtual routers that move as one (keepalived: vrrp_sync_group). A firewall that is active on one side only is of no use,
 * so:
 *
 * <ul>
 *   <li>none becomes active before the down timers of all members have expired; then all do at once;
 *   <li>when one yields to a better router all yield, without priority 0;
 *   <li>when one faults all fault, and those that were active resign with priority 0; the group leaves fault only when no
 *       member has a cause left.
 * </ul>
 *
 * A virtual router on its own is a group of one. Not thread-safe: one loop owns it and its members.
 */
public final class SyncGroup {

    private final String name;
    private final VirtualRouter[] members;
    private final EffectSink sink;
    private State state = State.INITIALIZE;

    /**
     * A group of routers, none of them started yet.
     *
     * @param name how operators call it
     * @param members its members in the order of the configuration, at least one
     * @param sink where the group's own effects go; those of members go where they were told
     */
    public SyncGroup(String name, List<VirtualRouter> members, EffectSink sink) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("sync group " + name + " has no members");
        }
        this.name = name;
        this.members = members.toArray(VirtualRouter[]::new);
        this.sink = sink;
        GroupRules rules = new Rules();
        for (VirtualRouter member : members) {
            member.join(rules);
        }
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its members, in the order of the configuration. */
    public List<VirtualRouter> members() {
        return List.of(members);
    }

    /** Its state, which all members share. */
    public State state() {
        return state;
    }

    /** The earliest deadline of all members; {@link Long#MAX_VALUE} if none has one. */
    public long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (VirtualRouter member : members) {
            earliest = Math.min(earliest, member.nextDeadline());
        }
        return earliest;
    }

    /** Fires the timers of members whose time has come. */
    public void advance(long nowNanos) {
        for (VirtualRouter member : members) {
            member.advance(nowNanos);
        }
    }

    /** Starts all members. */
    public void start(long nowNanos) {
        if (state != State.INITIALIZE) {
            return;
        }
        for (VirtualRouter member : members) {
            if (!member.faults().isEmpty()) {
                FaultCause cause = member.faults().iterator().next();
                enterFault(member, cause, nowNanos);
                return;
            }
        }
        enterBackup(TransitionReason.STARTUP, TransitionReason.STARTUP.text(), nowNanos);
    }

    /** Stops all members; those that are active resign with priority 0. */
    public void stop(long nowNanos) {
        for (VirtualRouter member : members) {
            member.stop(nowNanos);
        }
        change(State.INITIALIZE, TransitionReason.SHUTDOWN, TransitionReason.SHUTDOWN.text());
    }

    /** Gives the role away: all members resign with priority 0 and wait as backups for a whole active down interval. */
    public void resign(String text, long nowNanos) {
        if (state != State.ACTIVE) {
            return;
        }
        for (VirtualRouter member : members) {
            member.resign(text, nowNanos);
        }
        change(State.BACKUP, TransitionReason.RESIGNED, text);
    }

    /** Adds a cause for fault that concerns the group as a whole. */
    public void fault(FaultCause cause, long nowNanos) {
        members[0].fault(cause, nowNanos);
    }

    /** Takes a cause for fault away that concerned the group as a whole. */
    public void clearFault(FaultCause cause, long nowNanos) {
        members[0].clearFault(cause, nowNanos);
    }

    /** Holds preemption back, or lets it go, for all members; see {@link VirtualRouter#setPreemptionHold}. */
    public void setPreemptionHold(boolean hold) {
        for (VirtualRouter member : members) {
            member.setPreemptionHold(hold);
        }
    }

    @Override
    public String toString() {
        return name + " (" + state + ")";
    }

    private void enterBackup(TransitionReason reason, String text, long nowNanos) {
        for (VirtualRouter member : members) {
            member.enterBackup(reason, text, nowNanos);
        }
        change(State.BACKUP, reason, text);
        for (VirtualRouter member : members) {
            if (member.state() == State.BACKUP) {
                member.electIfOwner(nowNanos);
            }
        }
    }

    private void enterFault(VirtualRouter origin, FaultCause cause, long nowNanos) {
        boolean linkFailed = cause.kind() == FaultCause.Kind.LINK;
        for (VirtualRouter member : members) {
            boolean isOrigin = member == origin;
            member.enterFault(
                    isOrigin ? TransitionReason.FAULT : TransitionReason.GROUP,
                    isOrigin ? cause.toString() : origin.name() + ": " + cause,
                    !(isOrigin && linkFailed),
                    nowNanos);
        }
        change(State.FAULT, TransitionReason.FAULT, origin.name() + ": " + cause);
    }

    private void change(State to, TransitionReason reason, String text) {
        if (state == to) {
            return;
        }
        State from = state;
        state = to;
        sink.accept(new Effect.GroupStateChanged(this, from, to, reason, text));
    }

    private final class Rules implements GroupRules {
        @Override
        public void willing(VirtualRouter router, TransitionReason reason, long nowNanos) {
            for (VirtualRouter member : members) {
                if (member.state() != State.ACTIVE && !member.isWilling()) {
                    router.waitForGroup(nowNanos);
                    return;
                }
            }
            router.becomeActive(reason, reason.text(), nowNanos);
            for (VirtualRouter member : members) {
                if (member.state() != State.ACTIVE) {
                    member.becomeActive(TransitionReason.GROUP, "with " + router.name(), nowNanos);
                }
            }
            change(State.ACTIVE, reason, router.name() + ": " + reason.text());
        }

        @Override
        public void yielded(VirtualRouter router, TransitionReason reason, String text, long nowNanos) {
            for (VirtualRouter member : members) {
                if (member != router && member.state() == State.ACTIVE) {
                    member.enterBackup(TransitionReason.GROUP, "with " + router.name(), nowNanos);
                }
            }
            change(State.BACKUP, reason, router.name() + ": " + text);
        }

        @Override
        public void faulted(VirtualRouter router, FaultCause cause, long nowNanos) {
            if (state != State.FAULT) {
                enterFault(router, cause, nowNanos);
            }
        }

        @Override
        public void cleared(VirtualRouter router, long nowNanos) {
            for (VirtualRouter member : members) {
                if (!member.faults().isEmpty()) {
                    return;
                }
            }
            enterBackup(TransitionReason.FAULT_CLEARED, TransitionReason.FAULT_CLEARED.text(), nowNanos);
        }
    }
}
