// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * Which optional parts a value has, and what is in them: from two numbers, so that values of many parts are cheap to
 * make, and shrink towards those of few parts.
 */
final class PartChoice {
    private final Random random;
    private long wanted;

    private PartChoice(long wanted, long seed) {
        this.wanted = wanted;
        this.random = new Random(seed);
    }

    static Arbitrary<PartChoice> choices() {
        Arbitrary<Long> bits = Arbitraries.longs()
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases();
        return Combinators.combine(bits, bits).as(PartChoice::new);
    }

    /** Whether the next part is there; at most half of the values have it. */
    boolean has(double probability) {
        boolean possible = (wanted & 1) != 0;
        wanted >>>= 1;
        return random.nextDouble() < 2 * probability && possible;
    }

    /** A number up to this one, which is 2^n - 1, or -1 for all 64 bits. */
    long number(long highest) {
        return random.nextLong() & highest;
    }

    /** A number of 32 bits, any. */
    int word() {
        return random.nextInt();
    }

    /** A number from the one to the other. */
    int between(int lowest, int highest) {
        return lowest + random.nextInt(highest - lowest + 1);
    }

    /** One of these. */
    String of(String... names) {
        return names[random.nextInt(names.length)];
    }
}
