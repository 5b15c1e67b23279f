// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.testkit.LinkFaults;
import io.keepstate.testkit.cluster.ClusterNode;
import io.keepstate.testkit.cluster.Seat;
import io.keepstate.testkit.cluster.Simulation;
import io.keepstate.testkit.cluster.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A pair of nodes in the reference setup: what every run must end with, whatever happened before. */
class ClusterSimulationTest {

    @Test
    void thePreferredNodeBecomesActiveAndTheStandbyKnowsItsFlows() {
        Simulation simulation = new Simulation(1);
        ClusterNode fw1 = simulation.keepstate(Seat.FW1);
        ClusterNode fw2 = simulation.keepstate(Seat.FW2);
        fw1.start();
        fw2.start();
        simulation.run(Duration.ofSeconds(10));
        assertThat(fw1.isActive()).isTrue();
        assertThat(fw1.holdsAddresses()).isTrue();
        assertThat(fw2.isActive()).isFalse();

        Traffic traffic = new Traffic(simulation.random());
        for (int i = 0; i < 1000; i++) {
            traffic.step(fw1.kernel());
            fw1.stepSoon();
            simulation.run(Duration.ofMillis(1));
        }
        simulation.run(Duration.ofSeconds(5));
        assertThat(fw1.internal()).isNotEmpty();
        assertThat(fw2.external().keySet()).isEqualTo(fw1.internal().keySet());
    }

    @Test
    void theStandbyTakesOverWithTheFlowsInItsKernelBeforeItsAddressesAreUp() {
        Simulation simulation = new Simulation(2);
        ClusterNode fw1 = simulation.keepstate(Seat.FW1);
        ClusterNode fw2 = simulation.keepstate(Seat.FW2);
        fw1.start();
        fw2.start();
        simulation.run(Duration.ofSeconds(10));
        simulation.syncLink().faults(LinkFaults.NONE.withLoss(0.1));
        Traffic traffic = new Traffic(simulation.random());
        for (int i = 0; i < 2000; i++) {
            traffic.step(fw1.kernel());
            fw1.stepSoon();
            simulation.run(Duration.ofMillis(1));
        }
        simulation.run(Duration.ofSeconds(10));
        int flows = fw1.kernel().flows().size();
        fw1.crash();
        while (!fw2.holdsAddresses()) {
            simulation.run(Duration.ofMillis(10));
        }
        assertThat(fw2.kernel().flows()).hasSize(flows);
        assertThat(fw2.isActive()).isTrue();
    }
}
