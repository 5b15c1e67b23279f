// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Tuple;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.port.FlowTable;

/**
 * Masters of expectations that are not kept as flows of ours: without an internal cache, since they do not take part, or
 * since their event has not been read. An expectation names its master by the original tuple alone, and the filter
 * wants to see the reply, too; so the kernel is asked.
 */
final class MasterFlows {
    private final FlowTable table;
    private final FlowFilter.Matcher filter;
    private final OwnFlows flows;

    MasterFlows(FlowTable table, FlowFilter.Matcher filter, OwnFlows flows) {
        this.table = table;
        this.filter = filter;
        this.flows = flows;
    }

    /** Whether the peer is told of this flow, one of the default zone. */
    boolean takesPart(Tuple master) {
        Flow found = table.find(new FlowKey(master, 0));
        if (found == null) {
            // A helper announces before the first packet of its flow is through: the flow comes next.
            return filter.accepts(Flow.builder(master).build());
        }
        return filter.accepts(found) && !flows.isWithoutRoom(found);
    }
}
