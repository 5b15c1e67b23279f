// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.text;

import io.keepstate.flow.AddressText;
import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.ProtocolName;
import io.keepstate.flow.Tuple;

/** Elements that flows and expectations have in common. */
final class XmlText {
    private XmlText() {}

    /** Attributes of a {@code layer3} element. */
    static String family(Tuple tuple) {
        Family family = tuple.family();
        return " protonum=\"" + family.number() + "\" protoname=\"" + (family == Family.IPV4 ? "ipv4" : "ipv6") + '"';
    }

    /** Attributes of a {@code layer4} element. */
    static String protocol(Tuple tuple) {
        return " protonum=\"" + tuple.protocol() + "\" protoname=\"" + ProtocolName.of(tuple.protocol()) + '"';
    }

    static void addresses(StringBuilder out, Tuple tuple) {
        out.append("<src>");
        AddressText.append(out, tuple.family(), tuple.sourceHigh(), tuple.sourceLow());
        out.append("</src><dst>");
        AddressText.append(out, tuple.family(), tuple.destinationHigh(), tuple.destinationLow());
        out.append("</dst>");
    }

    /** Ports or keys; of ICMP there is nothing. */
    static void identifiers(StringBuilder out, Tuple tuple) {
        if (Protocol.hasPorts(tuple.protocol())) {
            element(out, "sport", Integer.toString(tuple.sourcePort()));
            element(out, "dport", Integer.toString(tuple.destinationPort()));
        } else if (tuple.protocol() == Protocol.GRE) {
            element(out, "srckey", "0x" + Integer.toHexString(tuple.sourceKey()));
            element(out, "dstkey", "0x" + Integer.toHexString(tuple.destinationKey()));
        }
    }

    static void element(StringBuilder out, String name, String text) {
        out.append('<').append(name).append('>');
        escaped(out, text);
        out.append("</").append(name).append('>');
    }

    /** Helper names, labels and security contexts are the only free text here. */
    private static void escaped(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                default -> out.append(c);
            }
        }
    }
}
