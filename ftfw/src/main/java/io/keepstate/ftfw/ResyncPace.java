// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * When to ask for everything where nobody acknowledges the question. Each answer is a whole table, so while losses go
 * on the interval doubles; after a while without losses it is the shortest again.
 */
final class ResyncPace {
    private static final long NEVER = Long.MIN_VALUE;
    /** So many intervals without a question are a calm link. */
    private static final int CALM = 4;

    private final long shortest;
    private final long longest;
    private long interval;
    private boolean wanted;
    private long sentAt = NEVER;
    private long holeAt = NEVER;

    ResyncPace(long shortest, long longest) {
        this.shortest = shortest;
        this.longest = longest;
        this.interval = shortest;
    }

    void want() {
        wanted = true;
    }

    /** Something was lost for good. */
    void onHole(long nowNanos) {
        holeAt = nowNanos;
    }

    boolean isDue(long nowNanos) {
        return wanted && nowNanos >= dueAt();
    }

    void sent(long nowNanos) {
        boolean lostSince = sentAt != NEVER && holeAt != NEVER && holeAt >= sentAt;
        boolean goesOn = lostSince && nowNanos - sentAt < CALM * interval;
        interval = goesOn ? Math.min(longest, 2 * interval) : shortest;
        wanted = false;
        sentAt = nowNanos;
    }

    /** Whether the peer was heard since the question left, and nothing was lost since. */
    boolean isAnswered(long lastHeardNanos) {
        return !wanted && sentAt != NEVER && lastHeardNanos > sentAt && (holeAt == NEVER || holeAt <= sentAt);
    }

    long nextDeadline() {
        return wanted ? dueAt() : Long.MAX_VALUE;
    }

    private long dueAt() {
        return sentAt == NEVER ? NEVER : sentAt + interval;
    }
}
