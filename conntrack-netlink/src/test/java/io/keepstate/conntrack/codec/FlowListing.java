// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import java.util.Arrays;

/** Every part of a decoded message as text, one to a line: the {@code .txt} of a fixture pair. */
public final class FlowListing {
    private FlowListing() {}

    /** The listing of the message {@code decoder} stands on. */
    public static String of(ConntrackDecoder decoder) {
        StringBuilder out = new StringBuilder("kind " + decoder.kind() + "\n");
        if (decoder.kind().hasExpectation()) {
            return out.append("family ")
                    .append(decoder.family())
                    .append('\n')
                    .append(decoder.expectation())
                    .append('\n')
                    .toString();
        }
        if (!decoder.kind().hasFlow()) {
            return out.append("errno ").append(decoder.errno()).append('\n').toString();
        }
        out.append("family ").append(decoder.family()).append('\n');
        Flow flow = decoder.flow();
        line(out, "original", flow.original().protocol() + " " + flow.original());
        line(out, "reply", flow.reply());
        line(out, "master", flow.master());
        for (Attribute attribute : Attribute.values()) {
            if (flow.has(attribute)) {
                line(out, attribute.name(), flow.get(attribute));
            }
        }
        line(out, "counters original", flow.originalCounters());
        line(out, "counters reply", flow.replyCounters());
        line(out, "adjustment original", flow.originalAdjustment());
        line(out, "adjustment reply", flow.replyAdjustment());
        line(out, "synproxy", flow.synProxy());
        line(out, "source nat", flow.sourceNat());
        line(out, "destination nat", flow.destinationNat());
        line(out, "helper", flow.helper());
        line(out, "security context", flow.securityContext());
        line(out, "labels", flow.labels() == null ? null : Arrays.toString(flow.labels()));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, Object value) {
        if (value != null) {
            out.append(name).append(' ').append(value).append('\n');
        }
    }
}
