// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowLine;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.ProtocolName;
import io.keepstate.flow.ProtocolState;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.Status;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a flow, under the names conntrack has for them; what a message does not carry is left out. */
final class FlowFields {
    private static final long UNSIGNED = 0xffff_ffffL;
    /** In the order of their bits. */
    private static final List<String> STATUS = List.of(
            "EXPECTED",
            "SEEN_REPLY",
            "ASSURED",
            "CONFIRMED",
            "SRC_NAT",
            "DST_NAT",
            "SEQ_ADJUST",
            "SRC_NAT_DONE",
            "DST_NAT_DONE",
            "DYING",
            "FIXED_TIMEOUT",
            "TEMPLATE",
            "UNTRACKED",
            "HELPER",
            "OFFLOAD",
            "HW_OFFLOAD");

    private FlowFields() {}

    static Map<String, Object> of(Flow flow) {
        Map<String, Object> fields = tuple(flow.original());
        if (flow.has(Attribute.STATUS)) {
            fields.put("status", flow.status() & UNSIGNED);
            fields.put("status_names", statusNames(flow.status()));
            fields.put("assured", (flow.status() & Status.ASSURED) != 0);
        }
        state(fields, flow);
        number(fields, "timeout", flow, Attribute.TIMEOUT);
        number(fields, "mark", flow, Attribute.MARK);
        number(fields, "zone", flow, Attribute.ZONE);
        Tuple master = flow.master();
        if (master != null) {
            fields.put("master", tuple(master));
        }
        put(fields, "snat", target(flow.sourceNat()));
        put(fields, "dnat", target(flow.destinationNat()));
        put(fields, "seq_adj_orig", adjustment(flow.originalAdjustment()));
        put(fields, "seq_adj_reply", adjustment(flow.replyAdjustment()));
        put(fields, "helper", flow.helper());
        labels(fields, flow.labels());
        put(fields, "synproxy", synProxy(flow.synProxy()));
        fields.put("text", FlowLine.format(flow));
        return fields;
    }

    static Map<String, Object> tuple(Tuple tuple) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("l3proto", FtfwDissector.lower(tuple.family()));
        fields.put("l4proto", tuple.protocol());
        fields.put("l4proto_name", ProtocolName.of(tuple.protocol()));
        fields.put("src", tuple.source().toString());
        fields.put("dst", tuple.destination().toString());
        if (Protocol.isIcmp(tuple.protocol())) {
            fields.put("icmp_type", tuple.icmpType());
            fields.put("icmp_code", tuple.icmpCode());
            fields.put("icmp_id", tuple.icmpId());
        } else if (Protocol.hasPorts(tuple.protocol())) {
            fields.put("sport", tuple.sourcePort());
            fields.put("dport", tuple.destinationPort());
        }
        return fields;
    }

    private static void state(Map<String, Object> fields, Flow flow) {
        String name = ProtocolState.name(flow);
        if (name != null) {
            fields.put("state", name);
        }
        number(fields, "tcp_state", flow, Attribute.TCP_STATE);
        number(fields, "tcp_wscale_orig", flow, Attribute.TCP_WSCALE_ORIGINAL);
        number(fields, "tcp_wscale_reply", flow, Attribute.TCP_WSCALE_REPLY);
        number(fields, "sctp_state", flow, Attribute.SCTP_STATE);
        number(fields, "sctp_vtag_orig", flow, Attribute.SCTP_VTAG_ORIGINAL);
        number(fields, "sctp_vtag_reply", flow, Attribute.SCTP_VTAG_REPLY);
        number(fields, "dccp_state", flow, Attribute.DCCP_STATE);
        number(fields, "dccp_role", flow, Attribute.DCCP_ROLE);
    }

    private static List<String> statusNames(int status) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < STATUS.size(); bit++) {
            if ((status & 1 << bit) != 0) {
                names.add(STATUS.get(bit));
            }
        }
        return names;
    }

    private static @Nullable Map<String, Object> target(@Nullable NatTarget nat) {
        if (nat == null) {
            return null;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        if (nat.address() != null) {
            fields.put("address", nat.address().toString());
        }
        if (nat.port() != 0) {
            fields.put("port", nat.port());
        }
        return fields;
    }

    private static @Nullable Map<String, Object> adjustment(@Nullable SequenceAdjustment adjustment) {
        if (adjustment == null) {
            return null;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("position", adjustment.position() & UNSIGNED);
        fields.put("before", adjustment.before() & UNSIGNED);
        fields.put("after", adjustment.after() & UNSIGNED);
        return fields;
    }

    private static @Nullable Map<String, Object> synProxy(@Nullable SynProxy proxy) {
        if (proxy == null) {
            return null;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("isn", proxy.initialSequence() & UNSIGNED);
        fields.put("its", proxy.initialTimestamp() & UNSIGNED);
        fields.put("tsoff", proxy.timestampOffset() & UNSIGNED);
        return fields;
    }

    /** The numbers of the labels that are set. */
    private static void labels(Map<String, Object> fields, int @Nullable [] words) {
        if (words == null) {
            return;
        }
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < words.length * 32; label++) {
            if ((words[label >> 5] & 1 << (label & 31)) != 0) {
                labels.add(label);
            }
        }
        fields.put("labels", labels);
    }

    private static void number(Map<String, Object> fields, String name, Flow flow, Attribute attribute) {
        if (flow.has(attribute)) {
            fields.put(name, flow.get(attribute));
        }
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
