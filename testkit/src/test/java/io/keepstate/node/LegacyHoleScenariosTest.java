// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.testkit.LinkFaults;
import io.keepstate.testkit.cluster.ClusterNode;
import io.keepstate.testkit.cluster.PlanRun;
import io.keepstate.testkit.cluster.Seat;
import io.keepstate.testkit.cluster.Simulation;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The holes of the legacy protocol (docs/ftfw.md), each as a scenario: two of the C pair's model end out of step, for as
 * long as nobody asks for a resync by hand; a pair with one of ours in it, in either seat, ends in sync by itself.
 */
class LegacyHoleScenariosTest {
    private static final int CTL = 10;
    private static final int HELLO = 0x20;
    private static final int RESYNC = 0x02;

    /** What happens to a pair that was just made; both nodes are started by it. */
    @FunctionalInterface
    private interface Scenario {
        void happen(Simulation simulation, PlanRun run);
    }

    /** W1: what is lost while the sender says HELLO is never asked for, since HELLO switches the number check off. */
    @TestFactory
    Stream<DynamicTest> w1LossWhileTheActiveSaysHello() {
        return inEveryPair((simulation, run) -> {
            // The standby's answers do not arrive, so the active goes on saying HELLO under traffic and loss.
            run.other().syncPort().partition(false, true);
            run.start();
            simulation.syncLink().faults(LinkFaults.NONE.withLoss(0.2));
            run.underTraffic(Duration.ofSeconds(20));
            simulation.syncLink().faults(LinkFaults.NONE);
            run.other().syncPort().partition(true, true);
            run.underTraffic(Duration.ofSeconds(2));
        });
    }

    /** W1 again: the request for a resync itself is lost while its sender says HELLO. */
    @TestFactory
    Stream<DynamicTest> w1TheRequestForAResyncIsLostWhileTheStandbySaysHello() {
        return inEveryPair((simulation, run) -> {
            run.preferred().start();
            run.underTraffic(Duration.ofSeconds(8));
            simulation
                    .syncLink()
                    .filter((from, datagram) -> from.equals(Seat.FW2.name()) && isGreetingResync(datagram));
            run.other().start();
            run.underTraffic(Duration.ofSeconds(2));
            simulation.syncLink().filter((from, datagram) -> false);
        });
    }

    /** W4: what the full resend queue forgot is answered by nothing, and nobody notices. */
    @TestFactory
    Stream<DynamicTest> w4ACutThatIsLongerThanTheResendQueue() {
        return inEveryPair((simulation, run) -> {
            run.start();
            run.underTraffic(Duration.ofSeconds(6));
            run.other().syncPort().partition(false, false);
            run.underTraffic(Duration.ofSeconds(10));
            run.other().syncPort().partition(true, true);
            run.underTraffic(Duration.ofSeconds(2));
        });
    }

    private static Stream<DynamicTest> inEveryPair(Scenario scenario) {
        return Stream.of(
                DynamicTest.dynamicTest(
                        "two of the C pair's model end out of step",
                        () -> assertThat(outcome(Simulation::legacy, Simulation::legacy, scenario)
                                        .inSync())
                                .isFalse()),
                DynamicTest.dynamicTest(
                        "ours active, the model standby: in sync",
                        () -> endsInSync(Simulation::keepstate, Simulation::legacy, scenario)),
                DynamicTest.dynamicTest(
                        "the model active, ours standby: in sync",
                        () -> endsInSync(Simulation::legacy, Simulation::keepstate, scenario)),
                DynamicTest.dynamicTest(
                        "two of ours: in sync",
                        () -> endsInSync(Simulation::keepstate, Simulation::keepstate, scenario)));
    }

    private static void endsInSync(
            BiFunction<Simulation, Seat, ClusterNode> preferred,
            BiFunction<Simulation, Seat, ClusterNode> other,
            Scenario scenario) {
        PlanRun.Outcome outcome = outcome(preferred, other, scenario);
        assertThat(outcome.flows()).isPositive();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
    }

    private static PlanRun.Outcome outcome(
            BiFunction<Simulation, Seat, ClusterNode> preferred,
            BiFunction<Simulation, Seat, ClusterNode> other,
            Scenario scenario) {
        Simulation simulation = new Simulation(1);
        simulation.resendQueueSize(100);
        PlanRun run = new PlanRun(simulation, preferred, other);
        scenario.happen(simulation, run);
        return run.settle();
    }

    private static boolean isGreetingResync(byte[] datagram) {
        return (datagram[0] & 0xf) == CTL && (datagram[1] & (HELLO | RESYNC)) == (HELLO | RESYNC);
    }
}
