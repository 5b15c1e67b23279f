// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Tuple;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.port.FlowVisitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A kernel's table in memory that writes down what is asked of it, and answers a dump in the turn after the question. */
public final class FakeFlowTable implements FlowTable {
    public final Map<FlowKey, Flow> flows = new LinkedHashMap<>();
    public final List<String> asked = new ArrayList<>();
    /** Flows that were refused. */
    public int refusals;
    /** When set, a dump fails with it. */
    public @Nullable String dumpFailure;
    /** When set, a dump cannot even be asked for, which is told inside the call. */
    public @Nullable String dumpRefusal;

    private @Nullable FlowEvents events;
    private @Nullable FlowVisitor visitor;
    private Completion dumped = Completion.IGNORED;

    /** A flow as packets make it. */
    public void appears(Flow flow, long nowNanos) {
        flows.put(flow.key(), flow);
        if (events != null) {
            events.created(flow, nowNanos);
        }
    }

    /** A packet changes a flow. */
    public void changes(Flow flow, long nowNanos) {
        flows.put(flow.key(), flow);
        if (events != null) {
            events.updated(flow, nowNanos);
        }
    }

    /** A flow that ends by itself. */
    public void ends(Flow flow, long nowNanos) {
        flows.remove(flow.key());
        if (events != null) {
            events.destroyed(flow, nowNanos);
        }
    }

    /** Events are lost. */
    public void overrun(long nowNanos) {
        if (events != null) {
            events.overrun(nowNanos);
        }
    }

    @Override
    public void subscribe(FlowEvents sink) {
        asked.add("subscribe");
        events = sink;
    }

    @Override
    public boolean dump(FlowVisitor to, Completion done) {
        if (visitor != null) {
            return false;
        }
        asked.add("dump");
        if (dumpRefusal != null) {
            done.done(dumpRefusal);
            return true;
        }
        visitor = to;
        dumped = done;
        return true;
    }

    @Override
    public @Nullable Flow find(FlowKey key) {
        asked.add("find");
        return flows.get(key);
    }

    @Override
    public void commit(List<Flow> batch, CommitResult result) {
        asked.add("commit " + batch.size());
        int refused = 0;
        for (Flow flow : batch) {
            if (isOrphan(flow)) {
                refused++;
                result.refused(flow, "no_master");
            } else {
                flows.put(flow.key(), flow);
            }
        }
        refusals += refused;
        result.done(batch.size() - refused, refused);
    }

    private boolean isOrphan(Flow flow) {
        Tuple master = flow.master();
        return master != null
                && flows.values().stream().noneMatch(each -> each.original().equals(master));
    }

    @Override
    public void delete(List<FlowKey> batch, Completion done) {
        asked.add("delete " + batch.size());
        batch.forEach(flows::remove);
        done.done(null);
    }

    @Override
    public int doWork(long nowNanos, int budget) {
        FlowVisitor to = visitor;
        if (to == null) {
            return 0;
        }
        visitor = null;
        if (dumpFailure == null) {
            List.copyOf(flows.values()).forEach(to::visit);
        }
        dumped.done(dumpFailure);
        return 1;
    }

    @Override
    public long nextDeadline() {
        return visitor == null ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
