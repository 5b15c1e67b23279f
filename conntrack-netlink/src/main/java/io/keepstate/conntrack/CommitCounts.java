// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the writes of a pipeline, counted since it was made or {@link CommitPipeline#resetCounts}.
 *
 * @param outcomes how many writes ended each way; an outcome that did not occur is 0
 * @param errors kernel error numbers of the failed ones, with their counts
 * @param withoutHelper flows created without their helper, which this kernel does not know
 * @param withoutLabels flows updated without their labels, for which this kernel has no room
 * @param lostBatches batches some of whose answers did not fit the receive buffer and that were checked again
 */
public record CommitCounts(
        Map<CommitOutcome, Long> outcomes,
        SortedMap<Integer, Long> errors,
        long withoutHelper,
        long withoutLabels,
        long lostBatches) {

    /** Copies the maps. */
    public CommitCounts {
        Map<CommitOutcome, Long> all = new EnumMap<>(CommitOutcome.class);
        for (CommitOutcome outcome : CommitOutcome.values()) {
            all.put(outcome, outcomes.getOrDefault(outcome, 0L));
        }
        outcomes = Collections.unmodifiableMap(all);
        errors = Collections.unmodifiableSortedMap(new TreeMap<>(errors));
    }

    /** How many writes ended this way. */
    public long of(CommitOutcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** Writes after which the kernel's table has what was asked for. */
    public long succeeded() {
        return sum(true);
    }

    /** Writes of which that is not so. */
    public long failed() {
        return sum(false);
    }

    private long sum(boolean success) {
        long sum = 0;
        for (Map.Entry<CommitOutcome, Long> entry : outcomes.entrySet()) {
            sum += entry.getKey().isSuccess() == success ? entry.getValue() : 0;
        }
        return sum;
    }
}
