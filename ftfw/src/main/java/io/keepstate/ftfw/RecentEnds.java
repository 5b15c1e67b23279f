// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/**
 * The ends that were told last, in a mode that tells each change once. A link that failed is noticed late, and what it
 * swallowed until then is told by the next bulk update, but for ends: a bulk tells only what lives, and a peer that never
 * sweeps would keep the rest for ever.
 *
 * <p>Two periods are kept, the present one and the one before.
 */
final class RecentEnds {
    /** A lost carrier is noticed within 200 ms, by a loop that may be late itself. */
    private static final long PERIOD_NANOS = 500_000_000L;

    private PayloadQueue present;
    private PayloadQueue before;
    private long begun;
    private boolean used;
    private int notKept;

    /** @param octets most to keep of one period */
    RecentEnds(int octets) {
        present = new PayloadQueue(octets);
        before = new PayloadQueue(octets);
    }

    /** An end is being told. */
    void add(int type, ByteBuf payload, long nowNanos) {
        turn(nowNanos);
        notKept += present.add(type, payload) ? 0 : 1;
    }

    /** Hands what was kept over, oldest first; the number of ends for which there was no room, here or there. */
    int moveTo(PayloadQueue queue, ByteBuf scratch, long nowNanos) {
        turn(nowNanos);
        int lost = notKept + move(before, queue, scratch) + move(present, queue, scratch);
        notKept = 0;
        return lost;
    }

    private static int move(PayloadQueue from, PayloadQueue to, ByteBuf scratch) {
        int lost = 0;
        for (; from.count() > 0; from.remove()) {
            scratch.clear();
            from.write(scratch);
            lost += to.add(from.type(), scratch) ? 0 : 1;
        }
        return lost;
    }

    private void turn(long nowNanos) {
        long passed = nowNanos - begun;
        if (used && passed < PERIOD_NANOS) {
            return;
        }
        used = true;
        PayloadQueue oldest = before;
        before = present;
        present = oldest;
        present.clear();
        if (passed >= 2 * PERIOD_NANOS) {
            before.clear();
        }
        notKept = 0;
        begun = nowNanos;
    }
}
