// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.testkit.arbitraries.FlowArbitraries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/** Any flow of a kernel, over the wire and back: what the profile carries arrives, the rest is absent, not wrong. */
class FlowWirePropertyTest {
    private static final Attribute[] CARRIED_AS_THEY_ARE = {Attribute.STATUS, Attribute.MARK, Attribute.ZONE};

    @Provide
    Arbitrary<Flow> flows() {
        return FlowArbitraries.flows();
    }

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void whatTheProfileCarriesArrives(
            @ForAll("flows") Flow flow, @ForAll boolean sendTimeout, @ForAll boolean windowTracking) {
        WireOptions options = new WireOptions(sendTimeout, windowTracking);
        ByteBuf out = Unpooled.buffer();
        Unprotected withheld = new FlowEncoder(WireProfile.V1_4_7, options).encode(flow, out);
        cover(flow, withheld);
        if (withheld != null && withheld.isWhole()) {
            assertThat(out.isReadable()).isFalse();
            return;
        }
        FlowBuilder builder = new FlowBuilder();
        assertThat(new FlowDecoder(WireProfile.V1_4_7).decode(out, builder)).isNull();
        Flow received = builder.build();
        assertThat(received).isEqualTo(carried(flow, options));

        ByteBuf again = Unpooled.buffer();
        new FlowEncoder(WireProfile.V1_4_7, options).encode(received, again);
        assertThat(ByteBufUtil.hexDump(again)).as("sent on").isEqualTo(ByteBufUtil.hexDump(out));
    }

    /** What arrives, said a second time and from the flow's side. */
    private static Flow carried(Flow flow, WireOptions options) {
        FlowBuilder out = Flow.builder(flow.original());
        for (Attribute attribute : CARRIED_AS_THEY_ARE) {
            copy(flow, out, attribute);
        }
        if (options.sendTimeout()) {
            copy(flow, out, Attribute.TIMEOUT);
        }
        copy(flow, out, Attribute.TCP_STATE);
        if (options.tcpWindowTracking()) {
            copy(flow, out, Attribute.TCP_WSCALE_ORIGINAL);
            copy(flow, out, Attribute.TCP_WSCALE_REPLY);
        }
        copy(flow, out, Attribute.SCTP_STATE);
        copy(flow, out, Attribute.SCTP_VTAG_ORIGINAL);
        copy(flow, out, Attribute.SCTP_VTAG_REPLY);
        copy(flow, out, Attribute.DCCP_STATE);
        copy(flow, out, Attribute.DCCP_ROLE);
        out.master(flow.master())
                .originalAdjustment(flow.originalAdjustment())
                .replyAdjustment(flow.replyAdjustment())
                .synProxy(flow.synProxy());
        out.helper(flow.helper() != null && flow.helper().length() <= 11 ? flow.helper() : null);
        int[] labels = flow.labels();
        out.labels(labels != null && Arrays.stream(labels).anyMatch(word -> word != 0) ? labels : null);
        Tuple plain = flow.original().inverted();
        Tuple reply = flow.reply();
        if (mayTranslate(flow, Status.SRC_NAT_DONE)) {
            out.sourceNat(
                    target(plain.destination(), reply.destination(), plain.destinationId(), reply.destinationId()));
        }
        if (mayTranslate(flow, Status.DST_NAT_DONE)) {
            out.destinationNat(target(plain.source(), reply.source(), plain.sourceId(), reply.sourceId()));
        }
        return out.build();
    }

    private static NatTarget target(IpAddress plain, IpAddress translated, int plainPort, int translatedPort) {
        IpAddress address = plain.equals(translated) ? null : translated;
        int port = plainPort == translatedPort ? 0 : translatedPort;
        return address == null && port == 0 ? null : new NatTarget(address, port);
    }

    private static boolean mayTranslate(Flow flow, int bit) {
        return !flow.has(Attribute.STATUS) || (flow.status() & bit) != 0;
    }

    private static void copy(Flow flow, FlowBuilder out, Attribute attribute) {
        if (flow.has(attribute)) {
            out.set(attribute, flow.get(attribute));
        }
    }

    private static void cover(Flow flow, Unprotected withheld) {
        boolean whole = withheld != null && withheld.isWhole();
        covered("sent", !whole, 8);
        covered("IPv4", flow.original().family() == Family.IPV4, 20);
        covered("translated", !flow.original().inverted().equals(flow.reply()), 20);
        covered("master", flow.master() != null, 5);
        covered("adjustment", flow.originalAdjustment() != null, 5);
        covered("SYN proxy", flow.synProxy() != null, 5);
        covered("helper", flow.helper() != null, 5);
        covered("labels", flow.labelWords() > 0, 5);
        covered("status", flow.has(Attribute.STATUS), 3);
        covered("timeout", flow.has(Attribute.TIMEOUT), 20);
        covered("mark", flow.has(Attribute.MARK), 20);
        covered("zone", flow.has(Attribute.ZONE), 5);
        covered("TCP state", flow.has(Attribute.TCP_STATE), 5);
        covered("TCP window scale", flow.has(Attribute.TCP_WSCALE_ORIGINAL), 3);
        covered("SCTP state", flow.has(Attribute.SCTP_STATE), 3);
        covered("DCCP state", flow.has(Attribute.DCCP_STATE), 3);
    }

    private static void covered(String label, boolean present, int percent) {
        Statistics.label(label).collect(present).coverage(coverage -> {
            coverage.check(true).percentage(p -> p >= percent);
            coverage.check(false).percentage(p -> p >= percent);
        });
    }
}
