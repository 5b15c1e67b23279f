// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * One alarm per handle, for a million of them: a wheel of slots of equal time, each a list through primitive arrays, so
 * that setting, moving and dropping an alarm take constant time.
 */
final class AlarmWheel {
    private static final int NONE = -1;
    private static final long FINEST_SLOT_NANOS = 50_000_000L;
    private static final int MOST_SLOTS = 4096;

    private final long slotNanos;
    private final int[] head;
    private final HandleIndex index = new HandleIndex(1024);
    private long[] handle = new long[0];
    private int[] slotOf = new int[0];
    private int[] next = new int[0];
    private int[] previous = new int[0];
    private int free = NONE;
    /** The slot whose time comes next, counted from the beginning of time. */
    private long turn = Long.MIN_VALUE;

    /** A wheel for alarms at most this far ahead. */
    AlarmWheel(long longestNanos) {
        slotNanos = Math.max(FINEST_SLOT_NANOS, longestNanos / MOST_SLOTS);
        head = new int[(int) (longestNanos / slotNanos) + 2];
        Arrays.fill(head, NONE);
    }

    int size() {
        return index.size();
    }

    boolean contains(long key) {
        return index.get(key) != NONE;
    }

    /** Sets the alarm of a handle that has none. */
    void set(long key, long atNanos, long nowNanos) {
        if (turn == Long.MIN_VALUE) {
            turn = Math.floorDiv(nowNanos, slotNanos);
        }
        long at = Math.max(Math.floorDiv(atNanos, slotNanos), turn);
        int slot = (int) Math.floorMod(Math.min(at, turn + head.length - 1), (long) head.length);
        int entry = allocate();
        handle[entry] = key;
        slotOf[entry] = slot;
        previous[entry] = NONE;
        next[entry] = head[slot];
        if (head[slot] != NONE) {
            previous[head[slot]] = entry;
        }
        head[slot] = entry;
        index.add(key, entry);
    }

    /** Drops the alarm of a handle; false if it has none. */
    boolean drop(long key) {
        int entry = index.get(key);
        if (entry == NONE) {
            return false;
        }
        remove(entry);
        return true;
    }

    /** Drops every alarm. */
    void clear() {
        for (int slot = 0; slot < head.length; slot++) {
            while (head[slot] != NONE) {
                remove(head[slot]);
            }
        }
    }

    /** Drops the alarms that are due, up to a budget, and tells whose they were. */
    int due(long nowNanos, int budget, LongConsumer told) {
        int fired = 0;
        long current = Math.floorDiv(nowNanos, slotNanos);
        while (size() > 0 && turn < current && fired < budget) {
            int slot = (int) Math.floorMod(turn, (long) head.length);
            while (head[slot] != NONE && fired < budget) {
                int entry = head[slot];
                long key = handle[entry];
                remove(entry);
                told.accept(key);
                fired++;
            }
            if (head[slot] == NONE) {
                turn++;
            }
        }
        if (size() == 0) {
            turn = Math.max(turn, current);
        }
        return fired;
    }

    /** When the next slot with an alarm is due, about; Long.MAX_VALUE without alarms. */
    long nextDeadline() {
        if (size() == 0) {
            return Long.MAX_VALUE;
        }
        long slot = turn;
        while (head[(int) Math.floorMod(slot, (long) head.length)] == NONE) {
            slot++;
        }
        return (slot + 1) * slotNanos;
    }

    private void remove(int entry) {
        index.remove(handle[entry]);
        if (previous[entry] == NONE) {
            head[slotOf[entry]] = next[entry];
        } else {
            next[previous[entry]] = next[entry];
        }
        if (next[entry] != NONE) {
            previous[next[entry]] = previous[entry];
        }
        next[entry] = free;
        free = entry;
    }

    private int allocate() {
        if (free == NONE) {
            int old = handle.length;
            int capacity = Math.max(1024, 2 * old);
            handle = Arrays.copyOf(handle, capacity);
            slotOf = Arrays.copyOf(slotOf, capacity);
            next = Arrays.copyOf(next, capacity);
            previous = Arrays.copyOf(previous, capacity);
            for (int entry = capacity - 1; entry >= old; entry--) {
                next[entry] = free;
                free = entry;
            }
        }
        int entry = free;
        free = next[entry];
        return entry;
    }
}
