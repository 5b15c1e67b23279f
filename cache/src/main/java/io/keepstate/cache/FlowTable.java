// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.Tuple;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/**
 * Flows by key and by slot. An open-addressing index leads from the key's hash to a slot; a slot has a few numbers in
 * pages of columns, and a record in the slab. No object per flow: a million of them are some hundred arrays.
 *
 * <p>The hash is keyed with a seed of the caller, since who may open connections chooses the keys.
 */
final class FlowTable {
    static final int NOT_FOUND = -1;

    private static final int SMALLEST_INDEX = 1 << 10;
    private static final int NO_SLOT = -1;

    private final int table;
    private final long seed;
    private final RecordSlab slab = new RecordSlab(FlowRecord.MAX_LENGTH);
    private final ByteBuffer scratch = ByteBuffer.allocate(FlowRecord.MAX_LENGTH);
    private final FlowBuilder builder = new FlowBuilder();

    private SlotPage[] pages = new SlotPage[0];
    private int highWater;
    private int firstFree = NO_SLOT;
    private int[] index = new int[SMALLEST_INDEX];
    private int size;
    private int mark;

    FlowTable(int table, long seed) {
        this.table = table;
        this.seed = seed;
    }

    int size() {
        return size;
    }

    /** One more than the highest slot in use since the last {@link #clear}. */
    int highWater() {
        return highWater;
    }

    SlotPage page(int slot) {
        return pages[slot >>> SlotPage.SHIFT];
    }

    static int at(int slot) {
        return slot & SlotPage.MASK;
    }

    boolean isUsed(int slot) {
        return page(slot).units[at(slot)] != 0;
    }

    long handle(int slot) {
        return Handle.of(table, page(slot).generation[at(slot)], slot);
    }

    /** The slot a handle names, or {@link #NOT_FOUND} if the entry is gone or never was. */
    int slot(long handle) {
        int slot = Handle.slot(handle);
        if (slot < 0 || slot >= highWater || Handle.table(handle) != table) {
            return NOT_FOUND;
        }
        return isUsed(slot) && page(slot).generation[at(slot)] == Handle.generation(handle) ? slot : NOT_FOUND;
    }

    int find(Tuple tuple, int zone) {
        int hash = hash(tuple, zone);
        int mask = index.length - 1;
        for (int i = hash & mask; index[i] != 0; i = (i + 1) & mask) {
            int slot = index[i] - 1;
            SlotPage page = page(slot);
            int block = page.block[at(slot)];
            if (page.hash[at(slot)] == hash
                    && FlowRecord.matches(slab.page(block), RecordSlab.offset(block), tuple, zone)) {
                return slot;
            }
        }
        return NOT_FOUND;
    }

    /** Adds a flow whose key is not in the table. Returns its slot, or {@link #NOT_FOUND} if it is too big. */
    int add(Flow flow) {
        if (!writeScratch(flow)) {
            return NOT_FOUND;
        }
        if (2 * (size + 1) > index.length) {
            grow();
        }
        int slot = takeSlot();
        SlotPage page = page(slot);
        page.hash[at(slot)] = hash(flow.original(), flow.originalZone());
        storeScratch(slot);
        insert(slot);
        size++;
        return slot;
    }

    /** Puts another description of the same flow in the place of the old one; false if it is too big. */
    boolean replace(int slot, Flow flow) {
        if (!writeScratch(flow)) {
            return false;
        }
        storeScratch(slot);
        return true;
    }

    /** Lays a newer description over the old one; returns the result, which is not stored. */
    Flow merged(int slot, Flow newer) {
        readInto(slot, builder);
        return builder.update(newer).build();
    }

    Flow flow(int slot) {
        readInto(slot, builder);
        return builder.build();
    }

    /** As {@link #flow}, with another timeout, or without if it is 0. The operator is given 0 if there is none. */
    Flow flowWithTimeout(int slot, LongUnaryOperator timeoutSeconds) {
        readInto(slot, builder);
        long own = builder.has(Attribute.TIMEOUT) ? builder.get(Attribute.TIMEOUT) : 0;
        long given = timeoutSeconds.applyAsLong(own);
        return (given == 0 ? builder.clear(Attribute.TIMEOUT) : builder.timeoutSeconds(given)).build();
    }

    void remove(int slot) {
        removeFromIndex(slot);
        SlotPage page = page(slot);
        int at = at(slot);
        slab.free(page.block[at], page.units[at]);
        page.vacate(at);
        page.next[at] = firstFree;
        firstFree = slot;
        size--;
    }

    /** Starts a sweep: entries not stamped from now on are those that {@link #isRenewed} denies. */
    int mark() {
        return ++mark;
    }

    /** The entry was added or updated now. */
    void stamp(int slot, EntryStatus status, long nowNanos) {
        SlotPage page = page(slot);
        int at = at(slot);
        page.updatedNanos[at] = nowNanos;
        page.mark[at] = mark;
        page.status[at] = (byte) status.ordinal();
        if (status == EntryStatus.NEW) {
            page.addedNanos[at] = nowNanos;
        }
    }

    /** The entry was seen now, and is what it was. */
    void renew(int slot, long nowNanos) {
        SlotPage page = page(slot);
        int at = at(slot);
        page.updatedNanos[at] = nowNanos;
        page.mark[at] = mark;
    }

    /** Whether the entry was added or updated since {@link #mark} returned this mark. */
    boolean isRenewed(int slot, int since) {
        return page(slot).mark[at(slot)] - since >= 0;
    }

    EntryStatus status(int slot) {
        return EntryStatus.of(page(slot).status[at(slot)]);
    }

    /** Empties the table; every handle is stale from now on. */
    void clear() {
        for (int slot = 0; slot < highWater; slot++) {
            if (isUsed(slot)) {
                page(slot).vacate(at(slot));
            }
        }
        slab.clear();
        Arrays.fill(index, 0);
        highWater = 0;
        firstFree = NO_SLOT;
        size = 0;
    }

    /** Octets of memory held, about. */
    long octets() {
        return slab.octets() + (long) pages.length * SlotPage.OCTETS + 4L * index.length;
    }

    /** Whether the entry is a flow that belongs to another. */
    boolean isRelated(int slot) {
        int block = page(slot).block[at(slot)];
        return FlowRecord.isRelated(slab.page(block), RecordSlab.offset(block));
    }

    private void readInto(int slot, FlowBuilder into) {
        int block = page(slot).block[at(slot)];
        FlowRecord.read(slab.page(block), RecordSlab.offset(block), into);
    }

    private boolean writeScratch(Flow flow) {
        return FlowRecord.write(flow, scratch.clear());
    }

    private void storeScratch(int slot) {
        SlotPage page = page(slot);
        int at = at(slot);
        int length = scratch.position();
        int units = RecordSlab.units(length);
        if (page.units[at] != units) {
            if (page.units[at] != 0) {
                slab.free(page.block[at], page.units[at]);
            }
            page.block[at] = slab.allocate(units);
            page.units[at] = (short) units;
        }
        int block = page.block[at];
        slab.page(block).put(RecordSlab.offset(block), scratch.array(), 0, length);
    }

    private int takeSlot() {
        if (firstFree != NO_SLOT) {
            int slot = firstFree;
            firstFree = page(slot).next[at(slot)];
            return slot;
        }
        if (highWater >>> SlotPage.SHIFT == pages.length) {
            pages = Arrays.copyOf(pages, pages.length + 1);
            pages[pages.length - 1] = new SlotPage();
        }
        return highWater++;
    }

    private void insert(int slot) {
        int mask = index.length - 1;
        int i = page(slot).hash[at(slot)] & mask;
        while (index[i] != 0) {
            i = (i + 1) & mask;
        }
        index[i] = slot + 1;
    }

    private void removeFromIndex(int slot) {
        int mask = index.length - 1;
        int hole = page(slot).hash[at(slot)] & mask;
        while (index[hole] != slot + 1) {
            hole = (hole + 1) & mask;
        }
        // Close the gap: an entry behind it moves up unless that would put it before its own place.
        for (int i = (hole + 1) & mask; index[i] != 0; i = (i + 1) & mask) {
            int other = index[i] - 1;
            int home = page(other).hash[at(other)] & mask;
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                index[hole] = index[i];
                hole = i;
            }
        }
        index[hole] = 0;
    }

    private void grow() {
        index = new int[index.length * 2];
        for (int slot = 0; slot < highWater; slot++) {
            if (isUsed(slot)) {
                insert(slot);
            }
        }
    }

    private int hash(Tuple tuple, int zone) {
        long hash = longHash(tuple, zone);
        return (int) (hash ^ hash >>> 32);
    }

    /** All 64 bits of the key's hash. */
    long longHash(Tuple tuple, int zone) {
        return longHash(seed, tuple, zone);
    }

    static long longHash(long seed, Tuple tuple, int zone) {
        long ids = (long) tuple.sourceId() << 48
                | (long) tuple.destinationId() << 32
                | (long) zone << 16
                | (long) tuple.protocol() << 8
                | tuple.family().number();
        long hash = mix(seed, ids);
        hash = mix(hash, tuple.sourceLow());
        hash = mix(hash, tuple.destinationLow());
        if ((tuple.sourceHigh() | tuple.destinationHigh()) != 0) {
            hash = mix(hash, tuple.sourceHigh());
            hash = mix(hash, tuple.destinationHigh());
        }
        return hash;
    }

    private static long mix(long hash, long word) {
        // Multiply high and low, folded: every bit of the product depends on the seed and on the word.
        long a = hash ^ 0x9e37_79b9_7f4a_7c15L;
        long b = word ^ 0xbf58_476d_1ce4_e5b9L;
        return Math.multiplyHigh(a, b) ^ a * b ^ Long.rotateLeft(hash, 23);
    }
}
