// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import java.util.Arrays;

/**
 * Open-addressing map from handle to entry number: linear probing, at most half full, deletion by shifting back, so
 * there are no tombstones and lookups do not slow down with age. Grows by doubling, never shrinks.
 */
final class HandleIndex {
    static final int NONE = -1;

    private long[] keys;
    private int[] values;
    private int mask;
    private int size;

    HandleIndex(int expected) {
        allocate(Integer.highestOneBit(Math.max(8, expected)) << 2);
    }

    private void allocate(int capacity) {
        keys = new long[capacity];
        values = new int[capacity];
        Arrays.fill(values, NONE);
        mask = capacity - 1;
    }

    int get(long key) {
        int slot = slot(key);
        while (values[slot] != NONE) {
            if (keys[slot] == key) {
                return values[slot];
            }
            slot = (slot + 1) & mask;
        }
        return NONE;
    }

    /** Adds a key that is not in the map. */
    void add(long key, int value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        insert(key, value);
        size++;
    }

    private void insert(long key, int value) {
        int slot = slot(key);
        while (values[slot] != NONE) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        values[slot] = value;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        allocate(oldKeys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != NONE) {
                insert(oldKeys[i], oldValues[i]);
            }
        }
    }

    void remove(long key) {
        int slot = slot(key);
        while (values[slot] != NONE) {
            if (keys[slot] == key) {
                closeHole(slot);
                size--;
                return;
            }
            slot = (slot + 1) & mask;
        }
    }

    /** Moves back each following key of the run whose own slot does not lie between the hole and where it stands. */
    private void closeHole(int start) {
        int hole = start;
        int probe = (start + 1) & mask;
        while (values[probe] != NONE) {
            int home = slot(keys[probe]);
            if (((probe - home) & mask) >= ((probe - hole) & mask)) {
                keys[hole] = keys[probe];
                values[hole] = values[probe];
                hole = probe;
            }
            probe = (probe + 1) & mask;
        }
        values[hole] = NONE;
    }

    int size() {
        return size;
    }

    private int slot(long key) {
        // Fibonacci hashing: handles are dense in their low bits (slots), and the multiplication spreads them.
        return ((int) ((key * 0x9E3779B97F4A7C15L) >>> 32)) & mask;
    }
}
