// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Flow;
import io.keepstate.flow.LinePart;
import io.keepstate.flow.ProtocolState;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One flow as an XML element on one line: {@code conntrack -L -o xml}, {@code conntrackd -i -x} and {@code -e -x}. A
 * reply tuple that is not known is printed empty, with protocol 0; the state of an SCTP or DCCP flow is printed under
 * the TCP state's name of the same number. Both are conntrackd's own ways, which readers of these dumps know.
 */
public final class FlowXml {
    private FlowXml() {}

    /** The element as conntrackd prints it: no timeout, use count or counters. */
    public static String format(Flow flow) {
        return format(flow, Set.of(LinePart.ID));
    }

    /** The element with these parts ({@link LinePart#LAYER3} is always there). */
    public static String format(Flow flow, Set<LinePart> parts) {
        StringBuilder out = new StringBuilder(600);
        append(out, flow, parts);
        return out.toString();
    }

    /** Appends the element with these parts. */
    public static void append(StringBuilder out, Flow flow, Set<LinePart> parts) {
        append(out, flow, parts, Notes.NONE);
    }

    /**
     * What only the caller can know of a flow.
     *
     * @param event what happened to it: {@code new}, {@code update}, {@code destroy}; empty in a dump
     * @param labels names of its labels, which take a file
     * @param times elements behind the status, such as {@code <deltatime>3</deltatime>}; they take a clock
     * @param when the element before the helper: when the event was received
     */
    public record Notes(String event, List<String> labels, String times, String when) {
        /** Nothing. */
        public static final Notes NONE = new Notes("", List.of(), "", "");

        /** Copies the list. */
        public Notes {
            labels = List.copyOf(labels);
        }
    }

    /** Appends the element with these parts and notes. */
    public static void append(StringBuilder out, Flow flow, Set<LinePart> parts, Notes notes) {
        boolean counters = parts.contains(LinePart.COUNTERS);
        out.append(notes.event().isEmpty() ? "<flow>" : "<flow type=\"" + notes.event() + "\">");
        direction(
                out,
                "original",
                flow.original(),
                flow.has(Attribute.ZONE_ORIGINAL) ? flow.get(Attribute.ZONE_ORIGINAL) : -1,
                counters ? flow.originalCounters() : null);
        direction(
                out,
                "reply",
                flow.reply(),
                flow.has(Attribute.ZONE_REPLY) ? flow.get(Attribute.ZONE_REPLY) : -1,
                counters ? flow.replyCounters() : null);
        independent(out, flow, parts, notes);
        out.append(notes.when());
        if (flow.helper() != null) {
            XmlText.element(out, "helper", flow.helper());
        }
        out.append("</flow>");
    }

    private static void direction(
            StringBuilder out, String name, @Nullable Tuple tuple, long zone, @Nullable Counters counters) {
        out.append("<meta direction=\"").append(name).append("\">");
        if (tuple == null) {
            out.append("<layer3 protonum=\"0\" protoname=\"unknown\"><src></src><dst></dst></layer3>");
            out.append("<layer4 protonum=\"0\" protoname=\"unknown\"></layer4>");
        } else {
            out.append("<layer3").append(XmlText.family(tuple)).append('>');
            XmlText.addresses(out, tuple);
            out.append("</layer3><layer4").append(XmlText.protocol(tuple)).append('>');
            XmlText.identifiers(out, tuple);
            out.append("</layer4>");
        }
        if (zone >= 0) {
            XmlText.element(out, "zone", Long.toString(zone));
        }
        if (counters != null) {
            out.append("<counters>");
            XmlText.element(out, "packets", Long.toUnsignedString(counters.packets()));
            XmlText.element(out, "bytes", Long.toUnsignedString(counters.bytes()));
            out.append("</counters>");
        }
        out.append("</meta>");
    }

    private static void independent(StringBuilder out, Flow flow, Set<LinePart> parts, Notes notes) {
        out.append("<meta direction=\"independent\">");
        int state = ProtocolState.number(flow);
        if (state >= 0) {
            XmlText.element(out, "state", TcpState.name(state));
        }
        number(out, "timeout", flow, Attribute.TIMEOUT, parts.contains(LinePart.TIMEOUT));
        number(out, "mark", flow, Attribute.MARK, true);
        if (!notes.labels().isEmpty()) {
            out.append("<labels>");
            notes.labels().forEach(label -> XmlText.element(out, "label", label));
            out.append("</labels>");
        }
        if (flow.securityContext() != null) {
            XmlText.element(out, "secctx", flow.securityContext());
        }
        number(out, "zone", flow, Attribute.ZONE, true);
        number(out, "use", flow, Attribute.USE, parts.contains(LinePart.USE));
        number(out, "id", flow, Attribute.ID, parts.contains(LinePart.ID));
        if ((flow.status() & Status.ASSURED) != 0) {
            out.append("<assured/>");
        }
        if (flow.has(Attribute.STATUS) && (flow.status() & Status.SEEN_REPLY) == 0) {
            out.append("<unreplied/>");
        }
        out.append(notes.times()).append("</meta>");
    }

    private static void number(StringBuilder out, String name, Flow flow, Attribute attribute, boolean wanted) {
        if (wanted && flow.has(attribute)) {
            XmlText.element(out, name, Long.toUnsignedString(flow.get(attribute)));
        }
    }
}
