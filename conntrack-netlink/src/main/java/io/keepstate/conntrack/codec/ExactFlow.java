// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Flow;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Tuple;
import org.jspecify.annotations.Nullable;

/** Writes every attribute a flow has, as it is, in the kernel's order (ctnetlink_fill_info). */
final class ExactFlow {
    private ExactFlow() {}

    static void write(AttributeWriter out, Flow flow) {
        TupleEncoder.write(out, Cta.TUPLE_ORIG, flow.original(), zone(flow, Attribute.ZONE_ORIGINAL));
        Tuple reply = flow.reply();
        if (reply != null) {
            TupleEncoder.write(out, Cta.TUPLE_REPLY, reply, zone(flow, Attribute.ZONE_REPLY));
        }
        if (flow.has(Attribute.ZONE)) {
            out.u16(Cta.ZONE, flow.zone());
        }
        number(out, Cta.STATUS, flow, Attribute.STATUS);
        number(out, Cta.TIMEOUT, flow, Attribute.TIMEOUT);
        protocolState(out, flow);
        counters(out, Cta.COUNTERS_ORIG, flow.originalCounters());
        counters(out, Cta.COUNTERS_REPLY, flow.replyCounters());
        times(out, flow);
        name(out, Cta.HELP, flow.helper(), Cta.MAX_NAME_OCTETS);
        number(out, Cta.MARK, flow, Attribute.MARK);
        name(out, Cta.SECCTX, flow.securityContext(), Cta.MAX_CONTEXT_OCTETS);
        int[] labels = flow.labels();
        if (labels != null) {
            out.hostWords(Cta.LABELS, labels, Math.min(labels.length, Cta.MAX_LABEL_OCTETS / 4));
        }
        number(out, Cta.ID, flow, Attribute.ID);
        number(out, Cta.USE, flow, Attribute.USE);
        Tuple master = flow.master();
        if (master != null) {
            TupleEncoder.write(out, Cta.TUPLE_MASTER, master);
        }
        FlowEncoder.adjustment(out, Cta.SEQ_ADJ_ORIG, flow.originalAdjustment());
        FlowEncoder.adjustment(out, Cta.SEQ_ADJ_REPLY, flow.replyAdjustment());
        FlowEncoder.synProxy(out, flow.synProxy());
        nat(out, Cta.NAT_SRC, flow.sourceNat());
        nat(out, Cta.NAT_DST, flow.destinationNat());
    }

    private static void protocolState(AttributeWriter out, Flow flow) {
        for (ProtocolValues protocol : ProtocolValues.ALL) {
            for (Attribute attribute : protocol.attributes) {
                if (flow.has(attribute)) {
                    state(out, flow, protocol);
                    break;
                }
            }
        }
    }

    private static void state(AttributeWriter out, Flow flow, ProtocolValues protocol) {
        int info = out.beginNest(Cta.PROTOINFO);
        int nest = out.beginNest(protocol.nest);
        for (int i = 0; i < protocol.attributes.length; i++) {
            if (flow.has(protocol.attributes[i])) {
                long value = flow.get(protocol.attributes[i]);
                switch (protocol.sizes[i]) {
                    case 1 -> out.u8(i + 1, (int) value);
                    case 2 -> out.u16(i + 1, (int) value);
                    case 4 -> out.u32(i + 1, value);
                    default -> out.u64(i + 1, value);
                }
            }
        }
        out.endNest(nest);
        out.endNest(info);
    }

    private static void counters(AttributeWriter out, int attribute, @Nullable Counters counters) {
        if (counters != null) {
            int nest = out.beginNest(attribute);
            out.u64(Cta.COUNTERS_PACKETS, counters.packets());
            out.u64(Cta.COUNTERS_BYTES, counters.bytes());
            out.endNest(nest);
        }
    }

    private static void times(AttributeWriter out, Flow flow) {
        if (flow.has(Attribute.TIMESTAMP_START)) {
            int nest = out.beginNest(Cta.TIMESTAMP);
            out.u64(Cta.TIMESTAMP_START, flow.get(Attribute.TIMESTAMP_START));
            if (flow.has(Attribute.TIMESTAMP_STOP)) {
                out.u64(Cta.TIMESTAMP_STOP, flow.get(Attribute.TIMESTAMP_STOP));
            }
            out.endNest(nest);
        }
        if (flow.has(Attribute.TIMESTAMP_EVENT)) {
            out.u64(Cta.TIMESTAMP_EVENT, flow.get(Attribute.TIMESTAMP_EVENT));
        }
    }

    /** CTA_HELP_NAME and CTA_SECCTX_NAME are both attribute 1. */
    private static void name(AttributeWriter out, int attribute, @Nullable String name, int longest) {
        if (name != null) {
            int nest = out.beginNest(attribute);
            out.text(Cta.HELP_NAME, name, longest);
            out.endNest(nest);
        }
    }

    private static void nat(AttributeWriter out, int attribute, @Nullable NatTarget target) {
        if (target != null) {
            FlowEncoder.nat(out, attribute, target.address(), target.port() == 0 ? -1 : target.port());
        }
    }

    private static void number(AttributeWriter out, int attribute, Flow flow, Attribute value) {
        if (flow.has(value)) {
            out.u32(attribute, flow.get(value));
        }
    }

    private static int zone(Flow flow, Attribute direction) {
        return flow.has(direction) ? (int) flow.get(direction) : -1;
    }
}
