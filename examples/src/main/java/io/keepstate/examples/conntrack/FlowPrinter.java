// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowLine;
import io.keepstate.flow.LinePart;
import io.keepstate.flow.text.FlowJson;
import io.keepstate.flow.text.FlowXml;
import io.keepstate.flow.text.SaveLine;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Prints flows in the form that {@code -o} asks for: one line each, frames around a listing. */
final class FlowPrinter {
    /** What happened to a flow; NONE in a listing. */
    enum Event {
        NONE("", "", "-A"),
        NEW("new", "    [NEW] ", "-A"),
        UPDATE("update", " [UPDATE] ", "-U"),
        DESTROY("destroy", "[DESTROY] ", "-D");

        final String name;
        final String prefix;
        final String command;

        Event(String name, String prefix, String command) {
            this.name = name;
            this.prefix = prefix;
            this.command = command;
        }
    }

    private static final Set<Verb> UNFRAMED = EnumSet.of(Verb.UPDATE, Verb.DELETE);

    private static final long SECOND = 1_000_000_000L;
    /** As ctime(3). */
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private final PrintStream out;
    private final Set<OutputPart> form;
    private final Set<LinePart> parts = EnumSet.copyOf(LinePart.DEFAULT);
    private final LabelMap labels;
    private final StringBuilder text = new StringBuilder(1024);
    /** Whether what is shown was deleted: it is saved as the order that does it. */
    private final boolean deleted;
    /** Whether the elements of a listing stand in a document: not what a command shows of its work. */
    private final boolean framed;

    private boolean begun;
    private String lineTail = "";

    FlowPrinter(Arguments arguments, PrintStream out) {
        this.out = out;
        this.form = arguments.output;
        this.deleted = arguments.verb() == Verb.DELETE;
        this.framed = form.contains(OutputPart.XML) && !UNFRAMED.contains(arguments.verb());
        this.labels = arguments.labelMap == null || deleted ? LabelMap.parse(List.of()) : arguments.labelMap;
        if (form.contains(OutputPart.EXTENDED)) {
            parts.add(LinePart.LAYER3);
        }
        if (form.contains(OutputPart.ID) || form.contains(OutputPart.XML)) {
            parts.add(LinePart.ID);
        }
    }

    /** What stands behind the next flow, on its line. */
    FlowPrinter tail(String tail) {
        lineTail = tail;
        return this;
    }

    /** Prints one flow of a listing. */
    void print(Flow flow) {
        print(flow, Event.NONE);
    }

    /** Prints one flow. */
    void print(Flow flow, Event event) {
        begin();
        text.setLength(0);
        if (form.contains(OutputPart.SAVE)) {
            SaveLine.append(text, flow, deleted ? Event.DESTROY.command : event.command);
        } else if (form.contains(OutputPart.JSON)) {
            FlowJson.append(text, flow, event.name, labels.of(flow));
        } else if (form.contains(OutputPart.XML)) {
            String when = event != Event.NONE && form.contains(OutputPart.TIMESTAMP) ? EventTime.element() : "";
            FlowXml.append(text, flow, parts, new FlowXml.Notes(event.name, labels.of(flow), xmlTimes(flow), when));
        } else {
            if (event != Event.NONE && form.contains(OutputPart.TIMESTAMP)) {
                text.append(EventTime.prefix());
            }
            text.append(event.prefix);
            List<String> names = labels.of(flow);
            FlowLine.append(
                    text, flow, parts, times(flow), names.isEmpty() ? "" : " labels=" + String.join(",", names));
        }
        text.append(form.contains(OutputPart.JSON) ? "" : lineTail).append('\n');
        lineTail = "";
        // Octets, since the encoder of a stream of characters costs more than everything above; one for each character,
        // since that is how the kernel's names and contexts became characters.
        byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        out.write(octets, 0, octets.length);
    }

    private void begin() {
        if (!begun && framed) {
            out.print("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<conntrack>\n");
        }
        begun = true;
    }

    /** Ends the listing. */
    void end() {
        if (begun && framed) {
            out.print("</conntrack>\n");
        }
        out.flush();
    }

    private String times(Flow flow) {
        if (!flow.has(Attribute.TIMESTAMP_START)) {
            return "";
        }
        String times = " delta-time=" + age(flow);
        if (!form.contains(OutputPart.KTIMESTAMP)) {
            return times;
        }
        times += " [start=" + ctime(flow.get(Attribute.TIMESTAMP_START)) + "]";
        return flow.has(Attribute.TIMESTAMP_STOP)
                ? times + " [stop=" + ctime(flow.get(Attribute.TIMESTAMP_STOP)) + "]"
                : times;
    }

    private String xmlTimes(Flow flow) {
        if (!flow.has(Attribute.TIMESTAMP_START)) {
            return "";
        }
        StringBuilder times = new StringBuilder();
        if (form.contains(OutputPart.KTIMESTAMP)) {
            times.append("<timestamp><start>")
                    .append(flow.get(Attribute.TIMESTAMP_START))
                    .append("</start>");
            if (flow.has(Attribute.TIMESTAMP_STOP)) {
                times.append("<stop>")
                        .append(flow.get(Attribute.TIMESTAMP_STOP))
                        .append("</stop>");
            }
            times.append("</timestamp>");
        }
        return times.append("<deltatime>")
                .append(age(flow))
                .append("</deltatime>")
                .toString();
    }

    /** Seconds from its start to its end, or until now. */
    private static long age(Flow flow) {
        long start = flow.get(Attribute.TIMESTAMP_START);
        long end = flow.has(Attribute.TIMESTAMP_STOP)
                ? flow.get(Attribute.TIMESTAMP_STOP)
                : System.currentTimeMillis() * 1_000_000;
        return Math.max(0, end / SECOND - start / SECOND);
    }

    private static String ctime(long nanos) {
        return CTIME.format(Instant.ofEpochSecond(0, nanos).atZone(ZoneId.systemDefault()));
    }
}
