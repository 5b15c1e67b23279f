// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import org.jspecify.annotations.Nullable;

/** Decodes one CTA_TUPLE_* nest. Reused; the results are read right after {@link #decode}. */
final class TupleDecoder {
    private static final int V4_SOURCE = 1;
    private static final int V4_DESTINATION = 1 << 1;
    private static final int V6_SOURCE = 1 << 2;
    private static final int V6_DESTINATION = 1 << 3;
    private static final int NUMBER = 1 << 4;

    private final AttributeCursor parts = new AttributeCursor();
    private final AttributeCursor values = new AttributeCursor();
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int protocol;
    private int sourceId;
    private int destinationId;
    private int seen;
    private int zone;
    private long unknown;

    /** Reads the nest {@code at} stands on; null means that {@link #tuple} may be called. */
    @Nullable
    MalformedReason decode(AttributeCursor at) {
        clear();
        parts.inside(at);
        while (parts.next()) {
            MalformedReason wrong = switch (parts.type()) {
                case Cta.TUPLE_IP -> addresses();
                case Cta.TUPLE_PROTO -> protocol();
                case Cta.TUPLE_ZONE -> zone();
                default -> unknown();
            };
            if (wrong != null) {
                return wrong;
            }
        }
        MalformedReason broken = parts.broken();
        return broken != null ? broken : complete();
    }

    private void clear() {
        sourceHigh = 0;
        sourceLow = 0;
        destinationHigh = 0;
        destinationLow = 0;
        protocol = 0;
        sourceId = 0;
        destinationId = 0;
        seen = 0;
        zone = -1;
    }

    private @Nullable MalformedReason addresses() {
        values.inside(parts);
        while (values.next()) {
            int type = values.type();
            if (type < Cta.IP_V4_SRC || type > Cta.IP_V6_DST) {
                unknown++;
                continue;
            }
            boolean ipv4 = type <= Cta.IP_V4_DST;
            if (values.length() != (ipv4 ? 4 : 16)) {
                return MalformedReason.WRONG_VALUE_SIZE;
            }
            long high = ipv4 ? 0 : values.u64();
            long low = ipv4 ? values.u32() : values.u64(8);
            if (type == Cta.IP_V4_SRC || type == Cta.IP_V6_SRC) {
                sourceHigh = high;
                sourceLow = low;
            } else {
                destinationHigh = high;
                destinationLow = low;
            }
            seen |= 1 << (type - Cta.IP_V4_SRC);
        }
        return values.broken();
    }

    private @Nullable MalformedReason protocol() {
        values.inside(parts);
        while (values.next()) {
            int size = sizeOfProtocolPart(values.type());
            if (size == 0) {
                unknown++;
            } else if (values.length() != size) {
                return MalformedReason.WRONG_VALUE_SIZE;
            } else {
                protocolPart(values.type(), size == 1 ? values.u8() : values.u16());
            }
        }
        return values.broken();
    }

    private static int sizeOfProtocolPart(int type) {
        return switch (type) {
            case Cta.PROTO_NUM,
                    Cta.PROTO_ICMP_TYPE,
                    Cta.PROTO_ICMP_CODE,
                    Cta.PROTO_ICMPV6_TYPE,
                    Cta.PROTO_ICMPV6_CODE -> 1;
            case Cta.PROTO_SRC_PORT, Cta.PROTO_DST_PORT, Cta.PROTO_ICMP_ID, Cta.PROTO_ICMPV6_ID -> 2;
            default -> 0;
        };
    }

    private void protocolPart(int type, int value) {
        switch (type) {
            case Cta.PROTO_NUM -> {
                protocol = value;
                seen |= NUMBER;
            }
            // GRE keys travel as ports (nf_conntrack_proto_gre.c uses nf_ct_port_tuple_to_nlattr)
            case Cta.PROTO_SRC_PORT, Cta.PROTO_ICMP_ID, Cta.PROTO_ICMPV6_ID -> sourceId = value;
            case Cta.PROTO_DST_PORT -> destinationId = value;
            case Cta.PROTO_ICMP_TYPE, Cta.PROTO_ICMPV6_TYPE -> destinationId = (destinationId & 0xff) | value << 8;
            default -> destinationId = (destinationId & 0xff00) | value;
        }
    }

    private @Nullable MalformedReason zone() {
        if (parts.length() != 2) {
            return MalformedReason.WRONG_VALUE_SIZE;
        }
        zone = parts.u16();
        return null;
    }

    private @Nullable MalformedReason unknown() {
        unknown++;
        return null;
    }

    private @Nullable MalformedReason complete() {
        boolean anyV4 = (seen & (V4_SOURCE | V4_DESTINATION)) != 0;
        boolean anyV6 = (seen & (V6_SOURCE | V6_DESTINATION)) != 0;
        if (anyV4 && anyV6) {
            return MalformedReason.MIXED_FAMILIES;
        }
        int addresses = anyV4 ? V4_SOURCE | V4_DESTINATION : V6_SOURCE | V6_DESTINATION;
        return (seen & (addresses | NUMBER)) == (addresses | NUMBER) ? null : MalformedReason.INCOMPLETE_TUPLE;
    }

    Family family() {
        return (seen & V4_SOURCE) != 0 ? Family.IPV4 : Family.IPV6;
    }

    Tuple tuple() {
        boolean identified = Protocol.hasPorts(protocol) || Protocol.isIcmp(protocol) || protocol == Protocol.GRE;
        return new Tuple(
                family(),
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow,
                protocol,
                identified ? sourceId : 0,
                identified ? destinationId : 0);
    }

    /** CTA_TUPLE_ZONE: the zone of this direction alone, or -1. */
    int zoneOrMinusOne() {
        return zone;
    }

    /** Unknown attributes met so far, over all tuples. */
    long unknownCount() {
        return unknown;
    }
}
