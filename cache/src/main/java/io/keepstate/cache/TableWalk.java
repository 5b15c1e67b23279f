// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import java.util.function.IntPredicate;

/** Slices of an iteration over the slots of a table. */
final class TableWalk {
    private TableWalk() {}

    /**
     * Goes on where the cursor stands.
     *
     * @param take visits a used slot, and says whether it counts
     * @return how many counted, at most the budget
     */
    static int slice(FlowTable table, Cursor cursor, int budget, IntPredicate take) {
        int visited = 0;
        int looks = Cursor.slotBudget(budget);
        while (visited < budget && looks > 0 && cursor.nextSlot < table.highWater()) {
            int slot = cursor.nextSlot++;
            looks--;
            if (table.isUsed(slot) && take.test(slot)) {
                visited++;
            }
        }
        if (cursor.nextSlot >= table.highWater()) {
            cursor.finish();
        }
        return visited;
    }

    /** One slice over the living entries that were not renewed since this mark. */
    static int notRenewed(FlowTable table, int since, Cursor cursor, int budget, HandleVisitor visitor) {
        return slice(table, cursor, budget, slot -> {
            boolean stale = table.status(slot) != EntryStatus.DEAD && !table.isRenewed(slot, since);
            if (stale) {
                visitor.visit(table.handle(slot));
            }
            return stale;
        });
    }

    static CacheEntry entry(FlowTable table, int slot) {
        SlotPage page = table.page(slot);
        int at = FlowTable.at(slot);
        return new CacheEntry(
                table.handle(slot), table.flow(slot), table.status(slot), page.addedNanos[at], page.updatedNanos[at]);
    }
}
