// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

/**
 * The name of one cache entry, as a {@code long}: table bit, generation, slot. A slot that is freed and taken again
 * has another generation, so the handle of a flow that is gone never speaks for another one.
 */
public final class Handle {
    /** No entry. */
    public static final long NONE = 0;

    /** What {@link InternalCache#encode} answers for an entry that is gone. */
    public static final int GONE = -1;

    static final int INTERNAL = 0;
    static final int EXTERNAL = 1;
    static final int EXPECTATIONS = 2;

    /** Generations run from 1 to this and start again: a slot must be recycled a thousand million times to repeat. */
    static final int MAX_GENERATION = (1 << 30) - 1;

    private static final int TABLE_SHIFT = 62;

    private Handle() {}

    /** Whether the handle is of an {@link ExternalCache}. */
    public static boolean isExternal(long handle) {
        return handle >>> TABLE_SHIFT == EXTERNAL;
    }

    /** Whether the handle is of an {@link InternalExpectations}. */
    public static boolean isExpectation(long handle) {
        return handle >>> TABLE_SHIFT == EXPECTATIONS;
    }

    /** The name of an expectation that was the so-manieth of its cache; no number is used twice. */
    static long ofExpectation(long number) {
        return (long) EXPECTATIONS << TABLE_SHIFT | number;
    }

    static long of(int table, int generation, int slot) {
        return (long) table << TABLE_SHIFT | (long) generation << 32 | slot;
    }

    static int table(long handle) {
        return (int) (handle >>> TABLE_SHIFT);
    }

    static int generation(long handle) {
        return (int) (handle >>> 32) & MAX_GENERATION;
    }

    static int slot(long handle) {
        return (int) handle;
    }
}
