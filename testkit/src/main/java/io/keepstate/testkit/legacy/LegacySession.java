// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.legacy;

import io.keepstate.ftfw.FtfwStats;
import io.keepstate.ftfw.SyncSession;

/** A session of the C daemon's model: it paces nothing, repairs nothing and notices nothing. */
public interface LegacySession extends SyncSession {
    @Override
    default int bulkRoom(long nowNanos) {
        return Integer.MAX_VALUE;
    }

    @Override
    default long bulkDeadline() {
        return Long.MIN_VALUE;
    }

    @Override
    default boolean canRequestResync() {
        return true;
    }

    @Override
    default boolean isResyncHeard() {
        return false;
    }

    @Override
    default int resyncsUntilBelieved() {
        return Integer.MAX_VALUE;
    }

    @Override
    default boolean isPeerSilent() {
        return false;
    }

    /** What conntrackd counts of its peer's messages. */
    LegacyCounts counts();

    /** The model counts what conntrackd counts, see {@link #counts}. */
    @Override
    default FtfwStats stats() {
        throw new UnsupportedOperationException("the model counts what conntrackd counts, see counts()");
    }
}
