// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * Watches whether what we asked for again with a NACK comes.
 *
 * <p>The protocol has no negative answer: a peer that purged a range just stays silent about it, and what is sent again
 * comes under new numbers, mixed with news. What can be known: when the peer acknowledges the number of our NACK it has
 * done all it will do about it. If it was then further from the gap than its resend queue is long, or if fewer messages
 * than are missing came until a while after, some did not come.
 *
 * <p>The reverse is not certain: a message whose object changed since is not sent again either and makes no hole, and
 * under constant traffic news hide an unserved NACK.
 */
final class GapWatch {
    /** Gaps watched one by one; further ones are added to the newest. */
    private static final int LIMIT = 32;
    /** How many service times a NACK may stay unacknowledged by a peer that is heard. */
    private static final int UNCONFIRMED = 5;

    private final int peerQueueSize;
    private final long serviceNanos;

    private int count;
    private final int[] from = new int[LIMIT];
    private final int[] to = new int[LIMIT];
    private final long[] missing = new long[LIMIT];
    private final long[] arrived = new long[LIMIT];
    private final int[] nackSequence = new int[LIMIT];
    private final boolean[] nackSent = new boolean[LIMIT];
    private final boolean[] confirmed = new boolean[LIMIT];
    private final long[] deadline = new long[LIMIT];

    GapWatch(int peerQueueSize, long serviceNanos) {
        this.peerQueueSize = peerQueueSize;
        this.serviceNanos = serviceNanos;
    }

    void open(int gapFrom, int gapTo, long nowNanos) {
        int slot = count;
        if (count == LIMIT) {
            slot = LIMIT - 1;
            missing[slot] += gapTo - gapFrom + 1L;
        } else {
            count++;
            from[slot] = gapFrom;
            missing[slot] = gapTo - gapFrom + 1L;
            arrived[slot] = 0;
        }
        to[slot] = gapTo;
        nackSent[slot] = false;
        confirmed[slot] = false;
        deadline[slot] = nowNanos + UNCONFIRMED * serviceNanos;
    }

    /** Our NACK up to this number left, maybe not for the first time. */
    void nackSent(int gapTo, int sequence) {
        for (int slot = 0; slot < count; slot++) {
            if (to[slot] == gapTo) {
                nackSent[slot] = true;
                nackSequence[slot] = sequence;
            }
        }
    }

    /** A message that the peer may have sent for a NACK came. */
    void arrived() {
        for (int slot = 0; slot < count; slot++) {
            arrived[slot]++;
        }
    }

    /**
     * The peer acknowledged our messages up to a number, in its own message {@code peerSequence}.
     *
     * @return how many gaps it cannot have filled
     */
    int acknowledged(int upTo, int peerSequence, long nowNanos) {
        int unservable = 0;
        for (int slot = count - 1; slot >= 0; slot--) {
            if (nackSent[slot] && !confirmed[slot] && !Sequence.before(upTo, nackSequence[slot])) {
                confirmed[slot] = true;
                deadline[slot] = nowNanos + serviceNanos;
                if (peerSequence - from[slot] > peerQueueSize) {
                    close(slot);
                    unservable++;
                }
            }
        }
        return unservable;
    }

    /** Closes the gaps whose time is over and returns how many of them were not filled. */
    int expire(long nowNanos) {
        int unserved = 0;
        for (int slot = count - 1; slot >= 0; slot--) {
            if (deadline[slot] <= nowNanos) {
                if (!confirmed[slot] || arrived[slot] < missing[slot]) {
                    unserved++;
                }
                close(slot);
            }
        }
        return unserved;
    }

    /** The peer was silent: what waits for it has its full time again. */
    void restartClock(long nowNanos) {
        for (int slot = 0; slot < count; slot++) {
            deadline[slot] = nowNanos + (confirmed[slot] ? 1 : UNCONFIRMED) * serviceNanos;
        }
    }

    void clear() {
        count = 0;
    }

    private void close(int slot) {
        count--;
        for (int i = slot; i < count; i++) {
            from[i] = from[i + 1];
            to[i] = to[i + 1];
            missing[i] = missing[i + 1];
            arrived[i] = arrived[i + 1];
            nackSequence[i] = nackSequence[i + 1];
            nackSent[i] = nackSent[i + 1];
            confirmed[i] = confirmed[i + 1];
            deadline[i] = deadline[i + 1];
        }
    }

    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (int slot = 0; slot < count; slot++) {
            earliest = Math.min(earliest, deadline[slot]);
        }
        return earliest;
    }
}
