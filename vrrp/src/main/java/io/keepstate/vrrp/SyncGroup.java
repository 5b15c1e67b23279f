// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Virtual routers that move as one (keepalived: vrrp_sync_group). A firewall that is active on one side only is of no use,
 * so:
 *
 * <ul>
 *   <li>none becomes active before the down timers of all members have expired; then all do at once;
 *   <li>when one yields to a better router all yield, without priority 0;
 *   <li>when one faults all fault, and those that were active resign with priority 0; the group leaves fault only when no
 *       member has a cause left;
 *   <li>what a resignation on one leg means for the others is said by {@link LegResignation}.
 * </ul>
 *
 * A virtual router on its own is a group of one. Not thread-safe: one loop owns it and its members.
 */
public final class SyncGroup {

    private final String name;
    private final List<VirtualRouter> members;
    private final EffectSink sink;
    private final Membership membership = new GroupMembership(this);
    private SyncGroupRules rules;
    private State state = State.INITIALIZE;
    /** From when on the startup delays of members count. */
    private long delayedFromNanos;

    /**
     * A group of routers, none of them started yet.
     *
     * @param name how operators call it
     * @param members its members in the order of the configuration, at least one
     * @param rules how it behaves
     * @param sink where the group's own effects go; those of members go where they were told
     */
    public SyncGroup(String name, List<VirtualRouter> members, SyncGroupRules rules, EffectSink sink) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("sync group " + name + " has no members");
        }
        this.name = name;
        this.members = new ArrayList<>(members);
        this.rules = rules;
        this.sink = sink;
        for (VirtualRouter member : members) {
            member.join(membership);
        }
    }

    /** A group with the default rules. */
    public SyncGroup(String name, List<VirtualRouter> members, EffectSink sink) {
        this(name, members, SyncGroupRules.DEFAULT, sink);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its members, in the order of the configuration. */
    public List<VirtualRouter> members() {
        return List.copyOf(members);
    }

    /** How it behaves. */
    public SyncGroupRules rules() {
        return rules;
    }

    /** Its state, which all members share. */
    public State state() {
        return state;
    }

    /** The earliest deadline of all members; {@link Long#MAX_VALUE} if none has one. */
    public long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < members.size(); i++) {
            earliest = Math.min(earliest, members.get(i).nextDeadline());
        }
        return earliest;
    }

    /** Fires the timers of members whose time has come. */
    public void advance(long nowNanos) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).advance(nowNanos);
        }
    }

    /** Starts all members. */
    public void start(long nowNanos) {
        start(nowNanos, nowNanos);
    }

    /**
     * Starts all members of a group that came later than others: a startup delay is one of the host, and may be over.
     *
     * @param delayedFromNanos when the host's first elections began, not after now
     */
    public void start(long nowNanos, long delayedFromNanos) {
        if (state != State.INITIALIZE) {
            return;
        }
        this.delayedFromNanos = delayedFromNanos;
        members.forEach(member -> member.machine().beginStartupDelay(delayedFromNanos));
        for (VirtualRouter member : members) {
            if (!member.faults().isEmpty()) {
                enterFault(member, member.faults().iterator().next(), nowNanos);
                return;
            }
        }
        enterElections(TransitionReason.STARTUP, nowNanos);
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

    /** Takes all members out of the elections until {@link #resume}. */
    public void pause(long nowNanos) {
        fault(FaultCause.paused(name), nowNanos);
    }

    /** Lets all members take part again. */
    public void resume(long nowNanos) {
        clearFault(FaultCause.paused(name), nowNanos);
    }

    /** Adds a cause for fault that concerns the group as a whole. */
    public void fault(FaultCause cause, long nowNanos) {
        members.get(0).fault(cause, nowNanos);
    }

    /** Takes a cause for fault away that concerned the group as a whole. */
    public void clearFault(FaultCause cause, long nowNanos) {
        for (VirtualRouter member : members) {
            member.clearFault(cause, nowNanos);
        }
    }

    /** Takes news about something tracked by the group or by members. */
    public void onTrack(Tracked what, TrackValue value, long nowNanos) {
        for (VirtualRouter member : members()) {
            member.onTrack(what, value, nowNanos);
        }
    }

    /** Holds preemption back, or lets it go, for all members; see {@link VirtualRouter#setPreemptionHold}. */
    public void setPreemptionHold(boolean hold) {
        for (VirtualRouter member : members) {
            member.setPreemptionHold(hold);
        }
    }

    /** Behaves by other rules from now on; nothing else changes. */
    public void setRules(SyncGroupRules newRules, long nowNanos) {
        rules = newRules;
        for (VirtualRouter member : members()) {
            member.regroup(nowNanos);
        }
    }

    /**
     * Takes in a router that is not started, and brings it to the group's state: of an active group it is active at once,
     * without a detour of the others through backup.
     */
    public void add(VirtualRouter router, long nowNanos) {
        router.join(membership);
        members.add(router);
        members().forEach(member -> member.regroup(nowNanos));
        if (state == State.INITIALIZE) {
            return;
        }
        // Not again: the others hear, and would be active without it.
        router.machine().beginStartupDelay(delayedFromNanos);
        if (state != State.FAULT) {
            router.trustNewScripts(nowNanos);
        }
        if (!router.faults().isEmpty() && state != State.FAULT) {
            enterFault(router, router.faults().iterator().next(), nowNanos);
        } else if (state == State.FAULT) {
            router.machine().enterFault(TransitionReason.GROUP, "with " + name, false, nowNanos);
        } else if (state == State.ACTIVE) {
            router.machine().becomeActive(TransitionReason.GROUP, "with " + name, nowNanos);
        } else {
            router.machine().enterElections(TransitionReason.STARTUP, nowNanos);
        }
    }

    /**
     * Stops a member and lets it go; if it was what held the group in fault, the group leaves fault.
     *
     * @throws IllegalArgumentException if it is the last one: stop the group instead
     */
    public void remove(VirtualRouter router, long nowNanos) {
        if (members.size() == 1 || !members.contains(router)) {
            throw new IllegalArgumentException("sync group " + name + " cannot lose " + router.name()
                    + (members.size() == 1 ? ": it is the last member" : ": it is no member"));
        }
        boolean first = members.get(0) == router;
        router.stop(nowNanos);
        members.remove(router);
        router.leaveGroup(nowNanos);
        if (first) {
            passOn(router, nowNanos);
        }
        members().forEach(member -> member.regroup(nowNanos));
        if (state == State.FAULT) {
            leaveFault(nowNanos);
        }
    }

    /** Puts the members in this order; nothing else changes. Who is not named comes last. */
    public void arrange(List<String> names, long nowNanos) {
        VirtualRouter first = members.get(0);
        members.sort(Comparator.comparingInt(
                member -> names.contains(member.name()) ? names.indexOf(member.name()) : names.size()));
        if (members.get(0) != first) {
            passOn(first, nowNanos);
        }
    }

    /** What concerns the group as a whole stays with it, at the first member. */
    private void passOn(VirtualRouter before, long nowNanos) {
        before.faults().stream()
                .filter(cause -> cause.kind() == FaultCause.Kind.PAUSED || cause.kind() == FaultCause.Kind.APPLICATION)
                .forEach(cause -> members.get(0).fault(cause, nowNanos));
    }

    @Override
    public String toString() {
        return name + " (" + state + ")";
    }

    // How the group moves, on behalf of a member.

    /** All become active if all are ready; else the one whose timer expired waits once more. */
    void activate(VirtualRouter first, TransitionReason reason, long nowNanos) {
        for (VirtualRouter member : members) {
            if (member.state() != State.ACTIVE && !member.machine().isWilling()) {
                first.machine().waitForGroup(nowNanos);
                return;
            }
        }
        first.machine().becomeActive(reason, reason.text(), nowNanos);
        for (VirtualRouter member : members) {
            if (member.state() != State.ACTIVE) {
                member.machine().becomeActive(TransitionReason.GROUP, "with " + first.name(), nowNanos);
            }
        }
        change(State.ACTIVE, reason, first.name() + ": " + reason.text());
    }

    void followToBackup(VirtualRouter first, TransitionReason reason, String text, long nowNanos) {
        for (VirtualRouter member : members) {
            if (member != first && member.state() == State.ACTIVE) {
                member.machine().enterBackup(TransitionReason.GROUP, "with " + first.name(), nowNanos);
            }
        }
        change(State.BACKUP, reason, first.name() + ": " + text);
    }

    void leaveForSkew(VirtualRouter first, TransitionReason reason, String text, long nowNanos) {
        first.machine().leaveForSkew(reason, text, nowNanos);
        for (VirtualRouter member : members) {
            member.machine().leaveForSkew(TransitionReason.GROUP, "with " + first.name(), nowNanos);
        }
        change(State.BACKUP, reason, first.name() + ": " + text);
    }

    void enterFault(VirtualRouter origin, FaultCause cause, long nowNanos) {
        if (state == State.FAULT) {
            return;
        }
        for (VirtualRouter member : members) {
            boolean isOrigin = member == origin;
            member.machine()
                    .enterFault(
                            isOrigin ? cause.reason() : TransitionReason.GROUP,
                            isOrigin ? cause.toString() : origin.name() + ": " + cause,
                            !isOrigin || cause.leavesVoice(),
                            nowNanos);
        }
        change(State.FAULT, cause.reason(), origin.name() + ": " + cause);
    }

    void leaveFault(long nowNanos) {
        for (VirtualRouter member : members) {
            if (!member.faults().isEmpty()) {
                return;
            }
        }
        enterElections(TransitionReason.FAULT_CLEARED, nowNanos);
    }

    private void enterElections(TransitionReason reason, long nowNanos) {
        if (members.stream().allMatch(member -> member.machine().canBeActiveAtOnce(nowNanos))) {
            for (VirtualRouter member : members) {
                member.machine().becomeActive(TransitionReason.OWNER, TransitionReason.OWNER.text(), nowNanos);
            }
            change(State.ACTIVE, TransitionReason.OWNER, TransitionReason.OWNER.text());
            return;
        }
        for (VirtualRouter member : members) {
            member.machine().enterBackup(reason, reason.text(), nowNanos);
        }
        change(State.BACKUP, reason, reason.text());
        for (VirtualRouter member : members) {
            if (member.state() == State.BACKUP) {
                member.machine().electIfOwner(nowNanos);
            }
        }
    }

    private void change(State to, TransitionReason reason, String text) {
        if (state == to) {
            return;
        }
        State from = state;
        state = to;
        sink.accept(new Effect.GroupStateChanged(this, from, to, reason, text));
    }
}
