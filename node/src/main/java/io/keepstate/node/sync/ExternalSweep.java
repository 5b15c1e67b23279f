// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.ftfw.SyncSession;
import org.jspecify.annotations.Nullable;

/**
 * After a resync, removes the copies of flows or expectations that the peer did not renew: it has them no more, and the
 * message that said so was lost. The protocol does not mark the end of a bulk, so the entries not renewed yet are
 * counted every two seconds; when hardly any was renewed in between, the bulk is over.
 *
 * <p>Nothing is swept before the peer heard the question, which its acknowledgement tells: it queued its whole table
 * before it acknowledged. Where nothing is acknowledged a question may be lost in silence, and traffic renews a few all the
 * same: so it is asked several times before anything is swept, and more often before most is.
 */
final class ExternalSweep {
    private static final long SAMPLE_NANOS = 2_000_000_000L;
    /** How long an answer is waited for. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final int SLICE = 4096;
    /** A bulk goes on while more than this share of what is missing arrives between two counts. */
    private static final int PROGRESS_SHARE = 100;

    private enum Phase {
        IDLE,
        WAITING,
        COUNTING,
        SWEEPING
    }

    private final Copies copies;
    private final SyncSession session;
    private Phase phase = Phase.IDLE;
    private Cursor cursor = new Cursor();
    private int counted;
    private int lastCount;
    private boolean counts;
    private int known;
    private int questions;
    private long deadline = Long.MAX_VALUE;
    private long begunAt;
    private long now;
    private int swept;

    /** What is swept. A walk may take several slices, each with the same cursor. */
    interface Copies {
        /** From now on the peer renews what it still has. */
        void mark(long nowNanos);

        /** How many there are. */
        int size();

        /** One slice over those that were not renewed since the mark; how many it met. */
        int countNotRenewed(Cursor cursor, int budget);

        /** One slice that removes them; how many. */
        int removeNotRenewed(Cursor cursor, int budget);

        /** Nothing is left that the peer did not renew. */
        default void swept() {}
    }

    ExternalSweep(Copies copies, SyncSession session) {
        this.copies = copies;
        this.session = session;
    }

    /** A resync is being asked for now. */
    void begin(long nowNanos) {
        copies.mark(nowNanos);
        known = copies.size();
        counts = false;
        questions = 1;
        phase = known == 0 ? Phase.IDLE : Phase.WAITING;
        begunAt = nowNanos;
        deadline = nowNanos + SAMPLE_NANOS;
    }

    /** The copies were flushed: there is nothing left to compare with. */
    void cancel() {
        phase = Phase.IDLE;
    }

    boolean isActive() {
        return phase != Phase.IDLE;
    }

    /** One slice; the number of entries removed when the sweep ended with it, else null. */
    @Nullable
    Integer doWork(long nowNanos) {
        now = nowNanos;
        if (phase == Phase.WAITING && nowNanos >= deadline) {
            phase = Phase.COUNTING;
            cursor = new Cursor();
            counted = 0;
        }
        if (phase == Phase.COUNTING) {
            counted += copies.countNotRenewed(cursor, SLICE);
            if (cursor.isDone()) {
                decide(nowNanos);
            }
        } else if (phase == Phase.SWEEPING) {
            swept += copies.removeNotRenewed(cursor, SLICE);
            if (cursor.isDone()) {
                phase = Phase.IDLE;
                copies.swept();
                return swept;
            }
        }
        return null;
    }

    long nextDeadline() {
        return switch (phase) {
            case IDLE -> Long.MAX_VALUE;
            case WAITING -> deadline;
            case COUNTING, SWEEPING -> now;
        };
    }

    private void decide(long nowNanos) {
        boolean heard = session.isResyncHeard();
        boolean progress = !counts || lastCount - counted > lastCount / PROGRESS_SHARE;
        counts = true;
        lastCount = counted;
        if (counted == 0 || (!heard && nowNanos - begunAt >= PATIENCE_NANOS)) {
            phase = Phase.IDLE;
            if (heard) {
                copies.swept();
            }
        } else if (!heard || progress) {
            waitOn(nowNanos);
        } else if (questions < questionsNeeded()) {
            questions++;
            session.requestResync();
            waitOn(nowNanos);
        } else {
            phase = Phase.SWEEPING;
            cursor = new Cursor();
            swept = 0;
        }
    }

    private int questionsNeeded() {
        int needed = session.resyncsUntilBelieved();
        return counted > known / 2 ? needed : (needed + 1) / 2;
    }

    private void waitOn(long nowNanos) {
        phase = Phase.WAITING;
        deadline = nowNanos + SAMPLE_NANOS;
    }
}
