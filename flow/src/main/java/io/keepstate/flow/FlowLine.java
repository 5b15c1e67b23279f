// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One flow in the form of a line of {@code conntrack -L}. What the flow does not have is not in the line. Time stamps
 * and labels are the caller's: they need a clock, and a file with the names of labels.
 */
public final class FlowLine {
    private static final int NAME_WIDTH = 8;
    private static final String BLANKS = " ".repeat(NAME_WIDTH + 1);

    private FlowLine() {}

    /** The line of {@code conntrack -L}, without a line end. */
    public static String format(Flow flow) {
        return format(flow, LinePart.DEFAULT);
    }

    /** The line with these parts, without a line end. */
    public static String format(Flow flow, Set<LinePart> parts) {
        StringBuilder out = new StringBuilder(200);
        append(out, flow, parts);
        return out.toString();
    }

    /** Appends the line with these parts. */
    public static void append(StringBuilder out, Flow flow, Set<LinePart> parts) {
        append(out, flow, parts, "", "");
    }

    /**
     * Appends the line with these parts and with what only the caller can know.
     *
     * @param times what stands behind the zone, such as {@code " delta-time=3"}; it takes a clock
     * @param labels what stands at the end, such as {@code " labels=web"}; it takes the file of their names
     */
    public static void append(StringBuilder out, Flow flow, Set<LinePart> parts, String times, String labels) {
        appendProtocols(out, flow, parts);
        boolean counters = parts.contains(LinePart.COUNTERS);
        flow.original().appendTo(out);
        appendZone(out, " zone-orig=", flow, Attribute.ZONE_ORIGINAL);
        appendCounters(out, counters ? flow.originalCounters() : null);
        if (flow.has(Attribute.STATUS) && (flow.status() & Status.SEEN_REPLY) == 0) {
            out.append(" [UNREPLIED]");
        }
        Tuple reply = flow.reply();
        if (reply != null) {
            out.append(' ');
            reply.appendTo(out);
        }
        appendZone(out, " zone-reply=", flow, Attribute.ZONE_REPLY);
        appendCounters(out, counters ? flow.replyCounters() : null);
        appendStatus(out, flow.status());
        appendRest(out, flow, parts, times);
        out.append(labels);
    }

    private static void appendProtocols(StringBuilder out, Flow flow, Set<LinePart> parts) {
        Tuple original = flow.original();
        if (parts.contains(LinePart.LAYER3)) {
            appendName(out, original.family() == Family.IPV4 ? "ipv4" : "ipv6");
            out.append(original.family().number()).append(' ');
        }
        appendName(out, ProtocolName.of(original.protocol()));
        out.append(original.protocol()).append(' ');
        if (parts.contains(LinePart.TIMEOUT) && flow.has(Attribute.TIMEOUT)) {
            out.append(flow.timeoutSeconds()).append(' ');
        }
        String state = ProtocolState.name(flow);
        if (state != null) {
            out.append(state).append(' ');
        }
    }

    private static void appendRest(StringBuilder out, Flow flow, Set<LinePart> parts, String times) {
        if (flow.has(Attribute.MARK)) {
            out.append(" mark=").append(flow.mark() & 0xffff_ffffL);
        }
        if (flow.securityContext() != null) {
            out.append(" secctx=").append(flow.securityContext());
        }
        appendZone(out, " zone=", flow, Attribute.ZONE);
        out.append(times);
        if (flow.helper() != null) {
            out.append(" helper=").append(flow.helper());
        }
        if (parts.contains(LinePart.USE) && flow.has(Attribute.USE)) {
            out.append(" use=").append(flow.get(Attribute.USE));
        }
        if (parts.contains(LinePart.ID) && flow.has(Attribute.ID)) {
            out.append(" id=").append(flow.get(Attribute.ID));
        }
    }

    private static void appendName(StringBuilder out, String name) {
        out.append(name).append(BLANKS, 0, Math.max(0, NAME_WIDTH - name.length()) + 1);
    }

    private static void appendZone(StringBuilder out, String label, Flow flow, Attribute attribute) {
        if (flow.has(attribute)) {
            out.append(label).append(flow.get(attribute));
        }
    }

    private static void appendCounters(StringBuilder out, @Nullable Counters counters) {
        if (counters != null) {
            out.append(" packets=").append(Long.toUnsignedString(counters.packets()));
            out.append(" bytes=").append(Long.toUnsignedString(counters.bytes()));
        }
    }

    private static void appendStatus(StringBuilder out, int status) {
        if ((status & Status.HW_OFFLOAD) != 0) {
            out.append(" [HW_OFFLOAD]");
        } else if ((status & Status.OFFLOAD) != 0) {
            out.append(" [OFFLOAD]");
        } else if ((status & Status.ASSURED) != 0) {
            out.append(" [ASSURED]");
        }
    }
}
