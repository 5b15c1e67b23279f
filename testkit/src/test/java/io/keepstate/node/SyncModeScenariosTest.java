// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.config.SyncMode;
import io.keepstate.testkit.cluster.ClusterNode;
import io.keepstate.testkit.cluster.Fault;
import io.keepstate.testkit.cluster.PlanRun;
import io.keepstate.testkit.cluster.Seat;
import io.keepstate.testkit.cluster.SimulatedNode;
import io.keepstate.testkit.cluster.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Pairs in NOTRACK and ALARM, of ours and of the C daemon's model, under loss, power loss and restarts: in sync after
 * quiet wherever the mode can be. Where it cannot is a scenario of its own, with the counter that shows it.
 */
class SyncModeScenariosTest {
    private static final SyncMode ALARM = new SyncMode.Alarm(Duration.ofSeconds(5), Duration.ofSeconds(20));
    private static final int SEEDS = Boolean.getBoolean("keepstate.long") ? 100 : 2;

    /** A pair: the preferred node, which is active in the end, and its standby. */
    private record Pair(
            String name,
            BiFunction<Simulation, Seat, ClusterNode> active,
            BiFunction<Simulation, Seat, ClusterNode> standby) {}

    private static final Pair OURS = new Pair("two of ours", Simulation::keepstate, Simulation::keepstate);
    private static final Pair MODEL_ACTIVE =
            new Pair("the model active, ours standby", Simulation::legacy, Simulation::keepstate);
    private static final Pair MODEL_STANDBY =
            new Pair("ours active, the model standby", Simulation::keepstate, Simulation::legacy);
    private static final Pair MODELS = new Pair("two of the model", Simulation::legacy, Simulation::legacy);

    /** A standby of ours asks for what it missed; the model never does, so it is in sync only where nothing is lost. */
    @TestFactory
    Stream<DynamicTest> notrack() {
        List<DynamicTest> tests = new ArrayList<>();
        for (double loss : new double[] {0, 0.01, 0.1, 0.2}) {
            for (Pair pair : List.of(OURS, MODEL_ACTIVE)) {
                tests.add(inSync(SyncMode.NoTrack.DEFAULT, pair, loss));
            }
        }
        tests.add(inSync(SyncMode.NoTrack.DEFAULT, MODEL_STANDBY, 0));
        return tests.stream();
    }

    /** What was lost is announced again, what is not announced any more goes: every pair ends in sync. */
    @TestFactory
    Stream<DynamicTest> alarm() {
        List<DynamicTest> tests = new ArrayList<>();
        for (double loss : new double[] {0, 0.1, 0.2}) {
            for (Pair pair : List.of(OURS, MODEL_ACTIVE, MODEL_STANDBY, MODELS)) {
                tests.add(inSync(ALARM, pair, loss));
            }
        }
        return tests.stream();
    }

    /** NOTRACK's hole: what a conntrackd misses it counts, and never asks for. */
    @Test
    void notrackTheModelNeverAsksForWhatItMissed() {
        PlanRun.Outcome outcome = run(SyncMode.NoTrack.DEFAULT, MODELS, 0.2, 1);
        assertThat(outcome.inSync()).as("%s", outcome).isFalse();
        outcome = run(SyncMode.NoTrack.DEFAULT, MODEL_STANDBY, 0.2, 1);
        assertThat(outcome.inSync()).as("%s", outcome).isFalse();
    }

    /** The counters of the node that repairs it. */
    @Test
    void notrackTheCountersOfOursShowWhatWasLostAndAskedFor() {
        Simulation simulation = new Simulation(3);
        simulation.mode(SyncMode.NoTrack.DEFAULT);
        PlanRun run = new PlanRun(simulation, Simulation::legacy, Simulation::keepstate);
        run.run(List.of(new Fault.LossySync(0.2, 0, Duration.ofSeconds(5))));
        var session = ((SimulatedNode) run.other()).stats().session();
        assertThat(session.lost()).isPositive();
        assertThat(session.gapsUnserved()).isPositive();
        assertThat(session.resyncsSent()).isGreaterThan(1);
        assertThat(session.acksSent() + session.nacksSent()).isZero();
    }

    private static DynamicTest inSync(SyncMode mode, Pair pair, double loss) {
        return DynamicTest.dynamicTest(pair.name() + ", loss " + (int) (100 * loss) + " %", () -> {
            for (long seed = 1; seed <= SEEDS; seed++) {
                PlanRun.Outcome outcome = run(mode, pair, loss, seed);
                assertThat(outcome.active()).as("seed %d", seed).containsExactly(Seat.FW1.name());
                assertThat(outcome.flows()).isPositive();
                assertThat(outcome.inSync()).as("seed %d: %s", seed, outcome).isTrue();
            }
        });
    }

    private static PlanRun.Outcome run(SyncMode mode, Pair pair, double loss, long seed) {
        Simulation simulation = new Simulation(seed);
        simulation.mode(mode);
        PlanRun run = new PlanRun(simulation, pair.active(), pair.standby());
        return run.run(List.of(
                new Fault.LossySync(loss, 0, Duration.ofSeconds(5)),
                new Fault.PowerLoss(true, Duration.ofSeconds(3)),
                new Fault.CleanStop(false, Duration.ofSeconds(2)),
                new Fault.Pause(Duration.ofSeconds(3))));
    }
}
