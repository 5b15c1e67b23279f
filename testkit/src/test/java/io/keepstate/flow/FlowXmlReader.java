// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** Reads the XML elements of flows with the JDK's parser. */
final class FlowXmlReader {
    private FlowXmlReader() {}

    /** The flow an element tells of. */
    static Flow read(String xml) {
        Element flow = parse(xml);
        FlowBuilder out = new FlowBuilder();
        Element original = direction(flow, "original");
        Element reply = direction(flow, "reply");
        Element rest = direction(flow, "independent");
        Tuple tuple = tuple(original);
        out.original(tuple);
        out.originalCounters(counters(original));
        number(original, "zone", Attribute.ZONE_ORIGINAL, out);
        if (!child(reply, "layer3").getAttribute("protonum").equals("0")) {
            out.reply(tuple(reply));
        }
        out.replyCounters(counters(reply));
        number(reply, "zone", Attribute.ZONE_REPLY, out);
        String state = text(rest, "state");
        if (state != null) {
            // Of whatever protocol, it has the name of the TCP state of the same number.
            out.set(stateOf(tuple.protocol()), ProtocolState.number(Attribute.TCP_STATE, state));
        }
        number(rest, "timeout", Attribute.TIMEOUT, out);
        number(rest, "mark", Attribute.MARK, out);
        out.securityContext(text(rest, "secctx"));
        number(rest, "zone", Attribute.ZONE, out);
        number(rest, "use", Attribute.USE, out);
        number(rest, "id", Attribute.ID, out);
        out.status((find(rest, "assured") == null ? 0 : Status.ASSURED)
                | (find(rest, "unreplied") == null ? Status.SEEN_REPLY : 0));
        return out.helper(text(flow, "helper")).build();
    }

    /**
     * What an element shows of a flow: of ICMP only the addresses.
     *
     * @param whole with timeout, counters and use count
     */
    static Flow shown(Flow flow, boolean whole) {
        Tuple reply = flow.reply();
        FlowBuilder out = Flow.builder(withoutIcmp(flow.original())).reply(reply == null ? null : withoutIcmp(reply));
        Attributes.copyShown(flow, out);
        Attributes.copy(flow, out, Attribute.ID);
        if (whole) {
            Attributes.copy(flow, out, Attribute.TIMEOUT, Attribute.USE);
            out.originalCounters(flow.originalCounters()).replyCounters(flow.replyCounters());
        }
        int status = flow.has(Attribute.STATUS) ? flow.status() : Status.SEEN_REPLY;
        return out.status(status & (Status.ASSURED | Status.SEEN_REPLY))
                .securityContext(flow.securityContext())
                .helper(flow.helper())
                .build();
    }

    private static Tuple withoutIcmp(Tuple tuple) {
        return Protocol.isIcmp(tuple.protocol())
                ? IpAddresses.tuple(tuple.source(), tuple.destination(), tuple.protocol(), 0, 0)
                : tuple;
    }

    private static Attribute stateOf(int protocol) {
        return switch (protocol) {
            case Protocol.TCP -> Attribute.TCP_STATE;
            case Protocol.SCTP -> Attribute.SCTP_STATE;
            default -> Attribute.DCCP_STATE;
        };
    }

    private static Element parse(String xml) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(xml)))
                    .getDocumentElement();
        } catch (Exception e) {
            throw new AssertionError("no XML: " + xml, e);
        }
    }

    private static Element direction(Element flow, String name) {
        for (Node node = flow.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element meta && meta.getAttribute("direction").equals(name)) {
                return meta;
            }
        }
        throw new AssertionError("no direction " + name);
    }

    private static Tuple tuple(Element direction) {
        Element layer3 = child(direction, "layer3");
        Element layer4 = child(direction, "layer4");
        int protocol = Integer.parseInt(layer4.getAttribute("protonum"));
        boolean ports = find(layer4, "sport") != null;
        boolean keys = find(layer4, "srckey") != null;
        return IpAddresses.tuple(
                IpAddresses.parse(child(layer3, "src").getTextContent()),
                IpAddresses.parse(child(layer3, "dst").getTextContent()),
                protocol,
                ports ? id(layer4, "sport") : keys ? id(layer4, "srckey") : 0,
                ports ? id(layer4, "dport") : keys ? id(layer4, "dstkey") : 0);
    }

    private static int id(Element layer4, String name) {
        return Integer.decode(child(layer4, name).getTextContent());
    }

    private static @Nullable Counters counters(Element direction) {
        Element counters = find(direction, "counters");
        return counters == null
                ? null
                : new Counters(
                        Long.parseUnsignedLong(child(counters, "packets").getTextContent()),
                        Long.parseUnsignedLong(child(counters, "bytes").getTextContent()));
    }

    private static void number(Element parent, String name, Attribute attribute, FlowBuilder out) {
        String text = text(parent, name);
        if (text != null) {
            out.set(attribute, Long.parseUnsignedLong(text));
        }
    }

    private static @Nullable String text(Element parent, String name) {
        Element element = find(parent, name);
        return element == null ? null : element.getTextContent();
    }

    private static Element child(Element parent, String name) {
        Element found = find(parent, name);
        if (found == null) {
            throw new AssertionError("no " + name + " in " + parent.getTagName());
        }
        return found;
    }

    private static @Nullable Element find(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }
}
