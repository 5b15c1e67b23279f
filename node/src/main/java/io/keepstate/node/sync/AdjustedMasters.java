// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Status;
import io.keepstate.node.port.FlowTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Masters of new expectations, read from the kernel once more. A helper that announces a translated address writes it
 * into the line of its control connection; where that changes the length, the kernel shifts the sequence numbers of all
 * that follows, and sends no event (nf_ct_seqadj_set). Unread, the peer would not know it before the flow's next dump,
 * and a takeover would break the control connection.
 *
 * <p>Belongs to the sync loop.
 */
final class AdjustedMasters {
    /** Masters that wait, at most: what is beyond is counted, and told by the next dump. */
    private static final int LIMIT = 1024;
    /** Questions to the kernel in one turn. */
    private static final int BUDGET = 32;
    /** The kernel tells of an expectation just before it changes the line, in the work of the same packet. */
    private static final long DELAY_NANOS = 10_000_000;

    private final FlowTable table;
    private final OwnFlows flows;
    /** When each is to be read, the first first. */
    private final Map<FlowKey, Long> waiting = new LinkedHashMap<>();

    private long read;
    private long notRead;

    AdjustedMasters(FlowTable table, OwnFlows flows) {
        this.table = table;
        this.flows = flows;
    }

    /** A helper announced something on this flow. */
    void announced(FlowKey master, long nowNanos) {
        waiting.remove(master);
        if (waiting.size() < LIMIT) {
            waiting.put(master, nowNanos + DELAY_NANOS);
        } else {
            notRead++;
        }
    }

    void doWork(long nowNanos) {
        if (nextDeadline() <= nowNanos) {
            List<FlowKey> due = new ArrayList<>();
            for (Map.Entry<FlowKey, Long> each : waiting.entrySet()) {
                if (each.getValue() > nowNanos || due.size() == BUDGET) {
                    break;
                }
                due.add(each.getKey());
            }
            due.forEach(master -> read(master, nowNanos));
        }
    }

    private void read(FlowKey master, long nowNanos) {
        waiting.remove(master);
        read++;
        Flow flow = table.find(master);
        // One that is ending may have been told as ended already.
        if (flow != null && (flow.status() & (Status.SEQ_ADJUST | Status.DYING)) == Status.SEQ_ADJUST) {
            flows.found(flow, nowNanos);
        }
    }

    long nextDeadline() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.values().iterator().next();
    }

    /** Masters that were read. */
    long read() {
        return read;
    }

    /** Masters that were not, since too many waited. */
    long notRead() {
        return notRead;
    }
}
