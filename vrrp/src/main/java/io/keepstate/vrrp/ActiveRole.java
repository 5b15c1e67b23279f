// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;
import org.jspecify.annotations.Nullable;

/** A virtual router as the active one (RFC 9568 section 6.4.3): keeps the schedule of its advertisements, and its rank. */
final class ActiveRole {

    private static final long NONE = Long.MAX_VALUE;

    private final StateMachine machine;
    private final LocalRouter self;
    /** Adver_Timer. */
    private long deadline = NONE;
    /** When another owner of lower address was first heard; it should have yielded since. */
    private long secondOwnerSince = NONE;

    private long secondOwnerLast;

    ActiveRole(StateMachine machine, LocalRouter self) {
        this.machine = machine;
        this.self = self;
    }

    /** Advertises, and sets the timer. */
    void enter(long nowNanos) {
        secondOwnerSince = NONE;
        deadline = nowNanos + self.intervalNanos();
        self.advertise(nowNanos);
    }

    /** Is not active any more. */
    void leave() {
        deadline = NONE;
    }

    long deadline() {
        return deadline;
    }

    /** The interval was configured anew: backups learn it at once, and the schedule begins anew. */
    void intervalChanged(long nowNanos) {
        self.advertise(nowNanos);
        deadline = nowNanos + self.intervalNanos();
    }

    /** Whether nothing was said for so long that others have taken over, and that is a reason to yield. */
    boolean isLate(long nowNanos) {
        return self.config().lateTimerGuard() && nowNanos - self.lastSentNanos() > self.othersTakeOverNanos();
    }

    /** The advertisement timer fired. */
    void onTimer(long nowNanos) {
        self.advertise(nowNanos);
        // From the schedule, not from now: an interval counted from now grows by every delay of the loop.
        long interval = self.intervalNanos();
        long missed = (nowNanos - deadline) / interval;
        self.counters.advertsSkipped += missed;
        deadline += (missed + 1) * interval;
    }

    /**
     * Hears another router.
     *
     * @return why to yield to it; null to go on
     */
    @Nullable
    TransitionReason hear(Advertisement advertisement, IpAddress source, long nowNanos) {
        if (source.equals(self.source())) {
            self.noteOnce(
                    Note.DUPLICATE_SOURCE, source, "is our own address: duplicate address, or a loop in the network");
            if (isEcho(advertisement, nowNanos)) {
                return null;
            }
        }
        int theirs = advertisement.priority();
        if (theirs == Advertisement.PRIORITY_RESIGN) {
            self.advertise(nowNanos);
            deadline = nowNanos + self.intervalNanos();
            return null;
        }
        int ours = self.priority();
        if (theirs > ours) {
            return TransitionReason.HIGHER_PRIORITY;
        }
        boolean twoOwners = theirs == Advertisement.PRIORITY_OWNER;
        if (twoOwners) {
            self.noteOnce(
                    Note.SECOND_OWNER, source, "claims priority 255 as well: only one router can own the addresses");
        }
        if (theirs == ours && source.compareTo(self.source()) > 0) {
            return TransitionReason.HIGHER_ADDRESS;
        }
        if (twoOwners && insists(advertisement, nowNanos)) {
            return TransitionReason.SECOND_OWNER;
        }
        answerLoser(source, theirs, nowNanos);
        return null;
    }

    /**
     * Whether what comes from our own address is likely our own voice: it has our priority, or one that we had a moment ago
     * (an echo may have left before the priority changed). To yield to it would leave nobody active. Any other priority is
     * another router's, which the section makes no exception for: two routers may well have one source address.
     */
    private boolean isEcho(Advertisement advertisement, long nowNanos) {
        int theirs = advertisement.priority();
        return theirs == self.priority() || self.saidLately(theirs, nowNanos);
    }

    /**
     * Discards, and asserts the role at once; bridges learn the path again. The schedule of our own advertisements stays as
     * it is, so that no stream of packets can move it.
     */
    private void answerLoser(IpAddress source, int theirs, long nowNanos) {
        if (!self.config().lowerPriorityNoAdvert()) {
            self.counters.losingAdvertsAnswered++;
            self.advertise(nowNanos);
        }
        machine.answerLoser(source, theirs);
    }

    /**
     * Whether another owner, which loses by its address, goes on nonetheless: it does not listen, so one of us must give in,
     * and it has to be us. It gets the time of two of our advertisements, and a good one of its own.
     */
    private boolean insists(Advertisement advertisement, long nowNanos) {
        long longer = Math.max(self.intervalNanos(), ActiveDownInterval.intervalNanos(advertisement.intervalCentis()));
        long patience = 2 * self.intervalNanos() + longer + longer / 5;
        if (secondOwnerSince == NONE || nowNanos - secondOwnerLast > patience) {
            secondOwnerSince = nowNanos;
        }
        secondOwnerLast = nowNanos;
        return nowNanos - secondOwnerSince >= patience;
    }
}
