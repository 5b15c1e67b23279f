// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.RejectReason;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;

/**
 * One counter for each reason to reject a packet. Counting allocates nothing. One thread counts; any thread may read, and
 * sees each counter as it was a moment ago.
 */
public final class RejectCounters {
    /** Whole values, never torn, at the price of a plain access on the machines we run on. */
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private static final RejectReason[] REASONS = RejectReason.values();

    private final long[] counts = new long[REASONS.length];

    /** All zero. */
    public RejectCounters() {}

    /** Counts one packet. */
    public void count(RejectReason reason) {
        int at = reason.ordinal();
        ELEMENT.setOpaque(counts, at, counts[at] + 1);
    }

    /** Packets rejected for this reason. */
    public long get(RejectReason reason) {
        return (long) ELEMENT.getOpaque(counts, reason.ordinal());
    }

    /** Packets rejected for any reason. */
    public long total() {
        long total = 0;
        for (RejectReason reason : REASONS) {
            total += get(reason);
        }
        return total;
    }

    /** All counters that are not zero, in the order of the reasons. */
    public Map<RejectReason, Long> snapshot() {
        EnumMap<RejectReason, Long> snapshot = new EnumMap<>(RejectReason.class);
        for (RejectReason reason : REASONS) {
            long count = get(reason);
            if (count > 0) {
                snapshot.put(reason, count);
            }
        }
        return snapshot;
    }
}
