// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/**
 * The deleted entries that are kept until every peer was told, oldest first: a list threaded through two columns of the
 * slots. When too many wait the oldest is given up.
 */
final class PinnedList {
    private static final int NONE = -1;

    private final FlowTable table;
    private final int limit;
    private final int peers;
    private int oldest = NONE;
    private int newest = NONE;
    private int size;
    private long givenUp;

    /** An empty list, which keeps an entry until so many peers released it. */
    PinnedList(FlowTable table, int limit, int peers) {
        this.table = table;
        this.limit = limit;
        this.peers = peers;
    }

    /** Whether a deleted entry is worth keeping at all. */
    boolean isUsed() {
        return limit > 0 && peers > 0;
    }

    int size() {
        return size;
    }

    /** Entries that were given up before every peer was told. */
    long givenUp() {
        return givenUp;
    }

    /** The entry is dead, and waits. */
    void pin(int slot) {
        if (size == limit) {
            givenUp++;
            int forgotten = oldest;
            unpin(forgotten);
            table.remove(forgotten);
        }
        SlotPage page = table.page(slot);
        page.status[FlowTable.at(slot)] = (byte) EntryStatus.DEAD.ordinal();
        page.holders[FlowTable.at(slot)] = (byte) peers;
        append(slot);
    }

    /** One peer was told; the last one lets the entry go. */
    void release(int slot) {
        SlotPage page = table.page(slot);
        if (--page.holders[FlowTable.at(slot)] <= 0) {
            unpin(slot);
            table.remove(slot);
        }
    }

    private void append(int slot) {
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

    /** The slot has another use again. */
    void unpin(int slot) {
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
