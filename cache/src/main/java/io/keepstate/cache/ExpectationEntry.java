// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Expectation;

/**
 * One expectation as a dump sees it.
 *
 * @param expectation what is known of it
 * @param status where the entry is in its life
 * @param addedNanos when it was added, on the clock of the caller's {@code nowNanos}
 * @param updatedNanos when it was last added or updated
 */
public record ExpectationEntry(Expectation expectation, EntryStatus status, long addedNanos, long updatedNanos) {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Whole seconds since the entry was added: "active since" in a dump. */
    public long activeSeconds(long nowNanos) {
        return Math.max(0, nowNanos - addedNanos) / NANOS_PER_SECOND;
    }
}
