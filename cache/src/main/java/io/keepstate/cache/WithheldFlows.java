// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.wire.Unprotected;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which entries stay at home, whole or in part, since the wire cannot carry them; and how many living ones for which
 * reason. The reason is a column of the slots, a reason's ordinal plus one; beside it is noted whether the entry could be
 * sent before: then the peers may know it, and must be told to forget it.
 */
final class WithheldFlows {
    private static final int REASON = 0x7f;
    private static final int SENDABLE_ONCE = 0x80;

    private final FlowTable table;
    private final int[] counts = new int[Unprotected.count()];

    WithheldFlows(FlowTable table) {
        this.table = table;
    }

    /** The reason of an entry from now on; null: nothing of it is withheld, or it does not live any more. */
    void set(int slot, @Nullable Unprotected reason) {
        byte[] column = table.page(slot).withheld;
        int at = FlowTable.at(slot);
        int before = column[at] & REASON;
        if (before != 0) {
            counts[before - 1]--;
        }
        int once = reason == null || !reason.isWhole() ? SENDABLE_ONCE : column[at] & SENDABLE_ONCE;
        column[at] = (byte) (once | (reason == null ? 0 : reason.ordinal() + 1));
        if (reason != null) {
            counts[reason.ordinal()]++;
        }
    }

    /** Whether the entry is not sent at all. */
    boolean isWhole(int slot) {
        int reason = table.page(slot).withheld[FlowTable.at(slot)] & REASON;
        return reason != 0 && Unprotected.of(reason - 1).isWhole();
    }

    /**
     * Whether the entry is not sent, and never was: no peer can know it. Only what a SYN proxy needs comes after the flow; what
     * else keeps one at home is there when it begins.
     */
    boolean isUnknownToPeers(int slot) {
        byte column = table.page(slot).withheld[FlowTable.at(slot)];
        boolean taken = (column & SENDABLE_ONCE) != 0 && (column & REASON) == Unprotected.SYN_PROXY.ordinal() + 1;
        return isWhole(slot) && !taken;
    }

    int count(Unprotected reason) {
        return counts[reason.ordinal()];
    }

    /** Entries that are not sent at all, for any reason. */
    int wholeCount() {
        int sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += Unprotected.of(i).isWhole() ? counts[i] : 0;
        }
        return sum;
    }

    /** The table was emptied. */
    void clear() {
        Arrays.fill(counts, 0);
    }
}
