// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** The deleted entries that wait for their release, oldest first: a list threaded through two columns of the slots. */
final class PinnedList {
    private static final int NONE = -1;

    private final FlowTable table;
    private int oldest = NONE;
    private int newest = NONE;
    private int size;

    PinnedList(FlowTable table) {
        this.table = table;
    }

    int size() {
        return size;
    }

    void add(int slot) {
        setPrevious(slot, newest);
        setNext(slot, NONE);
        if (newest == NONE) {
            oldest = slot;
        } else {
            setNext(newest, slot);
        }
        newest = slot;
        size++;
    }

    void remove(int slot) {
        int before = table.page(slot).previous[FlowTable.at(slot)];
        int behind = table.page(slot).next[FlowTable.at(slot)];
        if (before == NONE) {
            oldest = behind;
        } else {
            setNext(before, behind);
        }
        if (behind == NONE) {
            newest = before;
        } else {
            setPrevious(behind, before);
        }
        size--;
    }

    int removeOldest() {
        int slot = oldest;
        remove(slot);
        return slot;
    }

    void clear() {
        oldest = NONE;
        newest = NONE;
        size = 0;
    }

    private void setNext(int slot, int value) {
        table.page(slot).next[FlowTable.at(slot)] = value;
    }

    private void setPrevious(int slot, int value) {
        table.page(slot).previous[FlowTable.at(slot)] = value;
    }
}
