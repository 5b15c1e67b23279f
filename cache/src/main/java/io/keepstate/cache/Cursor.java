// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/**
 * How far an iteration has come. An iteration is done in slices; between them, and from within a visitor, the cache may
 * change. Every entry that exists from the first slice to the last is visited exactly once; one that is added or
 * removed meanwhile, once or not at all. A flush ends all iterations.
 */
public final class Cursor {
    /** How many empty slots cost as much as one visited entry. */
    private static final int SLOTS_PER_VISIT = 64;

    int nextSlot;
    private boolean done;

    /** At the beginning. */
    public Cursor() {}

    /** Whether everything was visited. */
    public boolean isDone() {
        return done;
    }

    void finish() {
        done = true;
    }

    /** The most slots that a slice with this budget may look at, so that a sparse table is no long slice either. */
    static int slotBudget(int budget) {
        return (int) Math.min(Integer.MAX_VALUE, (long) budget * SLOTS_PER_VISIT);
    }
}
