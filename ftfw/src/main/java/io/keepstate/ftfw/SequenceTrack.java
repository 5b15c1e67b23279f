// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * The numbers of one sender where nothing is acknowledged: which are missing, which came late, and whether the sender
 * began anew. Remembers the last 64 numbers, so that a message that comes late is told from one that comes twice.
 */
final class SequenceTrack {
    /** What a sequence number means. */
    enum Verdict {
        /** The first of this sender. */
        FIRST,
        /** The expected one. */
        IN_ORDER,
        /** Numbers are missing before it; they may still come. */
        GAP,
        /** One that was missing. */
        LATE,
        /** One that was here already, or so late that nobody can tell. */
        REPEATED,
        /** The sender counts from somewhere else: it restarted. */
        RESTARTED
    }

    private static final int WINDOW = Long.SIZE;
    /** That many repeated numbers in a row are a sender that counts anew a little below, and no stragglers. */
    private static final int RUN = 3;

    private boolean seen;
    private boolean anew;
    private int last;
    /** Bit i: {@code last - i} was here. */
    private long here;

    private long missing;
    private long missingSince;
    private int run;
    private int runNext;
    private long lastHeard;

    Verdict judge(int sequence, long nowNanos) {
        lastHeard = nowNanos;
        if (!seen) {
            return baseline(sequence, Verdict.FIRST);
        }
        if (anew) {
            return baseline(sequence, Verdict.RESTARTED);
        }
        int distance = sequence - last;
        if (distance > 0) {
            return ahead(sequence, distance, nowNanos);
        }
        if (-distance < WINDOW && (here & 1L << -distance) == 0) {
            here |= 1L << -distance;
            missing = Math.max(0, missing - 1);
            return Verdict.LATE;
        }
        run = run > 0 && sequence == runNext ? run + 1 : 1;
        runNext = sequence + 1;
        return run >= RUN ? baseline(sequence, Verdict.RESTARTED) : Verdict.REPEATED;
    }

    private Verdict ahead(int sequence, int distance, long nowNanos) {
        last = sequence;
        here = distance < WINDOW ? here << distance | 1 : 1;
        run = 0;
        if (distance == 1) {
            return Verdict.IN_ORDER;
        }
        if (missing == 0) {
            missingSince = nowNanos;
        }
        missing += distance - 1;
        return Verdict.GAP;
    }

    private Verdict baseline(int sequence, Verdict verdict) {
        seen = true;
        anew = false;
        last = sequence;
        here = -1; // what came before the first is not missed
        missing = 0;
        run = 0;
        return verdict;
    }

    /** Somebody knows that the sender restarted: whatever its next number is, it is the first. */
    void beginAnew() {
        anew = seen;
    }

    int last() {
        return last;
    }

    /** Whether numbers are missing. */
    boolean isIncomplete() {
        return missing > 0;
    }

    /** Since when numbers are missing. */
    long missingSince() {
        return missingSince;
    }

    /** What is missing now does not come any more. */
    void giveUpMissing() {
        missing = 0;
        here = -1;
    }

    /** When this sender was last heard. */
    long lastHeard() {
        return lastHeard;
    }
}
