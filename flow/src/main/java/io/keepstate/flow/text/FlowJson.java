// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.ProtocolName;
import io.keepstate.flow.ProtocolState;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One flow as a JSON object on one line (RFC 8259): {@code conntrack -L -o json}. Numbers are numbers, what the flow does
 * not have is not there.
 */
public final class FlowJson {
    private static final String[] STATUS = {
        "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED", "SRC_NAT", "DST_NAT", "SEQ_ADJUST", "SRC_NAT_DONE",
        "DST_NAT_DONE", "DYING", "FIXED_TIMEOUT", "TEMPLATE", "UNTRACKED", "HELPER", "OFFLOAD", "HW_OFFLOAD"
    };

    private FlowJson() {}

    /**
     * Appends the object.
     *
     * @param event {@code new}, {@code update} or {@code destroy}; empty in a dump
     * @param labels names of the flow's labels
     */
    public static void append(StringBuilder out, Flow flow, String event, List<String> labels) {
        out.append('{');
        if (!event.isEmpty()) {
            string(out, "event", event);
        }
        Tuple original = flow.original();
        string(out, "family", original.family() == Family.IPV4 ? "ipv4" : "ipv6");
        string(out, "protocol", ProtocolName.of(original.protocol()));
        number(out, "protonum", original.protocol());
        attribute(out, "timeout", flow, Attribute.TIMEOUT);
        String state = ProtocolState.name(flow);
        if (state != null) {
            string(out, "state", state);
        }
        direction(out, "original", original, flow, Attribute.ZONE_ORIGINAL, flow.originalCounters());
        Tuple reply = flow.reply();
        if (reply != null) {
            direction(out, "reply", reply, flow, Attribute.ZONE_REPLY, flow.replyCounters());
        }
        if (flow.has(Attribute.STATUS)) {
            status(out, flow.status());
        }
        rest(out, flow);
        if (!labels.isEmpty()) {
            key(out, "labels").append('[');
            labels.forEach(label -> quoted(out, label).append(','));
            out.setLength(out.length() - 1);
            out.append("],");
        }
        out.setCharAt(out.length() - 1, '}');
    }

    private static void rest(StringBuilder out, Flow flow) {
        attribute(out, "mark", flow, Attribute.MARK);
        if (flow.securityContext() != null) {
            string(out, "secctx", flow.securityContext());
        }
        attribute(out, "zone", flow, Attribute.ZONE);
        if (flow.helper() != null) {
            string(out, "helper", flow.helper());
        }
        attribute(out, "start", flow, Attribute.TIMESTAMP_START);
        attribute(out, "stop", flow, Attribute.TIMESTAMP_STOP);
        attribute(out, "use", flow, Attribute.USE);
        attribute(out, "id", flow, Attribute.ID);
    }

    private static void direction(
            StringBuilder out, String name, Tuple tuple, Flow flow, Attribute zone, @Nullable Counters counters) {
        key(out, name).append('{');
        string(out, "src", tuple.source().toString());
        string(out, "dst", tuple.destination().toString());
        if (Protocol.hasPorts(tuple.protocol())) {
            number(out, "sport", tuple.sourcePort());
            number(out, "dport", tuple.destinationPort());
        } else if (Protocol.isIcmp(tuple.protocol())) {
            number(out, "type", tuple.icmpType());
            number(out, "code", tuple.icmpCode());
            number(out, "id", tuple.icmpId());
        } else if (tuple.protocol() == Protocol.GRE) {
            number(out, "srckey", tuple.sourceKey());
            number(out, "dstkey", tuple.destinationKey());
        }
        attribute(out, "zone", flow, zone);
        if (counters != null) {
            number(out, "packets", counters.packets());
            number(out, "bytes", counters.bytes());
        }
        out.setCharAt(out.length() - 1, '}');
        out.append(',');
    }

    private static void status(StringBuilder out, int status) {
        key(out, "status").append('[');
        for (int bit = 0; bit < STATUS.length; bit++) {
            if ((status & 1 << bit) != 0 && (1 << bit & ~Status.CONFIRMED) != 0) {
                quoted(out, STATUS[bit]).append(',');
            }
        }
        if (out.charAt(out.length() - 1) == ',') {
            out.setLength(out.length() - 1);
        }
        out.append("],");
    }

    private static void attribute(StringBuilder out, String name, Flow flow, Attribute attribute) {
        if (flow.has(attribute)) {
            number(out, name, flow.get(attribute));
        }
    }

    private static void number(StringBuilder out, String name, long value) {
        key(out, name).append(Long.toUnsignedString(value)).append(',');
    }

    private static void string(StringBuilder out, String name, String value) {
        quoted(key(out, name), value).append(',');
    }

    private static StringBuilder key(StringBuilder out, String name) {
        return out.append('"').append(name).append("\":");
    }

    private static StringBuilder quoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"');
    }
}
