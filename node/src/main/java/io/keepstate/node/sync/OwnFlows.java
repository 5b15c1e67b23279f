// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.InternalCache;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Tuple;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;

/** Our kernel's flows on their way to the peer: kept in a cache, or passed on at once. */
interface OwnFlows {
    /** Takes the kernel's events. */
    FlowEvents events();

    /** Reads the kernel's table for the first time. */
    void start(Completion done);

    /** Whether it was read, as far as that is needed. */
    boolean isReady();

    /** Makes what is kept what the kernel's table is. */
    void resyncFromKernel(Completion done);

    /** A flow as the kernel has it now, which no event told: the peer learns what is new in it. */
    void found(Flow flow, long nowNanos);

    /** Sends everything to the peer, from now. */
    void bulk();

    /** Forgets what is kept; neither the kernel nor the peer is told. */
    void flush();

    /**
     * The zone of the flow of this original tuple, {@link InternalCache#NO_FLOW} or {@link
     * InternalCache#SEVERAL_ZONES}; without a cache one of the latter two.
     */
    int zoneOf(Tuple original);

    /** Whether this flow found no room, so that the peer does not know it. */
    boolean isWithoutRoom(Flow flow);

    /** Times the kernel's table was read because its events had not told everything, or do not. */
    long repairs();

    /** Whether flows leave for the peer at all. */
    void setOpen(boolean open);

    /** What is due. */
    void doWork(long nowNanos);

    /** When to call {@link #doWork} at the latest. */
    long nextDeadline();
}
