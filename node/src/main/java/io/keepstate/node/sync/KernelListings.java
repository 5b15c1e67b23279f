// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.flow.Flow;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.port.FlowVisitor;
import java.util.ArrayDeque;

/**
 * Readings of the kernel's table for who wants to see it, which is what {@code -i} shows without an internal cache. One after
 * the other, and behind readings for something else.
 */
final class KernelListings {
    private final FlowTable table;
    private final FlowFilter.Matcher filter;
    private final ArrayDeque<Listing> waiting = new ArrayDeque<>();
    private long now;

    private record Listing(FlowVisitor visitor, Completion done) {}

    KernelListings(FlowTable table, FlowFilter.Matcher filter) {
        this.table = table;
        this.filter = filter;
    }

    /** Shows the flows that pass the filter. */
    void request(FlowVisitor visitor, Completion done) {
        waiting.add(new Listing(visitor, done));
    }

    void doWork(long nowNanos) {
        now = nowNanos;
        Listing next = waiting.peek();
        if (next != null && table.dump(flow -> showIfAccepted(flow, next), next.done())) {
            waiting.remove();
        }
    }

    long nextDeadline() {
        return waiting.isEmpty() ? Long.MAX_VALUE : now;
    }

    private void showIfAccepted(Flow flow, Listing listing) {
        if (filter.accepts(flow)) {
            listing.visitor().visit(flow);
        }
    }
}
