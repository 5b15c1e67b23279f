// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;

/** Writes one CTA_TUPLE_* nest. */
final class TupleEncoder {
    private TupleEncoder() {}

    static void write(AttributeWriter out, int attribute, Tuple tuple) {
        write(out, attribute, tuple, -1);
    }

    /** With a zone for this direction alone, if not negative. */
    static void write(AttributeWriter out, int attribute, Tuple tuple, int zone) {
        int nest = out.beginNest(attribute);
        addresses(out, tuple);
        protocol(out, tuple);
        if (zone >= 0) {
            out.u16(Cta.TUPLE_ZONE, zone);
        }
        out.endNest(nest);
    }

    private static void addresses(AttributeWriter out, Tuple tuple) {
        int nest = out.beginNest(Cta.TUPLE_IP);
        if (tuple.family() == Family.IPV4) {
            out.u32(Cta.IP_V4_SRC, tuple.sourceLow());
            out.u32(Cta.IP_V4_DST, tuple.destinationLow());
        } else {
            out.words(Cta.IP_V6_SRC, tuple.sourceHigh(), tuple.sourceLow());
            out.words(Cta.IP_V6_DST, tuple.destinationHigh(), tuple.destinationLow());
        }
        out.endNest(nest);
    }

    private static void protocol(AttributeWriter out, Tuple tuple) {
        int number = tuple.protocol();
        int nest = out.beginNest(Cta.TUPLE_PROTO);
        out.u8(Cta.PROTO_NUM, number);
        if (Protocol.hasPorts(number) || number == Protocol.GRE) {
            out.u16(Cta.PROTO_SRC_PORT, tuple.sourceId());
            out.u16(Cta.PROTO_DST_PORT, tuple.destinationId());
        } else if (number == Protocol.ICMP) {
            out.u16(Cta.PROTO_ICMP_ID, tuple.icmpId());
            out.u8(Cta.PROTO_ICMP_TYPE, tuple.icmpType());
            out.u8(Cta.PROTO_ICMP_CODE, tuple.icmpCode());
        } else if (number == Protocol.ICMPV6) {
            out.u16(Cta.PROTO_ICMPV6_ID, tuple.icmpId());
            out.u8(Cta.PROTO_ICMPV6_TYPE, tuple.icmpType());
            out.u8(Cta.PROTO_ICMPV6_CODE, tuple.icmpCode());
        }
        out.endNest(nest);
    }
}
