// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's connection table. Long work answers in slices from {@link #doWork}, so that events and the peer are
 * served in between. At most one dump runs at a time; commits and deletes may be given while it does.
 */
public interface FlowTable {

    /** Most flows in one {@link #commit} or {@link #delete}: what one send carries (256, measured). */
    int BATCH = 256;

    /** Subscribes to events; must precede the first dump, so that nothing falls between the two. */
    void subscribe(FlowEvents events);

    /**
     * Starts reading the whole table. {@code done} is told when it ended, or why it did not; a failed dump may have
     * visited some flows, and must not be taken for the truth. A dump is no snapshot: it may show a flow older than events
     * did that were told since it began.
     *
     * @return false when a dump is already running; nothing happens then
     */
    boolean dump(FlowVisitor visitor, Completion done);

    /** The flow as the kernel has it now, null if it has none: answered at once, some ten microseconds. */
    @Nullable
    Flow find(FlowKey key);

    /**
     * Puts flows into the kernel, with NAT restored. A flow that is already there is updated, or replaced if it maps
     * differently; masters must come before the flows that they expect. What is asked about one flow, commits and
     * deletions, takes effect in the order in which it was asked.
     *
     * @param batch at most {@link #BATCH} flows; one without a timeout gets what the kernel gives to its protocol and
     *     state, since the kernel takes no flow without
     */
    void commit(List<Flow> batch, CommitResult result);

    /** Deletes flows; one that is not there counts as deleted. At most {@link #BATCH}. */
    void delete(List<FlowKey> batch, Completion done);

    /**
     * Reads events, slices of a running dump and results, up to a budget.
     *
     * @param budget most messages to handle
     * @return how many were handled; {@code budget} means that more may be waiting
     */
    int doWork(long nowNanos, int budget);

    /** When {@link #doWork} wants to be called although nothing arrived, {@link Long#MAX_VALUE} for never. */
    long nextDeadline();
}
