// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.EventsDuringDump;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.Origin;
import io.keepstate.flow.Flow;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.port.FlowEvents;

/** Kernel events on their way into the internal cache and out to the peer. */
final class KernelFeed implements FlowEvents {
    private final FlowFilter.Matcher filter;
    private final InternalCache internal;
    private final EventsDuringDump duringDump;
    private final Outlet outlet;
    private final OverrunRepair repair;
    private long received;
    private long filtered;

    /** Repairs what lost events broke. */
    @FunctionalInterface
    interface OverrunRepair {
        void overrun(long nowNanos);
    }

    KernelFeed(
            FlowFilter.Matcher filter,
            InternalCache internal,
            EventsDuringDump duringDump,
            Outlet outlet,
            OverrunRepair repair) {
        this.filter = filter;
        this.internal = internal;
        this.duringDump = duringDump;
        this.outlet = outlet;
        this.repair = repair;
    }

    @Override
    public void created(Flow flow, long nowNanos) {
        if (passes(flow, filter.accepts(flow))) {
            outlet.offer(internal.onNew(flow, Origin.KERNEL, nowNanos));
        }
    }

    @Override
    public void updated(Flow flow, long nowNanos) {
        if (passes(flow, filter.accepts(flow))) {
            outlet.offer(internal.onUpdate(flow, Origin.KERNEL, nowNanos));
        }
    }

    @Override
    public void destroyed(Flow flow, long nowNanos) {
        if (passes(flow, filter.acceptsInAnyState(flow))) {
            outlet.offer(internal.onDestroy(flow, Origin.KERNEL));
        }
    }

    @Override
    public void overrun(long nowNanos) {
        repair.overrun(nowNanos);
    }

    long received() {
        return received;
    }

    long filtered() {
        return filtered;
    }

    private boolean passes(Flow flow, boolean accepted) {
        duringDump.onEvent(flow);
        received++;
        filtered += accepted ? 0 : 1;
        return accepted;
    }
}
