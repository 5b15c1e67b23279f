// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ExactEncoder;
import io.keepstate.conntrack.codec.ExpectationEncoder;
import io.keepstate.conntrack.codec.MessageKind;
import io.keepstate.flow.Coverage;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import io.keepstate.flow.NatTarget;
import io.keepstate.testkit.arbitraries.ExpectationArbitraries;
import io.keepstate.testkit.arbitraries.FlowArbitraries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Any flow and any expectation, as a kernel tells of them or an operator asks for them, and back. */
class NetlinkPropertyTest {
    private static final long SOCKET = 0xf000_0001L;

    private final ConntrackDecoder decoder = new ConntrackDecoder();

    @Provide
    Arbitrary<Flow> flows() {
        return FlowArbitraries.flows();
    }

    @Provide
    Arbitrary<Expectation> expectations() {
        return ExpectationArbitraries.expectations();
    }

    @Provide
    Arbitrary<MessageKind> kinds() {
        return Arbitraries.of(MessageKind.class);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aFlowArrivesWithEveryAttributeItHas(
            @ForAll("flows") Flow flow, @ForAll("flowKinds") MessageKind kind, @ForAll boolean requested) {
        Flow told = requested ? withTargets(flow) : flow;
        ByteBuf message = Unpooled.buffer();
        ExactEncoder.event(message, kind, SOCKET, told);
        Coverage.ofAll(told);
        Coverage.of("stated translation", told.sourceNat() != null, 5);

        decoder.begin(message);
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.kind()).isEqualTo(kind);
        assertThat(decoder.flow()).isEqualTo(told);
        assertThat(decoder.portId()).isEqualTo(SOCKET);
        assertThat(decoder.next()).isFalse();
        assertThat(decoder.unknownAttributeCount()).isZero();
    }

    @Provide
    Arbitrary<MessageKind> flowKinds() {
        return kinds().filter(MessageKind::hasFlow);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void anExpectationArrivesWithEveryAttributeItHas(
            @ForAll("expectations") Expectation expectation, @ForAll("expectationKinds") MessageKind kind) {
        ByteBuf message = Unpooled.buffer();
        ExpectationEncoder.event(message, kind, SOCKET, expectation);
        Coverage.ofAll(expectation);

        decoder.begin(message);
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.kind()).isEqualTo(kind);
        assertThat(decoder.expectation()).isEqualTo(expectation);
        assertThat(decoder.next()).isFalse();
        assertThat(decoder.unknownAttributeCount()).isZero();
    }

    @Provide
    Arbitrary<MessageKind> expectationKinds() {
        return kinds().filter(MessageKind::hasExpectation);
    }

    /** As in a request: where to translate to, instead of what came of it. */
    private static Flow withTargets(Flow flow) {
        return flow.toBuilder()
                .reply(flow.original().inverted())
                .sourceNat(new NatTarget(flow.original().destination(), 4711))
                .destinationNat(new NatTarget(null, 815))
                .build();
    }
}
