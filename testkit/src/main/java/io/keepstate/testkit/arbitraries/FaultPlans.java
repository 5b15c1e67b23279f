// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import io.keepstate.testkit.cluster.Fault;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Plans of faults for a pair of nodes: loss up to 20 %, power losses, clean stops, cuts of the sync link. */
public final class FaultPlans {
    private static final double WORST_LOSS = 0.2;

    private FaultPlans() {}

    /** Up to so many faults, one after the other. */
    public static Arbitrary<List<Fault>> upTo(int faults) {
        return fault().list().ofMinSize(1).ofMaxSize(faults);
    }

    private static Arbitrary<Fault> fault() {
        Arbitrary<Boolean> either = Arbitraries.of(true, false);
        return Arbitraries.oneOf(
                seconds(1, 8).map(Fault.Pause::new),
                Combinators.combine(probability(WORST_LOSS), probability(0.05), seconds(1, 10))
                        .as(Fault.LossySync::new),
                Combinators.combine(either, seconds(1, 10)).as(Fault.PowerLoss::new),
                Combinators.combine(either, seconds(1, 10)).as(Fault.CleanStop::new),
                Combinators.combine(either, either, seconds(1, 15)).as(Fault.SyncCut::new));
    }

    private static Arbitrary<Double> probability(double most) {
        return Arbitraries.doubles().between(0, most).ofScale(3);
    }

    private static Arbitrary<Duration> seconds(int from, int to) {
        return Arbitraries.integers().between(from * 10, to * 10).map(tenths -> Duration.ofMillis(tenths * 100L));
    }
}
