// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

import io.keepstate.cache.CacheStats;

/**
 * One cache in numbers.
 *
 * @param entries living entries
 * @param deletedWaiting deleted entries that wait until the peer was told
 * @param created entries added
 * @param createFailedFull entries refused at the limit
 * @param createFailedSize entries refused for their size
 * @param updated entries updated
 * @param updateMissing updates of flows not known
 * @param destroyed entries deleted
 * @param destroyMissing deletions of flows not known
 */
public record CacheSnapshot(
        int entries,
        int deletedWaiting,
        long created,
        long createFailedFull,
        long createFailedSize,
        long updated,
        long updateMissing,
        long destroyed,
        long destroyMissing) {

    /** A snapshot of these counters. */
    public static CacheSnapshot of(int entries, int deletedWaiting, CacheStats stats) {
        return new CacheSnapshot(
                entries,
                deletedWaiting,
                stats.created(),
                stats.createFailedFull(),
                stats.createFailedSize(),
                stats.updated(),
                stats.updateMissing(),
                stats.destroyed(),
                stats.destroyMissing());
    }

    /** Entries that could not be added. */
    public long createFailed() {
        return createFailedFull + createFailedSize;
    }
}
