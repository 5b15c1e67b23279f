// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Flow;

/**
 * One entry as a dump sees it: made for the visitor, not kept by the cache.
 *
 * @param handle the entry's name
 * @param flow what is known of the flow
 * @param status where the entry is in its life
 * @param addedNanos when it was added, on the clock of the caller's {@code nowNanos}
 * @param updatedNanos when it was last added or updated
 */
public record CacheEntry(long handle, Flow flow, EntryStatus status, long addedNanos, long updatedNanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Whole seconds since the entry was added: "active since" in a dump. */
    public long activeSeconds(long nowNanos) {
        return Math.max(0, nowNanos - addedNanos) / NANOS_PER_SECOND;
    }
}
