// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowLine;
import java.util.Set;

/** One cached flow as {@code conntrackd -i} and {@code conntrackd -e} print it: no timeout, use count or counters. */
public final class CacheLine {
    /** For an entry that does not expire. */
    public static final long NEVER = -1;

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
        append(out, flow, NEVER, activeSeconds);
    }

    /**
     * Appends the line.
     *
     * @param expiresSeconds until the entry is dropped unless it is announced again (ALARM), or {@link #NEVER}
     */
    public static void append(StringBuilder out, Flow flow, long expiresSeconds, long activeSeconds) {
        FlowLine.append(out, flow, Set.of());
        appendAges(out, expiresSeconds, activeSeconds);
    }

    /** Appends what follows the description of any cached entry. */
    public static void appendAges(StringBuilder out, long expiresSeconds, long activeSeconds) {
        if (expiresSeconds != NEVER) {
            out.append(" [expires in ").append(expiresSeconds).append("s]");
        }
        out.append(" [active since ").append(activeSeconds).append("s]");
    }
}
