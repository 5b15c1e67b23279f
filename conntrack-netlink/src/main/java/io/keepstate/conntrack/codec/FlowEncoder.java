// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.Status;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import org.jspecify.annotations.Nullable;

/** Writes the attributes of a flow into a create or an update, in the order conntrackd has them. */
final class FlowEncoder {
    /**
     * The only status bits worth taking over. The kernel computes the NAT and offload bits itself; EXPECTED and DYING
     * in a create are refused; FIXED_TIMEOUT would make every later timeout change fail and cannot be cleared.
     */
    static final int TRANSFERABLE_STATUS = Status.SEEN_REPLY | Status.ASSURED;

    private final boolean windowTracking;

    FlowEncoder(boolean windowTracking) {
        this.windowTracking = windowTracking;
    }

    void create(AttributeWriter out, Flow flow, long timeoutSeconds) {
        Tuple original = flow.original();
        // Mirrored, never translated: the kernel's NAT core makes the translated one from CTA_NAT_*.
        Tuple reply = original.inverted();
        TupleEncoder.write(out, Cta.TUPLE_ORIG, original, directionalZone(flow, Attribute.ZONE_ORIGINAL));
        TupleEncoder.write(out, Cta.TUPLE_REPLY, reply, directionalZone(flow, Attribute.ZONE_REPLY));
        Tuple master = flow.master();
        if (master != null) {
            TupleEncoder.write(out, Cta.TUPLE_MASTER, master);
        }
        out.u32(Cta.STATUS, ConntrackEncoder.statusForCreate(flow.status()));
        out.u32(Cta.TIMEOUT, Math.max(1, timeoutSeconds));
        changeable(out, flow);
        nat(out, Cta.NAT_SRC, flow, NatMapping.source(flow), original.sourceId());
        nat(out, Cta.NAT_DST, flow, NatMapping.destination(flow), original.destinationId());
        extensions(out, flow);
        String helper = flow.helper();
        if (helper != null) {
            int nest = out.beginNest(Cta.HELP);
            out.text(Cta.HELP_NAME, helper, Cta.MAX_NAME_OCTETS);
            out.endNest(nest);
        }
        ConntrackEncoder.zone(out, flow.zone());
    }

    void update(AttributeWriter out, Flow flow, long timeoutSeconds, int currentStatus) {
        key(out, flow);
        if (currentStatus != ConntrackEncoder.STATUS_UNKNOWN) {
            out.u32(Cta.STATUS, ConntrackEncoder.statusForUpdate(flow.status(), currentStatus));
        }
        if (timeoutSeconds > 0) {
            out.u32(Cta.TIMEOUT, timeoutSeconds);
        }
        changeable(out, flow);
        extensions(out, flow);
    }

    /** What finds the flow: original tuple and zone. */
    void key(AttributeWriter out, Flow flow) {
        TupleEncoder.write(out, Cta.TUPLE_ORIG, flow.original(), directionalZone(flow, Attribute.ZONE_ORIGINAL));
        ConntrackEncoder.zone(out, flow.zone());
    }

    private void changeable(AttributeWriter out, Flow flow) {
        if (flow.has(Attribute.MARK)) {
            out.u32(Cta.MARK, flow.mark());
        }
        switch (flow.original().protocol()) {
            case Protocol.TCP -> tcp(out, flow);
            case Protocol.SCTP -> sctp(out, flow);
            case Protocol.DCCP -> dccp(out, flow);
            default -> {
                // other protocols keep no state
            }
        }
    }

    /** Without the state a create would make an entry in state NONE. */
    private void tcp(AttributeWriter out, Flow flow) {
        int info = out.beginNest(Cta.PROTOINFO);
        int tcp = out.beginNest(Cta.PROTOINFO_TCP);
        out.u8(Cta.TCP_STATE, flow.tcpState());
        if (windowTracking) {
            windowScales(out, flow);
        } else {
            int liberal = Cta.TCP_FLAG_BE_LIBERAL;
            out.octets(Cta.TCP_FLAGS_ORIGINAL, liberal, liberal);
            out.octets(Cta.TCP_FLAGS_REPLY, liberal, liberal);
        }
        out.endNest(tcp);
        out.endNest(info);
    }

    /** The kernel takes the scales only where both directions carry the window scale flag (nlattr_to_tcp). */
    private static void windowScales(AttributeWriter out, Flow flow) {
        if (!flow.has(Attribute.TCP_WSCALE_ORIGINAL) || !flow.has(Attribute.TCP_WSCALE_REPLY)) {
            return;
        }
        out.u8(Cta.TCP_WSCALE_ORIGINAL, (int) flow.get(Attribute.TCP_WSCALE_ORIGINAL));
        out.u8(Cta.TCP_WSCALE_REPLY, (int) flow.get(Attribute.TCP_WSCALE_REPLY));
        int both = Cta.TCP_FLAG_WINDOW_SCALE | Cta.TCP_FLAG_SACK_PERM;
        out.octets(Cta.TCP_FLAGS_ORIGINAL, negotiated(flow, Attribute.TCP_FLAGS_ORIGINAL), both);
        out.octets(Cta.TCP_FLAGS_REPLY, negotiated(flow, Attribute.TCP_FLAGS_REPLY), both);
    }

    private static int negotiated(Flow flow, Attribute flags) {
        return Cta.TCP_FLAG_WINDOW_SCALE | ((int) flow.get(flags) >>> 8 & Cta.TCP_FLAG_SACK_PERM);
    }

    private static void sctp(AttributeWriter out, Flow flow) {
        if (!flow.has(Attribute.SCTP_STATE)) {
            return;
        }
        int info = out.beginNest(Cta.PROTOINFO);
        int sctp = out.beginNest(Cta.PROTOINFO_SCTP);
        out.u8(Cta.SCTP_STATE, (int) flow.get(Attribute.SCTP_STATE));
        out.u32(Cta.SCTP_VTAG_ORIGINAL, flow.get(Attribute.SCTP_VTAG_ORIGINAL));
        out.u32(Cta.SCTP_VTAG_REPLY, flow.get(Attribute.SCTP_VTAG_REPLY));
        out.endNest(sctp);
        out.endNest(info);
    }

    private static void dccp(AttributeWriter out, Flow flow) {
        if (!flow.has(Attribute.DCCP_STATE)) {
            return;
        }
        int info = out.beginNest(Cta.PROTOINFO);
        int dccp = out.beginNest(Cta.PROTOINFO_DCCP);
        out.u8(Cta.DCCP_STATE, (int) flow.get(Attribute.DCCP_STATE));
        out.u8(Cta.DCCP_ROLE, (int) flow.get(Attribute.DCCP_ROLE));
        if (flow.has(Attribute.DCCP_HANDSHAKE_SEQUENCE)) {
            out.u64(Cta.DCCP_HANDSHAKE_SEQ, flow.get(Attribute.DCCP_HANDSHAKE_SEQUENCE));
        }
        out.endNest(dccp);
        out.endNest(info);
    }

    private static void nat(
            AttributeWriter out, int attribute, Flow flow, @Nullable NatTarget target, int untranslatedId) {
        if (target != null) {
            nat(out, attribute, target.address(), NatMapping.exactPort(flow, target, untranslatedId));
        }
    }

    /** A range of one address, if any, and one port, if not negative. */
    static void nat(AttributeWriter out, int attribute, @Nullable IpAddress address, int port) {
        int nest = out.beginNest(attribute);
        if (address != null && address.family() == Family.IPV4) {
            out.u32(Cta.NAT_V4_MINIP, address.low());
        } else if (address != null) {
            out.words(Cta.NAT_V6_MINIP, address.high(), address.low());
        }
        if (port >= 0) {
            int range = out.beginNest(Cta.NAT_PROTO);
            out.u16(Cta.PROTONAT_PORT_MIN, port);
            out.u16(Cta.PROTONAT_PORT_MAX, port);
            out.endNest(range);
        }
        out.endNest(nest);
    }

    private static void extensions(AttributeWriter out, Flow flow) {
        adjustment(out, Cta.SEQ_ADJ_ORIG, flow.originalAdjustment());
        adjustment(out, Cta.SEQ_ADJ_REPLY, flow.replyAdjustment());
        synProxy(out, flow.synProxy());
        int[] labels = flow.labels();
        if (labels != null && labels.length > 0) {
            // The kernel has 128 labels and refuses a longer attribute.
            out.hostWords(Cta.LABELS, labels, Math.min(labels.length, Cta.MAX_LABEL_OCTETS / 4));
        }
    }

    static void synProxy(AttributeWriter out, @Nullable SynProxy proxy) {
        if (proxy != null) {
            int nest = out.beginNest(Cta.SYNPROXY);
            out.u32(Cta.SYNPROXY_ISN, proxy.initialSequence());
            out.u32(Cta.SYNPROXY_ITS, proxy.initialTimestamp());
            out.u32(Cta.SYNPROXY_TSOFF, proxy.timestampOffset());
            out.endNest(nest);
        }
    }

    static void adjustment(AttributeWriter out, int attribute, @Nullable SequenceAdjustment adjustment) {
        if (adjustment != null) {
            int nest = out.beginNest(attribute);
            out.u32(Cta.SEQADJ_CORRECTION_POS, adjustment.position());
            out.u32(Cta.SEQADJ_OFFSET_BEFORE, adjustment.before());
            out.u32(Cta.SEQADJ_OFFSET_AFTER, adjustment.after());
            out.endNest(nest);
        }
    }

    private static int directionalZone(Flow flow, Attribute direction) {
        return flow.has(direction) ? (int) flow.get(direction) : -1;
    }
}
