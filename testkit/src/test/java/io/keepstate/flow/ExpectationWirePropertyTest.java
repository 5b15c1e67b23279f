// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.wire.ExpectationDecoder;
import io.keepstate.flow.wire.ExpectationEncoder;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.testkit.arbitraries.ExpectationArbitraries;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/** Any expectation of a kernel, over the wire and back: what is carried arrives, the rest is absent, not wrong. */
class ExpectationWirePropertyTest {
    @Provide
    Arbitrary<Expectation> expectations() {
        return ExpectationArbitraries.expectations();
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void whatIsCarriedArrivesAndTheRestStaysAtHome(
            @ForAll("expectations") Expectation expectation, @ForAll boolean sendTimeout) {
        ExpectationEncoder encoder = new ExpectationEncoder(new WireOptions(sendTimeout, false));
        ByteBuf out = Unpooled.buffer();
        Unprotected withheld = encoder.encode(expectation, out);
        Coverage.ofAll(expectation);
        cover(withheld);
        boolean whole = withheld != null && withheld.isWhole();
        assertThat(whole).isEqualTo(WireTruth.isUntruthful(expectation));
        if (whole) {
            assertThat(out.isReadable()).isFalse();
            return;
        }
        ExpectationBuilder builder = new ExpectationBuilder();
        assertThat(new ExpectationDecoder().decode(out, builder)).isNull();
        Expectation received = builder.build();
        assertThat(received).isEqualTo(carried(expectation, sendTimeout));

        ByteBuf again = Unpooled.buffer();
        encoder.encode(received, again);
        assertThat(ByteBufUtil.hexDump(again)).as("sent on").isEqualTo(ByteBufUtil.hexDump(out));
    }

    private static Expectation carried(Expectation expectation, boolean sendTimeout) {
        String helper = expectation.helper();
        ExpectationBuilder out = expectation.toBuilder()
                .clear(ExpectationAttribute.ID)
                .clear(ExpectationAttribute.ZONE)
                .helper(helper != null && helper.length() <= 11 ? helper : null);
        return (sendTimeout ? out : out.clear(ExpectationAttribute.TIMEOUT)).build();
    }

    private static void cover(Unprotected withheld) {
        Statistics.label("withheld").collect(withheld).coverage(coverage -> {
            coverage.check((Object) null).percentage(p -> p >= 5);
            coverage.check(Unprotected.LONG_HELPER).count(count -> count > 0);
            coverage.check(Unprotected.EXPECTATION_ZONE).count(count -> count > 0);
            coverage.check(Unprotected.EXPECTATION_IPV6_NAT).count(count -> count > 0);
            coverage.check(Unprotected.EXPECTATION_PORTS).count(count -> count > 0);
            coverage.check(Unprotected.LONG_FUNCTION).count(count -> count > 0);
        });
    }
}
