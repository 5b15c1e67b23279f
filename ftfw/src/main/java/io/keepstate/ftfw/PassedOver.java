// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * What an acknowledged range passed over. What lies below it was lost, and a NACK for it precedes that ACK or is itself
 * under way. If neither came after a while, the peer does not know that it missed something (it took a later number as
 * its baseline): it is told again.
 */
final class PassedOver {
    private final SendQueues queues;
    private final long patienceNanos;
    private boolean passed;
    /** The highest beginning of an acknowledged range. */
    private int below;

    private boolean passedBefore;
    /** What {@link #below} was at the last check. */
    private int belowBefore;

    private long checkAt;

    PassedOver(SendQueues queues, long patienceNanos) {
        this.queues = queues;
        this.patienceNanos = patienceNanos;
    }

    /** The first message leaves. */
    void begin(long nowNanos) {
        checkAt = nowNanos + patienceNanos;
    }

    /** The peer acknowledged a range. */
    void acknowledged(int from) {
        if (!passed || Sequence.before(below, from)) {
            passed = true;
            below = from;
        }
    }

    /** Queues again what was passed over before the last check and is still not acknowledged; how many messages. */
    int requeue(long nowNanos) {
        if (nowNanos < checkAt) {
            return 0;
        }
        checkAt = nowNanos + patienceNanos;
        int again = passedBefore
                ? queues.againBelow(SendQueues.RS_CONTROLS, belowBefore)
                        + queues.againBelow(SendQueues.RS_OBJECTS, belowBefore)
                : 0;
        passedBefore = passed;
        belowBefore = below;
        return again;
    }

    /** When to check again, {@link Long#MAX_VALUE} if nothing was passed over. */
    long nextDeadline() {
        boolean waits = passed
                && (queues.isBelow(SendQueues.RS_CONTROLS, below) || queues.isBelow(SendQueues.RS_OBJECTS, below));
        return waits ? checkAt : Long.MAX_VALUE;
    }
}
