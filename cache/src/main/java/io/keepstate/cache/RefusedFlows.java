// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Flow;

/**
 * The living flows that found no room, so that their number is exact: each by the hash of its key, 64 bits under a seed
 * nobody knows. One that ended unheard is forgotten when the whole table was told again and it was not refused again.
 */
final class RefusedFlows {
    private final FlowTable table;
    private KeyHashes all = new KeyHashes();
    private KeyHashes sinceMark = new KeyHashes();
    private boolean marked;

    /** None yet, of those that this table had no room for. */
    RefusedFlows(FlowTable table) {
        this.table = table;
    }

    /** Adds a flow; nothing happens if it is in. */
    void add(Flow flow) {
        long hash = hash(flow);
        all.add(hash);
        if (marked) {
            sinceMark.add(hash);
        }
    }

    /** The flow ended, or found room. */
    void remove(Flow flow) {
        if (all.size() > 0) {
            long hash = hash(flow);
            all.remove(hash);
            sinceMark.remove(hash);
        }
    }

    boolean contains(Flow flow) {
        return all.size() > 0 && all.contains(hash(flow));
    }

    private long hash(Flow flow) {
        return table.longHash(flow.original(), flow.originalZone());
    }

    int size() {
        return all.size();
    }

    void clear() {
        all.clear();
        sinceMark.clear();
    }

    /** The whole table is told again from now on. */
    void mark() {
        marked = true;
        sinceMark.clear();
    }

    /** It was told: what was not refused again since the mark is gone. */
    void swept() {
        if (marked) {
            marked = false;
            KeyHashes former = all;
            all = sinceMark;
            sinceMark = former;
            sinceMark.clear();
        }
    }

    /** Whether one of them at least would find room now. */
    boolean fit(int room) {
        return size() > 0 && room > 0;
    }
}
