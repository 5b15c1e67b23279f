// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import java.util.ArrayDeque;

/**
 * Messages on their way to the VRRP loop, in order. What finds no room in the queue waits here and is tried again; when
 * too much waits, the VRRP loop is taken for dead.
 */
final class VrrpOutbox {
    private static final int LIMIT = 64;
    private static final long RETRY_NANOS = 10_000_000;

    private final BoundedQueue<ToVrrp> queue;
    private final Runnable dead;
    private final ArrayDeque<ToVrrp> unsent = new ArrayDeque<>();

    /**
     * Nothing waits yet.
     *
     * @param dead run each time the messages for a loop that takes none are given up
     */
    VrrpOutbox(BoundedQueue<ToVrrp> queue, Runnable dead) {
        this.queue = queue;
        this.dead = dead;
    }

    void send(ToVrrp message) {
        unsent.add(message);
        flush();
        if (unsent.size() > LIMIT) {
            unsent.clear();
            dead.run();
        }
    }

    /** Hands over what waits, as far as there is room. */
    void flush() {
        while (!unsent.isEmpty() && queue.offer(unsent.peek())) {
            unsent.remove();
        }
    }

    boolean isEmpty() {
        return unsent.isEmpty();
    }

    /** When to {@link #flush}, {@link Long#MAX_VALUE} when nothing waits. */
    long nextDeadline(long nowNanos) {
        return unsent.isEmpty() ? Long.MAX_VALUE : nowNanos + RETRY_NANOS;
    }
}
