// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Flow;

/** Hears what became of each write. Called on the thread and inside {@link CommitPipeline#doWork}. */
@FunctionalInterface
public interface CommitListener {
    /** Hears nothing; the pipeline's counters remain. */
    CommitListener NONE = (tag, flow, outcome, errno) -> {};

    /**
     * One write is done with.
     *
     * @param tag what the caller handed in with it
     * @param flow the flow as submitted
     * @param errno the kernel's error number for {@link CommitOutcome#FAILED}, else 0
     */
    void onOutcome(long tag, Flow flow, CommitOutcome outcome, int errno);
}
