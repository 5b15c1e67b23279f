// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit;

import java.util.random.RandomGenerator;

/**
 * What a link does to a datagram. Probabilities are 0..1, delays nanoseconds; a delay that varies reorders.
 *
 * @param loss probability that a datagram vanishes
 * @param duplication probability that it arrives twice
 * @param minDelayNanos shortest time on the way
 * @param maxDelayNanos longest time on the way
 */
public record LinkFaults(double loss, double duplication, long minDelayNanos, long maxDelayNanos) {
    /** A link as on a bench: nothing is lost, everything takes 100 microseconds. */
    public static final LinkFaults NONE = new LinkFaults(0, 0, 100_000, 100_000);

    /** Checks the ranges. */
    public LinkFaults {
        if (loss < 0 || loss > 1 || duplication < 0 || duplication > 1) {
            throw new IllegalArgumentException("a probability is not in 0..1");
        }
        if (minDelayNanos < 0 || maxDelayNanos < minDelayNanos) {
            throw new IllegalArgumentException("delays must be 0 <= min <= max");
        }
    }

    /** The same link with another probability of loss. */
    public LinkFaults withLoss(double probability) {
        return new LinkFaults(probability, duplication, minDelayNanos, maxDelayNanos);
    }

    /** Draws how many copies of a datagram arrive: 0, 1 or 2. */
    int copies(RandomGenerator random) {
        if (random.nextDouble() < loss) {
            return 0;
        }
        return random.nextDouble() < duplication ? 2 : 1;
    }

    /** Draws how long one copy takes. */
    long delay(RandomGenerator random) {
        return minDelayNanos == maxDelayNanos ? minDelayNanos : random.nextLong(minDelayNanos, maxDelayNanos + 1);
    }
}
