// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationNat;
import io.keepstate.flow.Family;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Expectations as a kernel reports them: most of masters of TCP and UDP, each further part there or not. */
public final class ExpectationArbitraries {
    private static final double HALF = 0.5;
    private static final double SELDOM = 0.2;

    private ExpectationArbitraries() {}

    /** Any expectation, of either family. */
    public static Arbitrary<Expectation> expectations() {
        return Arbitraries.of(Family.values()).flatMap(ExpectationArbitraries::expectations);
    }

    private static Arbitrary<Expectation> expectations(Family family) {
        Arbitrary<Tuple> tuples = TupleArbitraries.tuples(family);
        return Combinators.combine(tuples, tuples, tuples, tuples, PartChoice.choices())
                .as((expected, mask, master, saved, choice) -> {
                    Tuple ofMaster = choice.has(HALF) ? master : as(master, Protocol.TCP);
                    ExpectationBuilder builder = Expectation.builder(
                            expected,
                            as(choice.has(HALF) ? mask : Expectation.exactMask(expected), expected.protocol()),
                            ofMaster);
                    parts(builder, choice, as(saved, ofMaster.protocol()));
                    return builder.build();
                });
    }

    private static void parts(ExpectationBuilder builder, PartChoice choice, Tuple saved) {
        number(builder, choice, HALF, ExpectationAttribute.TIMEOUT, 0xffff_ffffL);
        number(builder, choice, HALF, ExpectationAttribute.FLAGS, 7);
        number(builder, choice, HALF, ExpectationAttribute.CLASS, 3);
        number(builder, choice, SELDOM, ExpectationAttribute.ZONE, 3);
        number(builder, choice, HALF, ExpectationAttribute.ID, 0xffff_ffffL);
        if (choice.has(HALF)) {
            builder.nat(new ExpectationNat(saved, choice.between(0, 1)));
        }
        if (choice.has(HALF)) {
            builder.helper(choice.of("ftp", "sip", "netbios-ns1", "twelve-chars"));
        }
        if (choice.has(HALF)) {
            builder.function(choice.of("nat-follow-master", "sip", "a-name-of-just-28-characters"));
        }
    }

    private static void number(
            ExpectationBuilder builder, PartChoice choice, double probability, ExpectationAttribute part, long most) {
        if (choice.has(probability)) {
            builder.set(part, choice.number(most));
        }
    }

    /** The same tuple of another protocol; those without ports, keys or an identifier have none. */
    private static Tuple as(Tuple tuple, int protocol) {
        boolean ids = Protocol.hasPorts(protocol) || Protocol.isIcmp(protocol) || protocol == Protocol.GRE;
        return new Tuple(
                tuple.family(),
                tuple.sourceHigh(),
                tuple.sourceLow(),
                tuple.destinationHigh(),
                tuple.destinationLow(),
                protocol,
                ids ? tuple.sourceId() : 0,
                ids ? tuple.destinationId() : 0);
    }
}
