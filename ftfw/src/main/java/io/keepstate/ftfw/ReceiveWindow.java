// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * The receiving side's memory: which number is expected, what is not acknowledged yet, and whether a number out of
 * order means loss, lateness or a new life of the peer.
 */
final class ReceiveWindow {
    /** What a sequence number means. */
    enum Verdict {
        /** Nothing was seen before: whatever comes first is the baseline. */
        FIRST,
        /** The expected one. */
        IN_ORDER,
        /** Numbers are missing before it. */
        GAP,
        /** Late, repeated or reordered: never used, since a newer state may have been applied already. */
        LATE,
        /** The peer lost its state; its numbers go on at or above ours. */
        RESTART_ABOVE,
        /** The peer lost its state; its numbers go on below ours. */
        RESTART_BELOW
    }

    /** A HELLO at most this far back may be a reordered one; it is believed when the next number follows. */
    private static final int REORDER_REACH = 64;
    /** That many late messages in a row, over that many alive intervals, are a stream and not stragglers. */
    private static final int LATE_RUN = 3;

    private static final int LATE_ALIVES = 3;

    private final int windowSize;
    private final long lateNanos;

    private boolean seen;
    private int last;
    /** Whether the last accepted message carried HELLO: the peer is (still) greeting. */
    private boolean greeting;

    private boolean ackPending;
    private int ackFrom;
    private long ackPendingSince;
    private int windowLeft;

    private int lateRun;
    private int lateNext;
    private long lateSince;

    ReceiveWindow(int windowSize, long aliveNanos) {
        this.windowSize = windowSize;
        this.windowLeft = windowSize;
        this.lateNanos = LATE_ALIVES * aliveNanos;
    }

    Verdict judge(int sequence, boolean hello, long nowNanos) {
        if (!seen) {
            return Verdict.FIRST;
        }
        int distance = sequence - expected();
        if (distance < 0) {
            return judgeBelow(sequence, distance, hello, nowNanos);
        }
        if (hello && !greeting) {
            return Verdict.RESTART_ABOVE;
        }
        return distance == 0 ? Verdict.IN_ORDER : Verdict.GAP;
    }

    /**
     * A peer that restarts begins at the seconds of the calendar, which may be below what its former self reached. Then
     * it says HELLO; but an old HELLO may also just be late, and if its HELLOs are answered by a stray HELLO_BACK (or a
     * forged number took us far ahead) it goes on without one.
     */
    private Verdict judgeBelow(int sequence, int distance, boolean hello, long nowNanos) {
        if (hello && distance < -REORDER_REACH) {
            return Verdict.RESTART_BELOW;
        }
        if (lateRun == 0 || sequence != lateNext) {
            lateRun = 0;
            lateSince = nowNanos;
        }
        lateRun++;
        lateNext = sequence + 1;
        if ((hello && lateRun > 1) || (lateRun >= LATE_RUN && nowNanos - lateSince >= lateNanos)) {
            return Verdict.RESTART_BELOW;
        }
        return Verdict.LATE;
    }

    /** Takes a number as the last one received, in order or as a new baseline. */
    void accept(int sequence, boolean hello, long nowNanos) {
        seen = true;
        last = sequence;
        greeting = hello;
        lateRun = 0;
        if (!ackPending) {
            ackPending = true;
            ackFrom = sequence;
            ackPendingSince = nowNanos;
        }
        windowLeft--;
    }

    /** Whether the window is used up and an ACK is due at once. */
    boolean isFull() {
        return windowLeft <= 0;
    }

    /** Forgets what was to be acknowledged, once it is written into an ACK or means nothing any more. */
    void acknowledged() {
        ackPending = false;
        windowLeft = windowSize;
    }

    boolean isAckPending() {
        return ackPending;
    }

    int ackFrom() {
        return ackFrom;
    }

    long ackPendingSince() {
        return ackPendingSince;
    }

    int last() {
        return last;
    }

    int expected() {
        return last + 1;
    }

    boolean isSeen() {
        return seen;
    }
}
