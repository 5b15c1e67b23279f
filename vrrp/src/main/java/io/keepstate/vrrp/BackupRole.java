// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.IpAddress;

/**
 * A virtual router as a backup (RFC 9568 section 6.4.2): listens to the active router, and knows when it is to be taken for
 * dead and why.
 */
final class BackupRole {

    private static final long NONE = Long.MAX_VALUE;
    /** What an advertisement may be late on its way or in a loop, at least. */
    private static final long LATENESS_NANOS = 10_000_000;

    private final LocalRouter self;
    private final HeardActive heard;
    /** Active_Down_Timer. */
    private long deadline = NONE;
    /** What the down timer will mean when it expires. */
    private TransitionReason reason = TransitionReason.ACTIVE_SILENT;
    /** Whether the down timer expired and only the sync group holds the router back. */
    private boolean willing;
    /** The down timer as it would be if no other leg of the group had news; only while it was shortened. */
    private long ownDeadline = NONE;

    private boolean shortened;
    private boolean held;
    /** Until when an active router of lower priority is left alone; none was heard if there is no such time. */
    private long preemptAt = NONE;

    BackupRole(LocalRouter self, HeardActive heard) {
        this.self = self;
        this.heard = heard;
    }

    /** Starts to listen. */
    void enter(long nowNanos) {
        leave();
        heard.forget(nowNanos);
        deadline = nowNanos + self.downNanos(heard.intervalCentis());
    }

    /** Is no backup any more. */
    void leave() {
        deadline = NONE;
        reason = TransitionReason.ACTIVE_SILENT;
        willing = false;
        shortened = false;
        preemptAt = NONE;
    }

    long deadline() {
        return deadline;
    }

    TransitionReason reason() {
        return reason;
    }

    boolean isWilling() {
        return willing;
    }

    /** The down timer expired, or the owner of the addresses need not wait for it. */
    void becomeWilling() {
        willing = true;
    }

    boolean isHeld() {
        return held;
    }

    void hold(boolean value) {
        held = value;
    }

    /** Waits once more: the sync group is not ready. */
    void waitAgain(long nowNanos) {
        shortened = false;
        deadline = nowNanos + self.downNanos(heard.intervalCentis());
    }

    /** Waits for the skew only. */
    void waitForSkew(long nowNanos) {
        deadline = nowNanos + skewNanos();
    }

    /** Waits until then, since this reason decides already. */
    void waitUntil(long nanos, TransitionReason why) {
        deadline = nanos;
        reason = why;
    }

    /** RFC 9568 section 6.4.2, from RFC 5798's step 420 on. */
    void hear(Advertisement advertisement, IpAddress source, long nowNanos) {
        if (advertisement.priority() == Advertisement.PRIORITY_RESIGN) {
            hearResignation(nowNanos);
            return;
        }
        heard.spoke(nowNanos);
        if (shortened) {
            // This leg is alive after all.
            shortened = false;
            deadline = ownDeadline;
            reason = TransitionReason.ACTIVE_SILENT;
        }
        if (advertisement.priority() >= self.priority()) {
            preemptAt = NONE;
            follow(advertisement, source, nowNanos);
            return;
        }
        boolean preempt = self.config().preempt();
        boolean delayed = preempt && isDelayed(nowNanos);
        if (preempt && !delayed && !held) {
            reason = TransitionReason.PREEMPTING;
            return;
        }
        follow(advertisement, source, nowNanos);
        if (held && preempt) {
            self.counters.preemptionsHeld++;
            self.noteOnce(Note.PREEMPTION_HELD, source, "of lower priority is active; preemption is on hold");
        } else if (delayed) {
            self.counters.preemptionsHeld++;
            self.noteOnce(
                    Note.PREEMPTION_DELAYED, source, "of lower priority is active; preemption waits for the delay");
        }
    }

    /** Takes this router for the active one: the whole down interval, with its interval, begins now. */
    void follow(Advertisement advertisement, IpAddress source, long nowNanos) {
        heard.spoke(nowNanos);
        heard.follow(advertisement, source);
        willing = false;
        reason = TransitionReason.ACTIVE_SILENT;
        deadline = nowNanos + self.downNanos(heard.intervalCentis());
    }

    /** Another leg of the sync group heard a resignation, and this is what it means here. */
    void hearResignationElsewhere(LegResignation meaning, long nowNanos) {
        long elected = nowNanos + skewNanos();
        if (meaning == LegResignation.SILENT_LEGS) {
            long interval = ActiveDownInterval.intervalNanos(heard.intervalCentis());
            elected = Math.max(elected, heard.lastNanos() + interval + Math.max(interval / 8, LATENESS_NANOS));
        }
        if (meaning == LegResignation.THIS_LEG || elected >= deadline) {
            return;
        }
        ownDeadline = shortened ? ownDeadline : deadline;
        shortened = true;
        deadline = elected;
        reason = TransitionReason.ACTIVE_RESIGNED;
    }

    /** The priority changed: the down timer moves by the difference of the skew times. */
    void shiftBy(long nanos, long nowNanos) {
        if (deadline != NONE) {
            deadline = Math.max(nowNanos, deadline + nanos);
            ownDeadline = shortened ? Math.max(nowNanos, ownDeadline + nanos) : NONE;
        }
    }

    private void hearResignation(long nowNanos) {
        // Each one sets the timer anew, to more than was left too: RFC 9568 section 6.4.2 knows no exception.
        deadline = nowNanos + skewNanos();
        shortened = false;
        preemptAt = NONE;
        reason = TransitionReason.ACTIVE_RESIGNED;
    }

    /** Whether the preempt delay runs; the first active router of lower priority that is heard starts it. */
    private boolean isDelayed(long nowNanos) {
        long delay = self.config().preemptDelay().toNanos();
        if (delay == 0) {
            return false;
        }
        if (preemptAt == NONE) {
            preemptAt = nowNanos + delay;
        }
        return nowNanos < preemptAt;
    }

    private long skewNanos() {
        return self.skewNanos(self.priority(), heard.intervalCentis());
    }
}
