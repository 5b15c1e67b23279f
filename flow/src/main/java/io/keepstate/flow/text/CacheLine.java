// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowLine;
import java.util.Set;

/** One cached flow as {@code conntrackd -i} and {@code conntrackd -e} print it: no timeout, use count or counters. */
public final class CacheLine {
    private CacheLine() {}

    /**
     * The line, without a line end.
     *
     * @param activeSeconds seconds since the flow entered the cache
     */
    public static String format(Flow flow, long activeSeconds) {
        StringBuilder out = new StringBuilder(200);
        append(out, flow, activeSeconds);
        return out.toString();
    }

    /** Appends the line. */
    public static void append(StringBuilder out, Flow flow, long activeSeconds) {
        FlowLine.append(out, flow, Set.of());
        out.append(" [active since ").append(activeSeconds).append("s]");
    }
}
