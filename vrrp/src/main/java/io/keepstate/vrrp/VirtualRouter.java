// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one virtual router (RFC 9568 section 6.4, RFC 3768 section 6.4): a function from inputs and time to
 * {@linkplain Effect effects}. It owns no clock, socket or address.
 *
 * <p>Every input carries {@code nowNanos}, a monotonic time that never goes back. After any input ask
 * {@link #nextDeadline()} and call {@link #advance} when that time has come; before doing so hand over all advertisements
 * that have already arrived, or a process that slept will elect itself against an active router that is alive.
 *
 * <p>Becoming active is immediate: the first advertisement leaves at election, so that no third router interferes, and the
 * application puts up addresses when it is ready. A router may be a member of a {@link SyncGroup}; start, stop, resign and
 * pause it there then. Not thread-safe: one loop owns it.
 */
public final class VirtualRouter {

    private final LocalRouter self;
    private final StateMachine machine;
    private final Tracking tracking = new Tracking();
    private final Set<FaultCause> faults = new LinkedHashSet<>();
    private Set<FaultCause> trackerFaults = Set.of();
    private int basePriority;

    /**
     * A virtual router, not started.
     *
     * @param config what it is
     * @param sourceAddress the address it advertises from: the interface's primary address, or its link-local one for IPv6
     * @param sink where its effects go
     */
    public VirtualRouter(VirtualRouterConfig config, IpAddress sourceAddress, EffectSink sink) {
        this.self = new LocalRouter(this, config, sourceAddress, sink);
        this.machine = new StateMachine(this, self);
        this.basePriority = config.priority();
        defineTracking();
    }

    /** Its configuration. */
    public VirtualRouterConfig config() {
        return self.config();
    }

    /** Its name. */
    public String name() {
        return config().name();
    }

    /** Its state. */
    public State state() {
        return machine.state();
    }

    /** The priority it has now: the base priority and what trackers add to it, 1 to 254; the owner's is 255. */
    public int priority() {
        return self.priority();
    }

    /** The priority before trackers: the configured one unless {@link #setPriority} changed it. */
    public int basePriority() {
        return basePriority;
    }

    /** The address it advertises from. */
    public IpAddress sourceAddress() {
        return self.source();
    }

    /** What it says as the active router, as of now: one advertisement, or with version 2 beside version 3 two. */
    public List<Advertisement> advertisements() {
        return self.advertisements();
    }

    /** The address of the active router: its own, or the one last heard; null if none was. */
    public @Nullable IpAddress activeRouter() {
        return state() == State.ACTIVE ? self.source() : machine.heard().address();
    }

    /** The priority of the active router: its own, or the one last heard; 0 if none was. */
    public int activePriority() {
        return state() == State.ACTIVE ? self.priority() : machine.heard().priority();
    }

    /** The interval of the active router in centiseconds: Active_Adver_Interval. */
    public int activeIntervalCentis() {
        return machine.heard().intervalCentis();
    }

    /** What stands in the way of leaving {@link State#FAULT}. */
    public Set<FaultCause> faults() {
        return Set.copyOf(faults);
    }

    /** When to call {@link #advance}; {@link Long#MAX_VALUE} if there is nothing to wait for. */
    public long nextDeadline() {
        return machine.nextDeadline();
    }

    /** A snapshot of the counters. */
    public VirtualRouterCounters counters() {
        return self.counters.snapshot();
    }

    /** Sets all counters to zero (keepalived: SIGRTMAX-1). */
    public void clearCounters() {
        self.counters.clear();
    }

    /** Starts it (RFC 9568 section 6.4.1): to backup, to active if it is the owner, or to fault if a cause stands. */
    public void start(long nowNanos) {
        if (state() != State.INITIALIZE) {
            return;
        }
        machine.beginStartupDelay(nowNanos);
        if (faults.isEmpty()) {
            machine.enterElections(TransitionReason.STARTUP, nowNanos);
        } else {
            FaultCause first = faults.iterator().next();
            machine.enterFault(first.reason(), first.toString(), false, nowNanos);
        }
    }

    /** Stops it; an active router resigns with priority 0. */
    public void stop(long nowNanos) {
        machine.stop(nowNanos);
    }

    /** Gives the role away: resigns with priority 0 and waits as a backup for the whole active down interval. */
    public void resign(String text, long nowNanos) {
        machine.resign(text, nowNanos);
    }

    /** Takes it out of the elections until {@link #resume}: a fault that an operator wants. An active router resigns. */
    public void pause(long nowNanos) {
        fault(FaultCause.paused(name()), nowNanos);
    }

    /** Lets it take part again; it starts over as a backup. */
    public void resume(long nowNanos) {
        clearFault(FaultCause.paused(name()), nowNanos);
    }

    /** Fires the timer if its time has come. */
    public void advance(long nowNanos) {
        machine.advance(nowNanos);
    }

    /**
     * Takes an advertisement that passed every check of {@link AdvertisementReceiver}; nothing else
     * may come here, for this is what moves timers.
     *
     * @param advertisement what was said
     * @param source who said it
     */
    public void onAdvertisement(Advertisement advertisement, IpAddress source, long nowNanos) {
        machine.onAdvertisement(advertisement, source, nowNanos);
    }

    /** Adds a cause for fault. An active router resigns with priority 0 unless its link is what failed. */
    public void fault(FaultCause cause, long nowNanos) {
        boolean first = faults.isEmpty();
        if (faults.add(cause) && first && state() != State.INITIALIZE) {
            machine.membership().faulted(this, cause, nowNanos);
        }
    }

    /** Takes a cause for fault away; with the last one the router starts over as a backup. */
    public void clearFault(FaultCause cause, long nowNanos) {
        if (faults.remove(cause) && faults.isEmpty() && state() == State.FAULT) {
            machine.membership().cleared(this, nowNanos);
        }
    }

    /** Takes news about something tracked; of no effect if the router does not track it. */
    public void onTrack(Tracked what, TrackValue value, long nowNanos) {
        if (tracking.set(what, value)) {
            settleTracking(nowNanos);
        }
    }

    /**
     * A virtual address vanished from its interface. An active router cannot be without: it resigns, takes all addresses
     * down, and waits for the skew time only, so that either it or a better one holds them all again at once.
     *
     * @param address the address, for people
     */
    public void onAddressLost(String address, long nowNanos) {
        if (state() == State.ACTIVE) {
            self.counters.addressesLost++;
            machine.membership().addressLost(this, address + ": " + TransitionReason.ADDRESS_LOST.text(), nowNanos);
        }
    }

    /**
     * Changes the base priority. What trackers add stays; a running down timer is shifted by the difference of the skew
     * times.
     *
     * @param newPriority 1 to 254
     * @throws IllegalArgumentException if it is out of range, or if the router owns the addresses: an owner stays at 255
     */
    public void setPriority(int newPriority, long nowNanos) {
        if (config().isOwner() || newPriority < 1 || newPriority >= Advertisement.PRIORITY_OWNER) {
            throw new IllegalArgumentException("virtual router " + name() + ": priority cannot become " + newPriority
                    + (config().isOwner() ? ": it owns its addresses" : ": it must be 1 to 254"));
        }
        basePriority = newPriority;
        settlePriority(nowNanos);
    }

    /** Changes the address it advertises from, which is also what breaks ties. */
    public void setSourceAddress(IpAddress address) {
        self.setSource(address);
    }

    /**
     * Holds preemption back or lets it go. While held, an active router of lower priority that is heard is left alone; when
     * it falls silent or resigns, election goes ahead at once as if there were no hold.
     */
    public void setPreemptionHold(boolean hold) {
        machine.backup().hold(hold);
    }

    /** Whether an active router of lower priority may not be preempted for now. */
    public boolean preemptionHold() {
        return machine.backup().isHeld();
    }

    /**
     * Configures it anew: state, counters, timers, faults and what is known of trackers and of the active router are kept,
     * but for the faults of links that it does not need any more. The new priority, addresses and interval are in the next
     * advertisement.
     *
     * @throws IllegalArgumentException if it would be another virtual router ({@link Reconfiguration#obstacles})
     */
    public void reconfigure(VirtualRouterConfig newConfig, long nowNanos) {
        List<String> obstacles = Reconfiguration.obstacles(config(), newConfig);
        if (!obstacles.isEmpty()) {
            throw new IllegalArgumentException("virtual router " + name()
                    + " cannot be changed while it runs, stop it and start it anew: " + String.join("; ", obstacles));
        }
        VirtualRouterConfig old = config();
        machine.reconfigure(newConfig, nowNanos);
        basePriority = newConfig.priority();
        defineTracking();
        settleTracking(nowNanos);
        if (state() == State.ACTIVE && !old.holdings().equals(newConfig.holdings())) {
            self.emit(new Effect.HoldingsChanged(this, old.holdings(), newConfig.holdings()));
        }
        if (state() == State.BACKUP && newConfig.isOwner() && !old.isOwner()) {
            machine.electIfOwner(nowNanos);
        }
        // Nobody will tell of their return, for this router is not concerned any more.
        Set<String> needed = Surroundings.needed(newConfig);
        for (String name : Surroundings.needed(old)) {
            if (!needed.contains(name)) {
                clearFault(FaultCause.link(name), nowNanos);
            }
        }
    }

    /**
     * Adds a virtual address while it runs; an active router is told to put it up and announce it.
     *
     * @param advertised whether it is advertised, or only moves with the others
     * @throws IllegalArgumentException if it cannot be one of this router's
     */
    public void addAddress(VirtualAddress address, boolean advertised, long nowNanos) {
        reconfigure(Reconfiguration.with(config(), address, advertised), nowNanos);
    }

    /**
     * Takes a virtual address away while it runs; an active router is told to take it down.
     *
     * @throws IllegalArgumentException if it has none such, or it is the last one it advertises
     */
    public void removeAddress(IpAddress address, long nowNanos) {
        reconfigure(Reconfiguration.without(config(), address), nowNanos);
    }

    @Override
    public String toString() {
        return name() + " (VRID " + config().virtualRouterId() + " on " + config().interfaceName() + ", " + state()
                + ")";
    }

    StateMachine machine() {
        return machine;
    }

    void join(Membership group) {
        if (machine.membership() != Membership.ALONE) {
            throw new IllegalArgumentException("virtual router " + name() + " is a member of two sync groups");
        }
        if (state() != State.INITIALIZE) {
            throw new IllegalStateException("virtual router " + name() + " joins a sync group after its start");
        }
        machine.setMembership(group);
        defineTracking();
    }

    /** The group's rules or members changed. */
    void regroup(long nowNanos) {
        defineTracking();
        settleTracking(nowNanos);
    }

    /** It joins a group that takes part in elections: a script that nothing is known of must not cost the group its role. */
    void trustNewScripts(long nowNanos) {
        tracking.trustNewScripts();
        settleTracking(nowNanos);
    }

    void leaveGroup(long nowNanos) {
        machine.setMembership(Membership.ALONE);
        regroup(nowNanos);
    }

    private void defineTracking() {
        Membership group = machine.membership();
        tracking.define(config().tracks(), group.tracks(), group.weightsCount());
        if (state() == State.BACKUP || state() == State.ACTIVE) {
            // A script that comes with a changed configuration must not cost the role before it has been run.
            tracking.trustNewScripts();
        }
        if (state() == State.INITIALIZE) {
            settleTracking(0);
        }
    }

    private void settleTracking(long nowNanos) {
        Set<FaultCause> before = trackerFaults;
        trackerFaults = tracking.faults();
        // New ones first: between an old cause and a new one the router must not be free of fault.
        for (FaultCause cause : trackerFaults) {
            fault(cause, nowNanos);
        }
        settlePriority(nowNanos);
        for (FaultCause cause : before) {
            if (!trackerFaults.contains(cause)) {
                clearFault(cause, nowNanos);
            }
        }
    }

    private void settlePriority(long nowNanos) {
        int before = self.priority();
        int after = config().isOwner()
                ? Advertisement.PRIORITY_OWNER
                : Math.max(1, Math.min(Advertisement.PRIORITY_OWNER - 1, basePriority + tracking.weight()));
        if (after == before) {
            return;
        }
        machine.priorityChanges(before, after, nowNanos);
        self.setPriority(after);
        if (state() == State.BACKUP || state() == State.ACTIVE) {
            self.emit(new Effect.PriorityChanged(this, state(), before, after));
        }
    }
}
