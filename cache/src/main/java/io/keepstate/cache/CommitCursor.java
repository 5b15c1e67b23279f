// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/** How far a commit's walk over an {@link ExternalCache} has come. */
public final class CommitCursor {
    final int round;
    int pass;
    int nextSlot;
    int visitedInPass;
    int repeats;
    private boolean done;

    CommitCursor(int round) {
        this.round = round;
    }

    /** Whether every entry was visited. */
    public boolean isDone() {
        return done;
    }

    /** Whether the flows that hurt most to lose were visited: established and answered, with what they expected. */
    public boolean isMostValuableDone() {
        return done || pass >= CommitOrder.PASSES_OF_MOST_VALUABLE;
    }

    void finish() {
        done = true;
    }
}
