// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import org.jspecify.annotations.Nullable;

/** One flow in the form of a line of {@code conntrack -L} (default output), the text of {@link Flow#toString}. */
public final class FlowLine {
    private FlowLine() {}

    /** The line, without a line end. */
    public static String format(Flow flow) {
        StringBuilder out = new StringBuilder(200);
        append(out, flow);
        return out.toString();
    }

    /** Appends the line. */
    public static void append(StringBuilder out, Flow flow) {
        Tuple original = flow.original();
        String name = ProtocolName.of(original.protocol());
        out.append(name).append(" ".repeat(Math.max(1, 9 - name.length()))).append(original.protocol());
        if (flow.has(Attribute.TIMEOUT)) {
            out.append(' ').append(flow.timeoutSeconds());
        }
        if (flow.has(Attribute.TCP_STATE)) {
            out.append(' ').append(TcpState.name(flow.tcpState()));
        }
        out.append(' ').append(original);
        boolean statusKnown = flow.has(Attribute.STATUS);
        if (statusKnown && (flow.status() & Status.SEEN_REPLY) == 0) {
            out.append(" [UNREPLIED]");
        }
        appendReply(out, flow.reply());
        if (statusKnown && (flow.status() & Status.ASSURED) != 0) {
            out.append(" [ASSURED]");
        }
        if (flow.has(Attribute.MARK)) {
            out.append(" mark=").append(flow.mark() & 0xffff_ffffL);
        }
        if (flow.zone() != 0) {
            out.append(" zone=").append(flow.zone());
        }
        if (flow.helper() != null) {
            out.append(" helper=").append(flow.helper());
        }
    }

    private static void appendReply(StringBuilder out, @Nullable Tuple reply) {
        if (reply != null) {
            out.append(' ').append(reply);
        }
    }
}
