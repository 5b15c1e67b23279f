// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;

/**
 * The states of one virtual router and the ways between them (RFC 9568 section 6.4): what is heard goes to the role it has, and
 * what moves a sync group as one is left to its {@link Membership}. What may keep it in fault is not known here.
 */
final class StateMachine {

    private final VirtualRouter router;
    private final LocalRouter self;
    private final HeardActive heard;
    private final BackupRole backup;
    private final ActiveRole active;
    private Membership membership = Membership.ALONE;
    private State state = State.INITIALIZE;
    /** The end of the startup delay. */
    private long thawNanos = Long.MIN_VALUE;

    StateMachine(VirtualRouter router, LocalRouter self) {
        this.router = router;
        this.self = self;
        this.heard = new HeardActive(self);
        this.backup = new BackupRole(self, heard);
        this.active = new ActiveRole(this, self);
    }

    State state() {
        return state;
    }

    HeardActive heard() {
        return heard;
    }

    BackupRole backup() {
        return backup;
    }

    Membership membership() {
        return membership;
    }

    void setMembership(Membership value) {
        membership = value;
    }

    long nextDeadline() {
        return state == State.ACTIVE ? active.deadline() : backup.deadline();
    }

    /** See {@link VirtualRouter#stop}. */
    void stop(long nowNanos) {
        if (state == State.INITIALIZE) {
            return;
        }
        if (state == State.ACTIVE) {
            self.resign(nowNanos);
        }
        fallSilent(nowNanos);
        change(State.INITIALIZE, TransitionReason.SHUTDOWN, TransitionReason.SHUTDOWN.text());
    }

    /** See {@link VirtualRouter#resign}. */
    void resign(String text, long nowNanos) {
        if (state == State.ACTIVE) {
            self.resign(nowNanos);
            enterBackup(TransitionReason.RESIGNED, text, nowNanos);
        }
    }

    /** Fires the timer if its time has come. */
    void advance(long nowNanos) {
        if (nowNanos < nextDeadline()) {
            return;
        }
        if (state != State.ACTIVE) {
            backup.becomeWilling();
            membership.willing(router, backup.reason(), nowNanos);
        } else if (active.isLate(nowNanos)) {
            yieldLate(nowNanos);
        } else {
            active.onTimer(nowNanos);
        }
    }

    /** See {@link VirtualRouter#onAdvertisement}. */
    void onAdvertisement(Advertisement advertisement, IpAddress source, long nowNanos) {
        if (!listens(advertisement, source, nowNanos)) {
            self.counters.advertsIgnored++;
            return;
        }
        if (self.config().dualVersion() && heard.isEchoOfVersion3(advertisement, source, nowNanos)) {
            self.counters.version2Ignored++;
            return;
        }
        self.counters.advertsReceived++;
        boolean resignation = advertisement.priority() == Advertisement.PRIORITY_RESIGN;
        if (resignation) {
            self.counters.priorityZeroReceived++;
        }
        boolean trusted = self.config().skipAddressListCheck() && source.equals(heard.address());
        if (state == State.ACTIVE && active.isLate(nowNanos)) {
            // While this process slept others have taken over: what arrived meanwhile must not be answered as if we
            // were it.
            yieldLate(nowNanos);
        }
        if (state == State.ACTIVE) {
            hearAsActive(advertisement, source, nowNanos);
        } else {
            backup.hear(advertisement, source, nowNanos);
            if (resignation) {
                membership.resignationHeard(router, nowNanos);
            }
        }
        // Last: what was noted about the previous active router is forgotten when a new one is followed.
        if (!trusted) {
            self.compareLists(advertisement, source);
        }
        self.followChecksum(advertisement, source);
    }

    /** What was learned and what runs is kept; timers move by what the intervals changed. */
    void reconfigure(VirtualRouterConfig newConfig, long nowNanos) {
        if (state == State.ACTIVE && active.isLate(nowNanos)) {
            yieldLate(nowNanos);
        }
        long down = self.downNanos(heard.intervalCentis());
        VirtualRouterConfig old = self.config();
        boolean otherInterval = old.intervalCentis() != newConfig.intervalCentis();
        self.setConfig(newConfig);
        heard.configChanged();
        if (!old.equals(newConfig)) {
            self.emit(new Effect.Reconfigured(router, old, newConfig));
        }
        backup.shiftBy(self.downNanos(heard.intervalCentis()) - down, nowNanos);
        if (state == State.ACTIVE && otherInterval) {
            active.intervalChanged(nowNanos);
        }
    }

    /** A running down timer moves by the difference of the skew times. */
    void priorityChanges(int from, int to, long nowNanos) {
        int interval = heard.intervalCentis();
        backup.shiftBy(self.skewNanos(to, interval) - self.skewNanos(from, interval), nowNanos);
    }

    boolean isWilling() {
        return backup.isWilling();
    }

    /** The group is not ready: wait once more. */
    void waitForGroup(long nowNanos) {
        backup.waitAgain(nowNanos);
    }

    void hearResignationElsewhere(LegResignation meaning, long nowNanos) {
        if (state == State.BACKUP) {
            backup.hearResignationElsewhere(meaning, nowNanos);
        }
    }

    void beginStartupDelay(long nowNanos) {
        long delay = self.config().startupDelay().toNanos();
        thawNanos = delay == 0 ? Long.MIN_VALUE : nowNanos + delay;
    }

    /** Whether nothing but the startup delay could keep the owner of the addresses from being active. */
    boolean canBeActiveAtOnce(long nowNanos) {
        return self.config().isOwner() && nowNanos >= thawNanos;
    }

    /** RFC 9568 section 6.4.1: the owner of the addresses is active at once, all others wait for the active router. */
    void enterElections(TransitionReason reason, long nowNanos) {
        if (canBeActiveAtOnce(nowNanos)) {
            becomeActive(TransitionReason.OWNER, TransitionReason.OWNER.text(), nowNanos);
        } else {
            enterBackup(reason, reason.text(), nowNanos);
            electIfOwner(nowNanos);
        }
    }

    void electIfOwner(long nowNanos) {
        if (!self.config().isOwner()) {
            return;
        }
        backup.waitUntil(Math.max(nowNanos, thawNanos), TransitionReason.OWNER);
        if (nowNanos >= thawNanos) {
            advance(nowNanos);
        }
    }

    /** RFC 9568 section 6.4.2 (RFC 5798: 365 to 410), without the addresses: those are the application's. */
    void becomeActive(TransitionReason reason, String text, long nowNanos) {
        backup.leave();
        heard.forget(nowNanos);
        self.counters.becameActive++;
        active.enter(nowNanos);
        change(State.ACTIVE, reason, text);
    }

    void enterBackup(TransitionReason reason, String text, long nowNanos) {
        active.leave();
        backup.enter(Math.max(nowNanos, thawNanos));
        change(State.BACKUP, reason, text);
    }

    /** Resigns if active, and as a backup waits no longer than the skew. */
    void leaveForSkew(TransitionReason reason, String text, long nowNanos) {
        if (state == State.ACTIVE) {
            self.resign(nowNanos);
            enterBackup(reason, text, nowNanos);
            backup.waitForSkew(nowNanos);
        }
    }

    /** Neighbours may have learned another router's address: announce again, and let the group do so. */
    void answerLoser(IpAddress source, int theirs) {
        reannounce();
        self.emit(new Effect.LoserHeard(router, source, theirs));
        membership.loserHeard(router);
    }

    void reannounce() {
        self.emit(new Effect.Reannounce(router));
    }

    void enterFault(TransitionReason reason, String text, boolean sayGoodbye, long nowNanos) {
        if (state == State.ACTIVE && sayGoodbye) {
            self.resign(nowNanos);
        }
        fallSilent(nowNanos);
        change(State.FAULT, reason, text);
    }

    private void fallSilent(long nowNanos) {
        active.leave();
        backup.leave();
        heard.forget(nowNanos);
    }

    private boolean listens(Advertisement advertisement, IpAddress source, long nowNanos) {
        if ((state != State.BACKUP && state != State.ACTIVE) || nowNanos < thawNanos) {
            return false;
        }
        boolean deaf = self.config().isOwner() && self.config().ownerIgnoresAdverts();
        if (deaf && advertisement.priority() == Advertisement.PRIORITY_OWNER) {
            self.noteOnce(
                    Note.SECOND_OWNER, source, "claims priority 255 as well: only one router can own the addresses");
        }
        return !deaf;
    }

    private void hearAsActive(Advertisement advertisement, IpAddress source, long nowNanos) {
        TransitionReason reason = active.hear(advertisement, source, nowNanos);
        if (reason != null) {
            yieldTo(advertisement, source, reason, nowNanos);
        }
    }

    private void yieldTo(Advertisement advertisement, IpAddress source, TransitionReason reason, long nowNanos) {
        String text = source + " is active with priority " + advertisement.priority() + ", ours is " + self.priority();
        if (self.config().higherPrioritySendsAdvert()) {
            self.advertise(nowNanos);
        }
        enterBackup(reason, text, nowNanos);
        backup.follow(advertisement, source, nowNanos);
        membership.yielded(router, reason, text, nowNanos);
    }

    private void yieldLate(long nowNanos) {
        String text = "no advertisement sent for " + (nowNanos - self.lastSentNanos()) / 1_000_000 + " ms";
        self.counters.lateYields++;
        enterBackup(TransitionReason.LATE, text, nowNanos);
        membership.yielded(router, TransitionReason.LATE, text, nowNanos);
    }

    private void change(State to, TransitionReason reason, String text) {
        if (state == to) {
            return;
        }
        State from = state;
        state = to;
        self.forgetNotes();
        if (from == State.ACTIVE) {
            self.counters.releasedActive++;
        }
        self.emit(new Effect.StateChanged(router, from, to, reason, text));
    }
}
