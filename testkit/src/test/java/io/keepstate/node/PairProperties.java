// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.testkit.arbitraries.FaultPlans;
import io.keepstate.testkit.cluster.Fault;
import io.keepstate.testkit.cluster.PlanRun;
import io.keepstate.testkit.cluster.Seat;
import io.keepstate.testkit.cluster.Simulation;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever happens to a pair, after quiet exactly one node is active and the standby knows its flows. No schedule is
 * excused: the holes of the legacy protocol (docs/ftfw.md, {@link LegacyHoleScenariosTest}) are repaired by ours, also
 * when the other side is the model of the C pair.
 */
class PairProperties {

    @Provide
    Arbitrary<List<Fault>> plans() {
        return FaultPlans.upTo(5);
    }

    @Property
    void twoOfOursAlwaysEndInSync(@ForAll("plans") List<Fault> plan, @ForAll long seed) {
        endsInSync(plan, new PlanRun(new Simulation(seed), Simulation::keepstate, Simulation::keepstate));
    }

    @Property
    void oursAndTheModelOfTheOtherEndInSync(@ForAll("plans") List<Fault> plan, @ForAll long seed) {
        endsInSync(plan, new PlanRun(new Simulation(seed), Simulation::keepstate, Simulation::legacy));
    }

    @Property
    void theModelActiveAndOursStandbyEndInSync(@ForAll("plans") List<Fault> plan, @ForAll long seed) {
        endsInSync(plan, new PlanRun(new Simulation(seed), Simulation::legacy, Simulation::keepstate));
    }

    private static void endsInSync(List<Fault> plan, PlanRun run) {
        PlanRun.Outcome outcome = run.run(plan);
        assertThat(outcome.active()).containsExactly(Seat.FW1.name());
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
    }
}
