// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.examples.control.LogLine;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowLine;
import io.keepstate.flow.LinePart;
import java.util.Set;

/** The line of the statistics log for a flow that ended. Pure. */
final class EndedFlowLine {
    private static final Set<LinePart> PARTS = Set.of(LinePart.COUNTERS);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private EndedFlowLine() {}

    /** The flow alone, as it goes to syslog. */
    static String of(Flow flow) {
        StringBuilder line = new StringBuilder(200);
        FlowLine.append(line, flow, PARTS);
        if (flow.has(Attribute.TIMESTAMP_START) && flow.has(Attribute.TIMESTAMP_STOP)) {
            long nanos = flow.get(Attribute.TIMESTAMP_STOP) - flow.get(Attribute.TIMESTAMP_START);
            line.append(" delta-time=").append(Math.max(0, nanos) / NANOS_PER_SECOND);
        }
        return line.toString();
    }

    /** The line of the file: ctime(3), a tabulator, the flow. */
    static String of(Flow flow, long wallMillis) {
        return LogLine.ctime(wallMillis) + "\t" + of(flow);
    }
}
