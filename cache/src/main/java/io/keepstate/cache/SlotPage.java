// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import java.util.Arrays;

/** The columns of 4096 slots. */
final class SlotPage {
    static final int SHIFT = 12;
    static final int SLOTS = 1 << SHIFT;
    static final int MASK = SLOTS - 1;

    /** Octets of one page's columns. */
    static final int OCTETS = SLOTS * (7 * Integer.BYTES + 2 * Long.BYTES + Short.BYTES + 4);

    /** Hash of the key. */
    final int[] hash = new int[SLOTS];
    /** How often the slot was taken; part of the handle. */
    final int[] generation = new int[SLOTS];
    /** Where the record is in the slab. */
    final int[] block = new int[SLOTS];
    /** Size of the record's block; 0 says that the slot is free. */
    final short[] units = new short[SLOTS];
    /** The next free slot, or the next pinned one. */
    final int[] next = new int[SLOTS];
    /** The previous pinned slot. */
    final int[] previous = new int[SLOTS];
    /** The commit round that last visited the entry. */
    final int[] round = new int[SLOTS];
    /** The sweep mark under which the entry was last renewed. */
    final int[] mark = new int[SLOTS];
    /** When the entry was added. */
    final long[] addedNanos = new long[SLOTS];
    /** When the entry was last added or updated. */
    final long[] updatedNanos = new long[SLOTS];
    /** {@link EntryStatus}. */
    final byte[] status = new byte[SLOTS];
    /** How many peers are still to be told that the entry is dead. */
    final byte[] holders = new byte[SLOTS];
    /** How early the entry is committed, {@link CommitOrder#rank}. */
    final byte[] rank = new byte[SLOTS];
    /** Why the entry is not sent, or is sent in part: see {@link WithheldFlows}; 0 for a free slot. */
    final byte[] withheld = new byte[SLOTS];

    SlotPage() {
        Arrays.fill(generation, 1);
    }

    /** The slot is free; from now on its handle is another one. */
    void vacate(int at) {
        units[at] = 0;
        withheld[at] = 0;
        rank[at] = 0;
        round[at] = 0;
        generation[at] = generation[at] == Handle.MAX_GENERATION ? 1 : generation[at] + 1;
    }
}
