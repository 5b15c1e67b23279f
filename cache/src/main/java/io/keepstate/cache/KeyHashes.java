// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** A set of flows, each by the hash of its key: open addressing, at most half full; deletion shifts back. */
final class KeyHashes {
    private static final int SMALLEST = 64;

    private long[] slots = new long[SMALLEST];
    private int size;

    /** Adds a flow; nothing happens if it is in. */
    void add(long hash) {
        long key = hash == 0 ? 1 : hash;
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        size += insert(key) ? 1 : 0;
    }

    /** The flow ended, or found room. Whether it was in. */
    boolean remove(long hash) {
        long key = hash == 0 ? 1 : hash;
        int mask = slots.length - 1;
        int hole = (int) key & mask;
        while (slots[hole] != key) {
            if (slots[hole] == 0) {
                return false;
            }
            hole = (hole + 1) & mask;
        }
        for (int i = (hole + 1) & mask; slots[i] != 0; i = (i + 1) & mask) {
            int home = (int) slots[i] & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = 0;
        size--;
        return true;
    }

    boolean contains(long hash) {
        long key = hash == 0 ? 1 : hash;
        int mask = slots.length - 1;
        int i = (int) key & mask;
        while (slots[i] != 0 && slots[i] != key) {
            i = (i + 1) & mask;
        }
        return slots[i] == key;
    }

    int size() {
        return size;
    }

    void clear() {
        slots = new long[SMALLEST];
        size = 0;
    }

    private boolean insert(long key) {
        int mask = slots.length - 1;
        int i = (int) key & mask;
        while (slots[i] != 0) {
            if (slots[i] == key) {
                return false;
            }
            i = (i + 1) & mask;
        }
        slots[i] = key;
        return true;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (long key : old) {
            if (key != 0) {
                insert(key);
            }
        }
    }
}
