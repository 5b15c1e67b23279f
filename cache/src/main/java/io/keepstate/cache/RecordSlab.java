// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Memory for records, outside the heap: pages of 1 MiB cut into blocks of whole units of 32 octets. A freed block waits
 * in the list of its size for the next record of that size. Memory is never given back: a table that was big once will
 * be big again. A block is named by a reference, its first unit's number over all pages.
 */
final class RecordSlab {
    static final int UNIT = 32;
    private static final int PAGE_UNITS = 1 << 15;
    private static final int PAGE_MASK = PAGE_UNITS - 1;
    private static final int PAGE_SHIFT = 15;
    private static final int NO_BLOCK = -1;

    private ByteBuffer[] pages = new ByteBuffer[0];
    private int nextUnit;
    private final int[] freeBySize;

    RecordSlab(int maxRecordLength) {
        freeBySize = new int[units(maxRecordLength) + 1];
        Arrays.fill(freeBySize, NO_BLOCK);
    }

    /** How many units a record of this length takes. */
    static int units(int length) {
        return (length + UNIT - 1) / UNIT;
    }

    int allocate(int units) {
        int free = freeBySize[units];
        if (free != NO_BLOCK) {
            freeBySize[units] = page(free).getInt(offset(free));
            return free;
        }
        int room = PAGE_UNITS - (nextUnit & PAGE_MASK);
        if (room < units) {
            free(nextUnit, room);
            nextUnit += room;
        }
        if (nextUnit >>> PAGE_SHIFT == pages.length) {
            pages = Arrays.copyOf(pages, pages.length + 1);
            pages[pages.length - 1] = ByteBuffer.allocateDirect(PAGE_UNITS * UNIT);
        }
        int block = nextUnit;
        nextUnit += units;
        return block;
    }

    void free(int block, int units) {
        page(block).putInt(offset(block), freeBySize[units]);
        freeBySize[units] = block;
    }

    ByteBuffer page(int block) {
        return pages[block >>> PAGE_SHIFT];
    }

    static int offset(int block) {
        return (block & PAGE_MASK) * UNIT;
    }

    /** All blocks are free again; the pages are kept. */
    void clear() {
        Arrays.fill(freeBySize, NO_BLOCK);
        nextUnit = 0;
    }

    /** Octets in use by pages. */
    long octets() {
        return (long) pages.length * PAGE_UNITS * UNIT;
    }
}
