// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.port.Waker;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Carries immutable messages from one loop to the other: one thread offers, one polls, neither ever waits. A full queue
 * means that the other loop does not run any more; it is counted, and the sender acts on it.
 *
 * @param <T> the messages
 */
public final class BoundedQueue<T> {
    private final AtomicReferenceArray<@Nullable T> slots;
    private final int mask;
    private final Waker waker;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong full = new AtomicLong();

    /**
     * An empty queue.
     *
     * @param capacity rounded up to a power of two
     * @param waker wakes the loop that polls
     */
    public BoundedQueue(int capacity, Waker waker) {
        int slotCount = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
        this.slots = new AtomicReferenceArray<>(slotCount);
        this.mask = slotCount - 1;
        this.waker = waker;
    }

    /** Appends a message and wakes the other loop; false when the queue is full, which is counted. */
    public boolean offer(T message) {
        long at = tail.get();
        if (at - head.get() > mask) {
            full.incrementAndGet();
            return false;
        }
        slots.set((int) at & mask, message);
        // Publishes the slot: the polling thread reads the tail before the slot.
        tail.set(at + 1);
        waker.wake();
        return true;
    }

    /**
     * As {@link #offer}, but only while half of the queue is free: for messages of which there may be a flood, and without
     * which everybody can live.
     */
    public boolean offerSpare(T message) {
        if (tail.get() - head.get() > mask / 2) {
            full.incrementAndGet();
            return false;
        }
        return offer(message);
    }

    /** Takes the oldest message, null when there is none. */
    public @Nullable T poll() {
        long at = head.get();
        if (at == tail.get()) {
            return null;
        }
        int slot = (int) at & mask;
        T message = slots.get(slot);
        slots.set(slot, null);
        head.set(at + 1);
        return message;
    }

    /** Whether a {@link #poll} would find nothing. */
    public boolean isEmpty() {
        return head.get() == tail.get();
    }

    /** How often a message found no room. */
    public long timesFull() {
        return full.get();
    }
}
