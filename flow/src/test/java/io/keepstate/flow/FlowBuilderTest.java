// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FlowBuilderTest {
    private static final Tuple TUPLE = Tuple.ipv4(1, 2, Protocol.TCP, 3, 4);

    @Test
    void whatANewerDescriptionLeavesOutIsKept() {
        Flow old = Flow.builder(TUPLE)
                .reply(TUPLE.inverted())
                .mark(1)
                .timeoutSeconds(30)
                .helper("ftp")
                .sourceNat(new NatTarget(IpAddress.ipv4(9), 0))
                .labels(new int[] {1})
                .build();
        Flow newer = Flow.builder(TUPLE).mark(2).zone(3).build();

        Flow merged = old.toBuilder().update(newer).build();

        assertThat(merged).isEqualTo(old.toBuilder().mark(2).zone(3).build());
    }

    @Test
    void aNewerDescriptionOfEveryPartReplacesEveryPart() {
        Flow old = everything(1);
        Flow newer = everything(2);
        assertThat(old).isNotEqualTo(newer);
        assertThat(old.toBuilder().update(newer).build()).isEqualTo(newer);
    }

    @Test
    void aResetBuilderHasForgottenEverything() {
        FlowBuilder builder = everything(1).toBuilder().reset();
        assertThatThrownBy(builder::build).isInstanceOf(NullPointerException.class);
        assertThat(builder.original(TUPLE).build())
                .isEqualTo(Flow.builder(TUPLE).build());
    }

    @Test
    void theKeysZoneIsThatOfTheOriginalDirection() {
        assertThat(Flow.builder(TUPLE).zone(5).build().key()).isEqualTo(new FlowKey(TUPLE, 5));
        assertThat(Flow.builder(TUPLE).set(Attribute.ZONE_ORIGINAL, 6).build().key())
                .isEqualTo(new FlowKey(TUPLE, 6));
        assertThat(Flow.builder(TUPLE).set(Attribute.ZONE_REPLY, 7).build().key())
                .isEqualTo(new FlowKey(TUPLE, 0));
    }

    private static Flow everything(int n) {
        Tuple other = Tuple.ipv4(n, n, Protocol.TCP, n, n);
        FlowBuilder builder = Flow.builder(TUPLE)
                .reply(other)
                .master(other)
                .sourceNat(new NatTarget(null, n))
                .destinationNat(new NatTarget(null, n))
                .originalAdjustment(new SequenceAdjustment(n, n, n))
                .replyAdjustment(new SequenceAdjustment(n, n, n))
                .synProxy(new SynProxy(n, n, n))
                .originalCounters(new Counters(n, n))
                .replyCounters(new Counters(n, n))
                .helper("h" + n)
                .securityContext("c" + n)
                .labels(new int[] {n});
        for (Attribute attribute : Attribute.values()) {
            builder.set(attribute, n);
        }
        return builder.build();
    }
}
