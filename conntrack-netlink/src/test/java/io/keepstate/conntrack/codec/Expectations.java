// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import java.util.Random;

/** Expectations for tests. */
final class Expectations {
    private Expectations() {}

    /** Any expectation, each optional part there or not. */
    static Expectation any(Random random) {
        Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
        Tuple expected = CodecPropertyTest.tuple(random, family);
        Tuple mask = CodecPropertyTest.tuple(random, family, expected.protocol());
        ExpectationBuilder builder =
                Expectation.builder(expected, mask, CodecPropertyTest.tuple(random, family, Protocol.TCP));
        if (random.nextBoolean()) {
            builder.flags(random.nextInt(8));
        }
        if (random.nextBoolean()) {
            builder.expectationClass(random.nextInt(5));
        }
        if (random.nextBoolean()) {
            builder.zone(random.nextInt(65536));
        }
        if (random.nextBoolean()) {
            Tuple saved = CodecPropertyTest.tuple(random, family);
            builder.nat(new ExpectationNat(saved, random.nextInt(2))).function("nat-follow-master");
        }
        if (random.nextBoolean()) {
            builder.helper("helper-" + random.nextInt(100));
        }
        return builder.build();
    }
}
