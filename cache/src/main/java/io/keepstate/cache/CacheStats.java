// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/**
 * What happened in one cache: the numbers behind {@code conntrackd -s} and {@code -s cache}. Counters since the
 * cache was made; a flush does not reset them.
 */
public final class CacheStats {
    long created;
    long createFailedFull;
    long createFailedSize;
    long updated;
    long updateMissing;
    long destroyed;
    long destroyMissing;

    CacheStats() {}

    /** Entries added; an equal entry that was replaced counts as destroyed and created. */
    public long created() {
        return created;
    }

    /** Entries that could not be added, for whatever reason. */
    public long createFailed() {
        return createFailedFull + createFailedSize;
    }

    /** Entries refused because the cache held as many as {@code HashLimit} allows. */
    public long createFailedFull() {
        return createFailedFull;
    }

    /** Entries refused because they are bigger than any flow a kernel reports. */
    public long createFailedSize() {
        return createFailedSize;
    }

    /** Entries updated. */
    public long updated() {
        return updated;
    }

    /** Updates of flows not known; they became new entries, if there was room. */
    public long updateMissing() {
        return updateMissing;
    }

    /** Entries deleted. */
    public long destroyed() {
        return destroyed;
    }

    /** Deletions of flows not known. */
    public long destroyMissing() {
        return destroyMissing;
    }
}
