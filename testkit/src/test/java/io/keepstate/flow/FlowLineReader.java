// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads lines of {@code conntrack -L}: word by word, as a script would. */
final class FlowLineReader {
    private final Iterator<String> words;
    private String word = "";

    private FlowLineReader(String line) {
        words = List.of(line.trim().split(" +")).iterator();
        next();
    }

    /** The flow a line tells of. */
    static Flow read(String line) {
        return new FlowLineReader(line).flow();
    }

    /**
     * What a line shows of a flow.
     *
     * @param whole with timeout, counters, use count and id
     */
    static Flow shown(Flow flow, boolean whole) {
        FlowBuilder out = Flow.builder(flow.original()).reply(flow.reply());
        Attributes.copyShown(flow, out);
        if (whole) {
            Attributes.copy(flow, out, Attribute.TIMEOUT, Attribute.USE, Attribute.ID);
            out.originalCounters(flow.originalCounters())
                    .replyCounters(flow.reply() == null ? null : flow.replyCounters());
        }
        // An answered flow and one that says nothing of it look the same; of the rest the first of three is shown.
        int status = flow.has(Attribute.STATUS) ? flow.status() : Status.SEEN_REPLY;
        int state = status & Status.HW_OFFLOAD;
        state = state == 0 ? status & Status.OFFLOAD : state;
        state = state == 0 ? status & Status.ASSURED : state;
        return out.status((status & Status.SEEN_REPLY) | state)
                .securityContext(flow.securityContext())
                .helper(flow.helper())
                .build();
    }

    private void next() {
        word = words.hasNext() ? words.next() : "";
    }

    private String take() {
        String taken = word;
        next();
        return taken;
    }

    private @Nullable String value(String name) {
        return word.startsWith(name + "=") ? take().substring(name.length() + 1) : null;
    }

    private boolean flag(String name) {
        boolean here = word.equals("[" + name + "]");
        if (here) {
            next();
        }
        return here;
    }

    private Flow flow() {
        if (word.equals("ipv4") || word.equals("ipv6")) {
            next();
            next();
        }
        String name = take();
        int protocol = Integer.parseInt(take());
        FlowBuilder out = new FlowBuilder();
        if (word.matches("\\d+")) {
            out.set(Attribute.TIMEOUT, Long.parseLong(take()));
        }
        state(name, out);
        out.original(tuple(protocol));
        number("zone-orig", Attribute.ZONE_ORIGINAL, out);
        out.originalCounters(counters());
        boolean unreplied = flag("UNREPLIED");
        if (word.startsWith("src=")) {
            out.reply(tuple(protocol));
        }
        number("zone-reply", Attribute.ZONE_REPLY, out);
        out.replyCounters(counters());
        out.status((unreplied ? 0 : Status.SEEN_REPLY)
                | (flag("HW_OFFLOAD") ? Status.HW_OFFLOAD : 0)
                | (flag("OFFLOAD") ? Status.OFFLOAD : 0)
                | (flag("ASSURED") ? Status.ASSURED : 0));
        number("mark", Attribute.MARK, out);
        out.securityContext(value("secctx"));
        number("zone", Attribute.ZONE, out);
        out.helper(value("helper"));
        number("use", Attribute.USE, out);
        number("id", Attribute.ID, out);
        if (!word.isEmpty()) {
            throw new AssertionError("nobody knows what this is: " + word);
        }
        return out.build();
    }

    private void state(String protocolName, FlowBuilder out) {
        if (word.startsWith("src=")) {
            return;
        }
        Attribute attribute = Attribute.valueOf(protocolName.toUpperCase(Locale.ROOT) + "_STATE");
        out.set(attribute, ProtocolState.number(attribute, take()));
    }

    private Tuple tuple(int protocol) {
        IpAddress source = IpAddresses.parse(value("src"));
        IpAddress destination = IpAddresses.parse(value("dst"));
        int sourceId = 0;
        int destinationId = 0;
        if (Protocol.hasPorts(protocol)) {
            sourceId = Integer.parseInt(value("sport"));
            destinationId = Integer.parseInt(value("dport"));
        } else if (Protocol.isIcmp(protocol)) {
            int type = Integer.parseInt(value("type"));
            destinationId = Tuple.icmpTypeAndCode(type, Integer.parseInt(value("code")));
            sourceId = Integer.parseInt(value("id"));
        } else if (protocol == Protocol.GRE) {
            sourceId = Integer.decode(value("srckey"));
            destinationId = Integer.decode(value("dstkey"));
        }
        return IpAddresses.tuple(source, destination, protocol, sourceId, destinationId);
    }

    private @Nullable Counters counters() {
        String packets = value("packets");
        return packets == null
                ? null
                : new Counters(Long.parseUnsignedLong(packets), Long.parseUnsignedLong(value("bytes")));
    }

    private void number(String name, Attribute attribute, FlowBuilder out) {
        String number = value(name);
        if (number != null) {
            out.set(attribute, Long.parseLong(number));
        }
    }
}
