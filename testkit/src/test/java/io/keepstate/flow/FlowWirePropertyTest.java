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
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Any flow of a kernel, over the wire and back: what the profile carries arrives, the rest is absent, not wrong. */
class FlowWirePropertyTest {
    /** Labels of more than 256 words are nothing a kernel has. */
    private static final Set<Unprotected> OF_FLOWS = EnumSet.complementOf(EnumSet.of(
            Unprotected.LONG_LABELS,
            Unprotected.EXPECTATION_ZONE,
            Unprotected.EXPECTATION_IPV6_NAT,
            Unprotected.EXPECTATION_PORTS,
            Unprotected.LONG_FUNCTION));

    private static final int SYNPROXY = 31;
    private static final int ZONE = 32;
    private static final Attribute[] CARRIED_AS_THEY_ARE = {
        Attribute.STATUS, Attribute.MARK, Attribute.TCP_STATE, Attribute.SCTP_STATE, Attribute.DCCP_STATE
    };

    @Provide
    Arbitrary<Flow> flows() {
        return FlowArbitraries.flows();
    }

    @Provide
    Arbitrary<WireProfile> profiles() {
        return Combinators.combine(
                        Arbitraries.of(WireProfile.ALL), Arbitraries.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN))
                .as(WireProfile::withHostOrder);
    }

    @Property(tries = 3000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void whatTheProfileCarriesArrivesAndTheRestStaysAtHome(
            @ForAll("flows") Flow flow,
            @ForAll("profiles") WireProfile profile,
            @ForAll boolean sendTimeout,
            @ForAll boolean windowTracking) {
        WireOptions options = new WireOptions(sendTimeout, windowTracking);
        FlowEncoder encoder = new FlowEncoder(profile, options);
        ByteBuf out = Unpooled.buffer();
        Unprotected withheld = encoder.encode(flow, out);
        cover(flow, profile, withheld);
        assertThat(withheld != null && withheld.isWhole()).isEqualTo(WireTruth.isUntruthful(flow, profile));
        if (withheld != null && withheld.isWhole()) {
            assertThat(out.isReadable()).isFalse();
            return;
        }
        FlowBuilder builder = new FlowBuilder();
        assertThat(new FlowDecoder(profile).decode(out, builder)).isNull();
        Flow received = builder.build();
        assertThat(received).isEqualTo(carried(flow, profile, options));

        ByteBuf again = Unpooled.buffer();
        encoder.encode(received, again);
        assertThat(ByteBufUtil.hexDump(again)).as("sent on").isEqualTo(ByteBufUtil.hexDump(out));
    }

    /** What arrives, said a second time and from the flow's side. */
    private static Flow carried(Flow flow, WireProfile profile, WireOptions options) {
        FlowBuilder out = Flow.builder(flow.original());
        for (Attribute attribute : CARRIED_AS_THEY_ARE) {
            copy(flow, out, attribute);
        }
        if (options.sendTimeout()) {
            copy(flow, out, Attribute.TIMEOUT);
        }
        if (profile.highestAttribute() >= ZONE) {
            copy(flow, out, Attribute.ZONE);
        }
        // What belongs to a state goes only with the state.
        if (options.tcpWindowTracking() && flow.has(Attribute.TCP_STATE)) {
            copy(flow, out, Attribute.TCP_WSCALE_ORIGINAL);
            copy(flow, out, Attribute.TCP_WSCALE_REPLY);
        }
        if (flow.has(Attribute.SCTP_STATE)) {
            copy(flow, out, Attribute.SCTP_VTAG_ORIGINAL);
            copy(flow, out, Attribute.SCTP_VTAG_REPLY);
        }
        if (flow.has(Attribute.DCCP_STATE)) {
            copy(flow, out, Attribute.DCCP_ROLE);
        }
        Tuple master = flow.master();
        out.master(master == null || WireTruth.losesIdentity(master) ? null : master)
                .originalAdjustment(flow.originalAdjustment())
                .replyAdjustment(flow.replyAdjustment())
                .synProxy(profile.highestAttribute() >= SYNPROXY ? flow.synProxy() : null);
        out.helper(flow.helper() != null && flow.helper().length() <= 11 ? flow.helper() : null);
        int[] labels = flow.labels();
        out.labels(labels != null && Arrays.stream(labels).anyMatch(word -> word != 0) ? labels : null);
        Tuple plain = flow.original().inverted();
        Tuple reply = flow.reply();
        if (WireTruth.isDone(flow, Status.SRC_NAT_DONE)) {
            out.sourceNat(
                    target(plain.destination(), reply.destination(), plain.destinationId(), reply.destinationId()));
        }
        if (WireTruth.isDone(flow, Status.DST_NAT_DONE)) {
            out.destinationNat(target(plain.source(), reply.source(), plain.sourceId(), reply.sourceId()));
        }
        return out.build();
    }

    private static NatTarget target(IpAddress plain, IpAddress translated, int plainPort, int translatedPort) {
        IpAddress address = plain.equals(translated) ? null : translated;
        int port = plainPort == translatedPort ? 0 : translatedPort;
        return address == null && port == 0 ? null : new NatTarget(address, port);
    }

    private static void copy(Flow flow, FlowBuilder out, Attribute attribute) {
        if (flow.has(attribute)) {
            out.set(attribute, flow.get(attribute));
        }
    }

    private static void cover(Flow flow, WireProfile profile, @Nullable Unprotected withheld) {
        Coverage.of("sent", withheld == null || !withheld.isWhole(), 8);
        Coverage.ofAll(flow);
        Statistics.label("profile")
                .collect(profile.name())
                .coverage(coverage -> WireProfile.ALL.forEach(
                        each -> coverage.check(each.name()).percentage(p -> p >= 15)));
        Statistics.label("withheld").collect(withheld).coverage(coverage -> {
            for (Unprotected reason : OF_FLOWS) {
                coverage.check(reason).count(count -> count > 0);
            }
        });
    }
}
