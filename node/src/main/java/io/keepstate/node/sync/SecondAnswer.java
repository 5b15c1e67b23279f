// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.node.config.SyncConfiguration;
import java.time.Duration;

/**
 * When to answer a peer's question for everything once more, where both go without an external cache. Its script asks
 * ({@code -n}) right after it ordered a purge ({@code -t}): a conntrackd puts the answer into its kernel, and {@code
 * PurgeTimeout} later deletes it with the rest. So it gets the answer again when that is over. Both nodes have the same
 * {@code PurgeTimeout}: it is the same file.
 *
 * <p>Belongs to the sync loop.
 */
final class SecondAnswer {
    /** The peer's purge is a process that reads its table and deletes one flow after the other. */
    private static final Duration PURGE_TAKES = Duration.ofSeconds(2);

    private final boolean wanted;
    private final long delayNanos;
    private long due = Long.MAX_VALUE;

    SecondAnswer(SyncConfiguration configuration) {
        wanted = configuration.mode().disableExternalCache();
        delayNanos = configuration.purgeTimeout().plus(PURGE_TAKES).toNanos();
    }

    /** The peer asked for everything; the last question counts. */
    void asked(long nowNanos) {
        if (wanted) {
            due = nowNanos + delayNanos;
        }
    }

    /** Whether it is time, once. */
    boolean takeDue(long nowNanos) {
        boolean now = due <= nowNanos;
        if (now) {
            due = Long.MAX_VALUE;
        }
        return now;
    }

    long nextDeadline() {
        return due;
    }
}
