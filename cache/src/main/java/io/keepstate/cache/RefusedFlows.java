// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/**
 * The living flows that found no room, so that their number is exact: each by the hash of its key, 64 bits under a seed
 * nobody knows. One that ended unheard is forgotten when the whole table was told again and it was not refused again.
 */
final class RefusedFlows {
    private KeyHashes all = new KeyHashes();
    private KeyHashes sinceMark = new KeyHashes();
    private boolean marked;

    /** Adds a flow; nothing happens if it is in. */
    void add(long hash) {
        all.add(hash);
        if (marked) {
            sinceMark.add(hash);
        }
    }

    /** The flow ended, or found room. */
    void remove(long hash) {
        if (all.size() > 0) {
            all.remove(hash);
            sinceMark.remove(hash);
        }
    }

    boolean contains(long hash) {
        return all.contains(hash);
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

    /**
     * Whether it is worth while to have the table told again: there is room for all of them, or for an eighth of the
     * limit.
     */
    boolean fit(int room, int limit) {
        return size() > 0 && room >= Math.min(size(), Math.max(1, limit / 8));
    }
}
