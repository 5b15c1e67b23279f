// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one processor counted since the machine started, in the calling thread's network namespace.
 *
 * @param cpu its number
 * @param counts only what this kernel shows, in the order of {@link Statistic}; 32 bits unsigned each
 */
public record CpuStatistics(int cpu, Map<Statistic, Long> counts) {
    /** Copies the map. */
    public CpuStatistics {
        Map<Statistic, Long> copy = new EnumMap<>(Statistic.class);
        copy.putAll(counts);
        counts = Collections.unmodifiableMap(copy);
    }

    /** A count, 0 if the kernel does not show it. */
    public long of(Statistic statistic) {
        return counts.getOrDefault(statistic, 0L);
    }
}
