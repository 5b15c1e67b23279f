// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.SynProxy;
import io.keepstate.flow.Tuple;
import java.util.HexFormat;
import java.util.Locale;

/** A flow in the form of the fixtures' {@code .txt} files: one part a line, in a fixed order. */
final class FlowDescription {
    private FlowDescription() {}

    static String of(Flow flow) {
        StringBuilder out = new StringBuilder();
        tuple(out, "original", flow.original());
        tuple(out, "master", flow.master());
        if (flow.has(Attribute.STATUS)) {
            line(out, "status", "0x" + Integer.toHexString(flow.status()));
        }
        for (Attribute attribute : Attribute.values()) {
            if (attribute != Attribute.STATUS && flow.has(attribute)) {
                String name = attribute.name().toLowerCase(Locale.ROOT).replace('_', '-');
                line(out, name, Long.toString(flow.get(attribute)));
            }
        }
        nat(out, "source-nat", flow.sourceNat());
        nat(out, "destination-nat", flow.destinationNat());
        adjustment(out, "original-adjustment", flow.originalAdjustment());
        adjustment(out, "reply-adjustment", flow.replyAdjustment());
        SynProxy proxy = flow.synProxy();
        if (proxy != null) {
            line(
                    out,
                    "synproxy",
                    "its=" + unsigned(proxy.initialTimestamp()) + " isn=" + unsigned(proxy.initialSequence())
                            + " tsoff=" + unsigned(proxy.timestampOffset()));
        }
        if (flow.helper() != null) {
            line(out, "helper", flow.helper());
        }
        labels(out, flow);
        return out.toString();
    }

    private static void tuple(StringBuilder out, String name, Tuple tuple) {
        if (tuple != null) {
            line(out, name, "proto=" + tuple.protocol() + " " + tuple);
        }
    }

    private static void nat(StringBuilder out, String name, NatTarget target) {
        if (target != null) {
            line(out, name, (target.address() == null ? "-" : target.address()) + " " + target.port());
        }
    }

    private static void adjustment(StringBuilder out, String name, SequenceAdjustment adjustment) {
        if (adjustment != null) {
            line(
                    out,
                    name,
                    unsigned(adjustment.position()) + " " + unsigned(adjustment.before()) + " "
                            + unsigned(adjustment.after()));
        }
    }

    private static void labels(StringBuilder out, Flow flow) {
        if (flow.labelWords() > 0) {
            StringBuilder words = new StringBuilder();
            for (int i = 0; i < flow.labelWords(); i++) {
                words.append(i == 0 ? "" : " ").append(HexFormat.of().toHexDigits(flow.labelWord(i)));
            }
            line(out, "labels", words.toString());
        }
    }

    private static String unsigned(int value) {
        return Integer.toUnsignedString(value);
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(name).append(": ").append(value).append('\n');
    }
}
