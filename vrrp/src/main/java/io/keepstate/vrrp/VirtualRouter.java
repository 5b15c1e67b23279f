// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.util.EnumSet;
import java.util.LinkedHashSet;
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
 * application puts up addresses when it is ready. A router may be a member of a {@link SyncGroup}; start, stop and resign
 * it there then. Not thread-safe: one loop owns it.
 */
public final class VirtualRouter {

    private static final long NONE = Long.MAX_VALUE;

    private final VirtualRouterConfig config;
    private final EffectSink sink;
    private final Set<FaultCause> faults = new LinkedHashSet<>();
    private final EnumSet<Note> noted = EnumSet.noneOf(Note.class);
    private final MutableCounters counters = new MutableCounters();
    private GroupRules rules = GroupRules.ALONE;

    private State state = State.INITIALIZE;
    private IpAddress sourceAddress;
    private int priority;
    private boolean preemptionHold;
    private ChecksumForm checksumForm;
    private Effect.SendAdvertisement advertise;
    private Effect.SendAdvertisement resign;

    /** When the timer of the present state fires: the advertisement timer if active, the down timer if backup. */
    private long deadline = NONE;
    /** Interval of the active router: our own if we are it or have heard none; learned in version 3. */
    private int activeIntervalCentis;
    /** The router whose advertisements we last accepted as those of the active one. */
    private @Nullable IpAddress activeRouter;
    /** What the down timer will mean when it expires. */
    private TransitionReason electionReason = TransitionReason.ACTIVE_SILENT;
    /** Whether the down timer expired and only the sync group holds the router back. */
    private boolean willing;

    private long lastSentNanos;

    /**
     * A virtual router, not started.
     *
     * @param config what it is
     * @param sourceAddress the address it advertises from: the interface's primary address, or its link-local one for IPv6
     * @param sink where its effects go
     */
    public VirtualRouter(VirtualRouterConfig config, IpAddress sourceAddress, EffectSink sink) {
        this.config = config;
        this.sourceAddress = checkSource(config, sourceAddress);
        this.sink = sink;
        this.priority = config.priority();
        this.activeIntervalCentis = config.intervalCentis();
        this.checksumForm = initialForm(config);
        this.advertise = sending(priority);
        this.resign = sending(Advertisement.PRIORITY_RESIGN);
    }

    /** Its configuration. */
    public VirtualRouterConfig config() {
        return config;
    }

    /** Its name. */
    public String name() {
        return config.name();
    }

    /** Its state. */
    public State state() {
        return state;
    }

    /** The priority it has now: the configured one unless {@link #setPriority} changed it. */
    public int priority() {
        return priority;
    }

    /** The address it advertises from. */
    public IpAddress sourceAddress() {
        return sourceAddress;
    }

    /** The address of the active router: its own, or the one last heard; null if none was. */
    public @Nullable IpAddress activeRouter() {
        return state == State.ACTIVE ? sourceAddress : activeRouter;
    }

    /** The interval of the active router in centiseconds: Active_Adver_Interval. */
    public int activeIntervalCentis() {
        return activeIntervalCentis;
    }

    /** What stands in the way of leaving {@link State#FAULT}. */
    public Set<FaultCause> faults() {
        return Set.copyOf(faults);
    }

    /** When to call {@link #advance}; {@link Long#MAX_VALUE} if there is nothing to wait for. */
    public long nextDeadline() {
        return deadline;
    }

    /** A snapshot of the counters. */
    public VirtualRouterCounters counters() {
        return counters.snapshot();
    }

    /** Starts it (RFC 9568 section 6.4.1): to backup, to active if it is the owner, or to fault if a cause stands. */
    public void start(long nowNanos) {
        if (state != State.INITIALIZE) {
            return;
        }
        if (!faults.isEmpty()) {
            enterFault(TransitionReason.FAULT, faults.iterator().next().toString(), false, nowNanos);
            return;
        }
        enterBackup(TransitionReason.STARTUP, TransitionReason.STARTUP.text(), nowNanos);
        electIfOwner(nowNanos);
    }

    /** Stops it; an active router resigns with priority 0. */
    public void stop(long nowNanos) {
        if (state == State.INITIALIZE) {
            return;
        }
        if (state == State.ACTIVE) {
            send(resign, nowNanos);
        }
        deadline = NONE;
        willing = false;
        activeRouter = null;
        change(State.INITIALIZE, TransitionReason.SHUTDOWN, TransitionReason.SHUTDOWN.text());
    }

    /** Gives the role away: resigns with priority 0 and waits as a backup for the whole active down interval. */
    public void resign(String text, long nowNanos) {
        if (state == State.ACTIVE) {
            send(resign, nowNanos);
            enterBackup(TransitionReason.RESIGNED, text, nowNanos);
        }
    }

    /** Fires the timer if its time has come. */
    public void advance(long nowNanos) {
        if (nowNanos < deadline) {
            return;
        }
        if (state == State.ACTIVE) {
            onAdvertisementTimer(nowNanos);
        } else {
            willing = true;
            rules.willing(this, electionReason, nowNanos);
        }
    }

    /**
     * Takes an advertisement that passed every check of {@link AdvertisementReceiver}; nothing else
     * may come here, for this is what moves timers.
     *
     * @param advertisement what was said
     * @param source who said it
     */
    public void onAdvertisement(Advertisement advertisement, IpAddress source, long nowNanos) {
        if (state != State.BACKUP && state != State.ACTIVE) {
            counters.advertsIgnored++;
            return;
        }
        counters.advertsReceived++;
        if (advertisement.priority() == Advertisement.PRIORITY_RESIGN) {
            counters.priorityZeroReceived++;
        }
        if (state == State.BACKUP) {
            hearAsBackup(advertisement, source, nowNanos);
        } else {
            hearAsActive(advertisement, source, nowNanos);
        }
        // Last: what was noted about the previous active router is forgotten when a new one is followed.
        compareLists(advertisement, source);
        followChecksum(advertisement, source);
    }

    /** Adds a cause for fault. An active router resigns with priority 0 unless its link is what failed. */
    public void fault(FaultCause cause, long nowNanos) {
        boolean first = faults.isEmpty();
        if (faults.add(cause) && first && state != State.INITIALIZE) {
            rules.faulted(this, cause, nowNanos);
        }
    }

    /** Takes a cause for fault away; with the last one the router starts over as a backup. */
    public void clearFault(FaultCause cause, long nowNanos) {
        if (faults.remove(cause) && faults.isEmpty() && state == State.FAULT) {
            rules.cleared(this, nowNanos);
        }
    }

    /**
     * Changes the priority, as trackers do. A running down timer is shifted by the difference of the skew times.
     *
     * @param newPriority 1 to 254
     * @throws IllegalArgumentException if it is out of range, or if the router owns the addresses: an owner stays at 255
     */
    public void setPriority(int newPriority, long nowNanos) {
        if (config.isOwner() || newPriority < 1 || newPriority >= Advertisement.PRIORITY_OWNER) {
            throw new IllegalArgumentException("virtual router " + config.name() + ": priority cannot become "
                    + newPriority + (config.isOwner() ? ": it owns its addresses" : ": it must be 1 to 254"));
        }
        if (state == State.BACKUP) {
            deadline = Math.max(nowNanos, deadline + skewNanos(newPriority) - skewNanos(priority));
        }
        priority = newPriority;
        advertise = sending(priority);
    }

    /** Changes the address it advertises from, which is also what breaks ties. */
    public void setSourceAddress(IpAddress address) {
        sourceAddress = checkSource(config, address);
    }

    /**
     * Holds preemption back or lets it go. While held, an active router of lower priority that is heard is left alone; when
     * it falls silent or resigns, election goes ahead at once as if there were no hold.
     */
    public void setPreemptionHold(boolean hold) {
        preemptionHold = hold;
    }

    /** Whether an active router of lower priority may not be preempted for now. */
    public boolean preemptionHold() {
        return preemptionHold;
    }

    @Override
    public String toString() {
        return config.name() + " (VRID " + config.virtualRouterId() + " on " + config.interfaceName() + ", " + state
                + ")";
    }

    // What the rules of a group may do to a member.

    void join(GroupRules group) {
        if (rules != GroupRules.ALONE) {
            throw new IllegalArgumentException("virtual router " + name() + " is a member of two sync groups");
        }
        if (state != State.INITIALIZE) {
            throw new IllegalStateException("virtual router " + name() + " joins a sync group after its start");
        }
        rules = group;
    }

    boolean isWilling() {
        return willing;
    }

    /** The group is not ready: wait once more. */
    void waitForGroup(long nowNanos) {
        deadline = nowNanos + downNanos();
    }

    void electIfOwner(long nowNanos) {
        if (config.isOwner()) {
            willing = true;
            electionReason = TransitionReason.OWNER;
            rules.willing(this, TransitionReason.OWNER, nowNanos);
        }
    }

    /** RFC 9568 section 6.4.2 (350 to 385), without the addresses: those are the application's. */
    void becomeActive(TransitionReason reason, String text, long nowNanos) {
        willing = false;
        activeRouter = null;
        activeIntervalCentis = config.intervalCentis();
        deadline = nowNanos + intervalNanos();
        send(advertise, nowNanos);
        counters.becameActive++;
        change(State.ACTIVE, reason, text);
    }

    void enterBackup(TransitionReason reason, String text, long nowNanos) {
        willing = false;
        electionReason = TransitionReason.ACTIVE_SILENT;
        activeIntervalCentis = config.intervalCentis();
        deadline = nowNanos + downNanos();
        change(State.BACKUP, reason, text);
    }

    void enterFault(TransitionReason reason, String text, boolean sayGoodbye, long nowNanos) {
        if (state == State.ACTIVE && sayGoodbye) {
            send(resign, nowNanos);
        }
        deadline = NONE;
        willing = false;
        activeRouter = null;
        change(State.FAULT, reason, text);
    }

    // The two states that listen.

    /** RFC 9568 section 6.4.2 (400 to 470). */
    private void hearAsBackup(Advertisement advertisement, IpAddress source, long nowNanos) {
        if (advertisement.priority() == Advertisement.PRIORITY_RESIGN) {
            // Never later than it was: repeated resignations must not put the election off.
            deadline = Math.min(deadline, nowNanos + skewNanos(priority));
            electionReason = TransitionReason.ACTIVE_RESIGNED;
            return;
        }
        boolean lower = advertisement.priority() < priority;
        if (lower && config.preempt() && !preemptionHold) {
            electionReason = TransitionReason.PREEMPTING;
            return;
        }
        if (lower && config.preempt()) {
            counters.preemptionsHeld++;
            noteOnce(Note.PREEMPTION_HELD, source, "of lower priority is active; preemption is on hold");
        }
        follow(advertisement, source);
        willing = false;
        electionReason = TransitionReason.ACTIVE_SILENT;
        deadline = nowNanos + downNanos();
    }

    /** RFC 9568 section 6.4.3 (655 to 745). */
    private void hearAsActive(Advertisement advertisement, IpAddress source, long nowNanos) {
        if (source.equals(sourceAddress)) {
            noteOnce(Note.DUPLICATE_SOURCE, source, "is our own address: duplicate address, or a loop in the network");
            return;
        }
        int theirs = advertisement.priority();
        if (theirs == Advertisement.PRIORITY_RESIGN) {
            send(advertise, nowNanos);
            deadline = nowNanos + intervalNanos();
            return;
        }
        if (theirs == Advertisement.PRIORITY_OWNER && config.isOwner()) {
            noteOnce(Note.SECOND_OWNER, source, "claims priority 255 as well: only one router can own the addresses");
        }
        if (theirs > priority || (theirs == priority && source.compareTo(sourceAddress) > 0)) {
            TransitionReason reason =
                    theirs > priority ? TransitionReason.HIGHER_PRIORITY : TransitionReason.HIGHER_ADDRESS;
            yieldTo(advertisement, source, reason, nowNanos);
            return;
        }
        // RFC 9568 (730, 735): discard, and assert the role at once; bridges learn the path again. The schedule of our
        // own
        // advertisements stays as it is, so that no stream of packets can move it.
        counters.losingAdvertsAnswered++;
        send(advertise, nowNanos);
        sink.accept(new Effect.Reannounce(this));
    }

    private void yieldTo(Advertisement advertisement, IpAddress source, TransitionReason reason, long nowNanos) {
        String text = source + " is active with priority " + advertisement.priority() + ", ours is " + priority;
        enterBackup(reason, text, nowNanos);
        follow(advertisement, source);
        deadline = nowNanos + downNanos();
        rules.yielded(this, reason, text, nowNanos);
    }

    private void onAdvertisementTimer(long nowNanos) {
        if (config.lateTimerGuard() && nowNanos - lastSentNanos > othersTakeOverNanos()) {
            String text = "no advertisement sent for " + (nowNanos - lastSentNanos) / 1_000_000 + " ms";
            enterBackup(TransitionReason.LATE, text, nowNanos);
            rules.yielded(this, TransitionReason.LATE, text, nowNanos);
            return;
        }
        send(advertise, nowNanos);
        // From the schedule, not from now: an interval counted from now grows by every delay of the loop.
        long interval = intervalNanos();
        long missed = (nowNanos - deadline) / interval;
        counters.advertsSkipped += missed;
        deadline += (missed + 1) * interval;
    }

    private void follow(Advertisement advertisement, IpAddress source) {
        if (!source.equals(activeRouter)) {
            activeRouter = source;
            noted.clear();
        }
        if (config.version() == Version.V2) {
            return;
        }
        int interval = advertisement.intervalCentis();
        if (interval > config.maxLearnedIntervalCentis()) {
            counters.intervalsCapped++;
            noteOnce(Note.LEARNED_INTERVAL_CAPPED, source, "advertises an interval longer than is believed");
            interval = config.maxLearnedIntervalCentis();
        } else if (interval != config.intervalCentis()) {
            noteOnce(Note.INTERVAL_DIFFERS, source, "advertises another interval than ours; its interval is used");
        }
        activeIntervalCentis = interval;
    }

    private void compareLists(Advertisement advertisement, IpAddress source) {
        if (!advertisement.addresses().equals(advertise.advertisement().addresses())) {
            counters.addressListMismatches++;
            noteOnce(Note.ADDRESS_LIST_MISMATCH, source, "advertises other virtual addresses than ours");
        }
    }

    private void followChecksum(Advertisement advertisement, IpAddress source) {
        if (config.checksumMode() == ChecksumMode.AUTO && advertisement.checksumForm() != checksumForm) {
            checksumForm = advertisement.checksumForm();
            advertise = sending(priority);
            resign = sending(Advertisement.PRIORITY_RESIGN);
            noteOnce(Note.CHECKSUM_FORM_CHANGED, source, "uses the checksum form " + checksumForm + "; so do we now");
        }
    }

    private void send(Effect.SendAdvertisement effect, long nowNanos) {
        lastSentNanos = nowNanos;
        counters.advertsSent++;
        if (effect.advertisement().priority() == Advertisement.PRIORITY_RESIGN) {
            counters.priorityZeroSent++;
        }
        sink.accept(effect);
    }

    private void change(State to, TransitionReason reason, String text) {
        if (state == to) {
            return;
        }
        State from = state;
        state = to;
        noted.clear();
        if (from == State.ACTIVE) {
            counters.releasedActive++;
        }
        sink.accept(new Effect.StateChanged(this, from, to, reason, text));
    }

    private void noteOnce(Note note, IpAddress source, String text) {
        if (noted.add(note)) {
            sink.accept(new Effect.Noted(this, note, source + " " + text));
        }
    }

    private Effect.SendAdvertisement sending(int value) {
        return new Effect.SendAdvertisement(
                this,
                new Advertisement(
                        config.version(),
                        config.virtualRouterId(),
                        value,
                        config.intervalCentis(),
                        config.advertisedAddresses(),
                        config.authentication(),
                        checksumForm));
    }

    private long intervalNanos() {
        return ActiveDownInterval.intervalNanos(config.intervalCentis());
    }

    private long skewNanos(int ofPriority) {
        return ActiveDownInterval.skewNanos(config.version(), ofPriority, activeIntervalCentis);
    }

    private long downNanos() {
        return ActiveDownInterval.nanos(config.version(), priority, activeIntervalCentis);
    }

    /** When the best possible backup has taken over from us. */
    private long othersTakeOverNanos() {
        return ActiveDownInterval.nanos(config.version(), Advertisement.PRIORITY_OWNER - 1, config.intervalCentis());
    }

    private static ChecksumForm initialForm(VirtualRouterConfig config) {
        if (config.version() == Version.V2) {
            return ChecksumForm.MESSAGE_ONLY;
        }
        return switch (config.family()) {
            case IPV4 -> config.checksumMode().initialForm();
            case IPV6 -> ChecksumForm.PSEUDO_HEADER;
        };
    }

    private static IpAddress checkSource(VirtualRouterConfig config, IpAddress address) {
        if (address.family() != config.family()) {
            throw new IllegalArgumentException("virtual router " + config.name() + ": source address " + address
                    + " is not of the family of its virtual addresses");
        }
        return address;
    }
}
