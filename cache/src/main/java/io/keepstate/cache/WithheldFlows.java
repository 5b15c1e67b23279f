// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.wire.Unprotected;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which entries stay at home, whole or in part, since the wire cannot carry them; and how many living ones for which
 * reason. The reason is a column of the slots.
 */
final class WithheldFlows {
    private final FlowTable table;
    private final int[] counts = new int[Unprotected.count()];

    WithheldFlows(FlowTable table) {
        this.table = table;
    }

    /** The reason of an entry from now on; null: nothing of it is withheld, or it does not live any more. */
    void set(int slot, @Nullable Unprotected reason) {
        byte[] column = table.page(slot).withheld;
        int at = FlowTable.at(slot);
        if (column[at] != 0) {
            counts[column[at] - 1]--;
        }
        column[at] = (byte) (reason == null ? 0 : reason.ordinal() + 1);
        if (reason != null) {
            counts[reason.ordinal()]++;
        }
    }

    /** Whether the entry is not sent at all. */
    boolean isWhole(int slot) {
        int reason = table.page(slot).withheld[FlowTable.at(slot)];
        return reason != 0 && Unprotected.of(reason - 1).isWhole();
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
