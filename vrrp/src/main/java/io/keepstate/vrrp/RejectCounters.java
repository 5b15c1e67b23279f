// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.RejectReason;
import java.util.EnumMap;
import java.util.Map;

/** One counter for each reason to reject a packet. Counting allocates nothing. Not thread-safe. */
public final class RejectCounters {

    private static final class Count {
        long value;
    }

    private final EnumMap<RejectReason, Count> counts = new EnumMap<>(RejectReason.class);

    /** All zero. */
    public RejectCounters() {
        for (RejectReason reason : RejectReason.values()) {
            counts.put(reason, new Count());
        }
    }

    /** Counts one packet. */
    public void count(RejectReason reason) {
        of(reason).value++;
    }

    /** Packets rejected for this reason. */
    public long get(RejectReason reason) {
        return of(reason).value;
    }

    /** Packets rejected for any reason. */
    public long total() {
        long total = 0;
        for (Count count : counts.values()) {
            total += count.value;
        }
        return total;
    }

    /** All counters that are not zero, in the order of the reasons. */
    public Map<RejectReason, Long> snapshot() {
        EnumMap<RejectReason, Long> snapshot = new EnumMap<>(RejectReason.class);
        counts.forEach((reason, count) -> {
            if (count.value > 0) {
                snapshot.put(reason, count.value);
            }
        });
        return snapshot;
    }

    private Count of(RejectReason reason) {
        Count count = counts.get(reason);
        if (count == null) {
            throw new AssertionError(reason);
        }
        return count;
    }
}
