// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.ftfw.NetHeader;
import io.keepstate.node.stats.SyncStats;
import io.keepstate.testkit.Segment;
import io.keepstate.testkit.cluster.ClusterNode;
import io.keepstate.testkit.cluster.LegacyNode;
import io.keepstate.testkit.cluster.PlanRun;
import io.keepstate.testkit.cluster.Seat;
import io.keepstate.testkit.cluster.SimulatedNode;
import io.keepstate.testkit.cluster.Simulation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The holes of the legacy protocol that concern the caches, and the one that concerns everybody (docs/ftfw.md, W7 and W12
 * to W15): what two of the C pair's model end with, what a pair with one of ours in it ends with, and the counter that
 * shows it.
 */
class CacheHoleScenariosTest {
    private static final BiFunction<Simulation, Seat, ClusterNode> OURS = Simulation::keepstate;
    private static final BiFunction<Simulation, Seat, ClusterNode> MODEL = Simulation::legacy;
    private static final Duration WHILE = Duration.ofSeconds(6);
    private static final int FAR = 10_000;

    private final Simulation simulation = new Simulation(1);

    private PlanRun pair(
            BiFunction<Simulation, Seat, ClusterNode> active, BiFunction<Simulation, Seat, ClusterNode> standby) {
        return new PlanRun(simulation, active, standby);
    }

    private static BiFunction<Simulation, Seat, ClusterNode> withLimit(
            int flows, BiFunction<Simulation, Seat, ClusterNode> kind) {
        return (simulation, seat) -> {
            simulation.flowLimit(flows);
            return kind.apply(simulation, seat);
        };
    }

    private static SyncStats stats(ClusterNode node) {
        return ((SimulatedNode) node).stats();
    }

    // W7: a full cache acknowledges what it drops

    /** The active has more flows than the standby holds; then most of them end. */
    private PlanRun standbyThatWasFull(BiFunction<Simulation, Seat, ClusterNode> standby) {
        PlanRun run = pair(MODEL, withLimit(40, standby));
        run.start();
        run.underTraffic(Duration.ofSeconds(12));
        List<Flow> flows = List.copyOf(run.preferred().kernel().flows());
        assertThat(flows).hasSizeGreaterThan(60);
        flows.subList(0, flows.size() - 20)
                .forEach(flow -> run.preferred().kernel().close(flow.key()));
        run.preferred().stepSoon();
        return run;
    }

    @Test
    void w7WhatFoundNoRoomAtTheModelNeverComes() {
        PlanRun run = standbyThatWasFull(MODEL);
        PlanRun.Outcome outcome = run.settle();
        assertThat(outcome.missing()).isNotEmpty();
        assertThat(((LegacyNode) run.other()).refused()).isPositive();
    }

    @Test
    void w7OursCountsThemAndAsksWhenThereIsRoom() {
        PlanRun run = standbyThatWasFull(OURS);
        PlanRun.Outcome outcome = run.settle();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
        assertThat(outcome.flows()).isEqualTo(20);
        assertThat(stats(run.other()).external().createFailedFull()).isPositive();
    }

    // W12: a resync only adds

    /** A cut longer than the model's resend queue; then the standby asks for everything. */
    private PlanRun standbyThatMissedEndsAndAsked(
            BiFunction<Simulation, Seat, ClusterNode> active, BiFunction<Simulation, Seat, ClusterNode> standby) {
        simulation.resendQueueSize(100);
        PlanRun run = pair(active, standby);
        run.start();
        run.underTraffic(WHILE);
        run.other().syncPort().partition(false, false);
        run.underTraffic(Duration.ofSeconds(10));
        run.other().syncPort().partition(true, true);
        run.underTraffic(Duration.ofSeconds(2));
        run.other().requestResync();
        run.underTraffic(Duration.ofSeconds(2));
        return run;
    }

    @Test
    void w12AfterAResyncTheModelHasEverythingAndKeepsWhatEnded() {
        PlanRun.Outcome outcome = standbyThatMissedEndsAndAsked(MODEL, MODEL).settle();
        assertThat(outcome.missing()).isEmpty();
        assertThat(outcome.outdated()).isEmpty();
        assertThat(outcome.stale()).isNotEmpty();
    }

    @Test
    void w12OursSweepsWhatAResyncDidNotRenew() {
        PlanRun run = standbyThatMissedEndsAndAsked(MODEL, OURS);
        PlanRun.Outcome outcome = run.settle();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
        assertThat(stats(run.other()).kernel().sweptExternal()).isPositive();
    }

    @Test
    void w12AModelBesideOursMissesNoEndInTheFirstPlace() {
        PlanRun.Outcome outcome = standbyThatMissedEndsAndAsked(OURS, MODEL).settle();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
    }

    // W13: flushes are not replicated

    private PlanRun flushed(
            BiFunction<Simulation, Seat, ClusterNode> active, BiFunction<Simulation, Seat, ClusterNode> standby) {
        PlanRun run = pair(active, standby);
        run.start();
        run.underTraffic(WHILE);
        run.preferred().flushKernel();
        run.underTraffic(Duration.ofSeconds(2));
        assertThat(run.settle().stale())
                .as("nobody is told of a flush: the protocol, and a drop-in keeps to it")
                .isNotEmpty();
        run.other().requestResync();
        return run;
    }

    @Test
    void w13TheModelKeepsWhatWasFlushedEvenWhenItAsks() {
        assertThat(flushed(MODEL, MODEL).settle().stale()).isNotEmpty();
    }

    @Test
    void w13OursForgetsItWhenItAsksForEverything() {
        PlanRun run = flushed(MODEL, OURS);
        PlanRun.Outcome outcome = run.settle();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
        assertThat(outcome.flows()).isPositive();
        assertThat(stats(run.other()).kernel().sweptExternal()).isPositive();
    }

    // W14: ends that nobody acknowledges take the room of new flows

    /** The standby is away, so that no end is acknowledged; there are never as many flows as the limit. */
    private PlanRun aloneAtTheLimit(BiFunction<Simulation, Seat, ClusterNode> active) {
        PlanRun run = pair(withLimit(240, active), MODEL);
        run.preferred().start();
        run.underTraffic(Duration.ofSeconds(16));
        assertThat(run.preferred().kernel().flows()).hasSizeBetween(100, 235);
        return run;
    }

    private static Set<FlowKey> unknown(ClusterNode node) {
        return node.kernel().flows().stream()
                .map(Flow::key)
                .filter(key -> !node.internal().containsKey(key))
                .collect(Collectors.toSet());
    }

    @Test
    void w14TheModelRefusesNewFlowsForDeadOnesAndNeverTellsOfThem() {
        PlanRun run = aloneAtTheLimit(MODEL);
        assertThat(((LegacyNode) run.preferred()).refused()).isPositive();
        assertThat(unknown(run.preferred())).isNotEmpty();
        run.other().start();
        run.settle();
        assertThat(unknown(run.preferred())).as("after the peer came back").isNotEmpty();
        assertThat(run.other().external())
                .doesNotContainKeys(unknown(run.preferred()).toArray(FlowKey[]::new));
    }

    @Test
    void w14OursRefusesNoneAndTellsOfThemAll() {
        PlanRun run = aloneAtTheLimit(OURS);
        SyncStats alone = stats(run.preferred());
        assertThat(alone.unprotected()).containsEntry("no_room", 0L);
        assertThat(alone.internal().deletedWaiting() + alone.internal().entries())
                .isGreaterThan(240);
        assertThat(unknown(run.preferred())).isEmpty();
        run.other().start();
        PlanRun.Outcome outcome = run.settle();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
    }

    // W15: whoever reaches the port is believed

    /** The number of the last message that a node sent. */
    private int[] numbersOf(ClusterNode node) {
        int[] last = new int[1];
        simulation.syncLink().tap((now, from, to, datagram, copies) -> {
            if (from.equals(node.name())) {
                ByteBuf messages = Unpooled.wrappedBuffer(datagram);
                for (int at = 0; at + NetHeader.LENGTH <= datagram.length; at += messages.getUnsignedShort(at + 2)) {
                    last[0] = messages.getInt(at + 4);
                }
            }
        });
        return last;
    }

    private static byte[] forged(int sequence) {
        Tuple tuple = Tuple.ipv4(0xac1000fe, 0x0a0f0701, Protocol.TCP, 666, 22);
        Flow flow = Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(Status.CONFIRMED | Status.SEEN_REPLY | Status.ASSURED)
                .tcpState(TcpState.ESTABLISHED)
                .build();
        ByteBuf payload = Unpooled.buffer();
        new FlowEncoder(WireProfile.V1_4_7, new WireOptions(false, false)).encode(flow, payload);
        ByteBuf message = Unpooled.buffer();
        NetHeader.write(message, NetHeader.CT_NEW, 0, NetHeader.LENGTH + payload.readableBytes(), sequence);
        return ByteBufUtil.getBytes(message.writeBytes(payload));
    }

    private PlanRun forgedMessage(BiFunction<Simulation, Seat, ClusterNode> standby, int ahead) {
        simulation.resendQueueSize(1000);
        PlanRun run = pair(MODEL, standby);
        run.start();
        int[] last = numbersOf(run.preferred());
        run.underTraffic(WHILE);
        Segment.Port forger = simulation.syncLink().connect("forger", datagram -> {});
        run.preferred().syncPort().partition(true, false); // meant for the standby alone
        forger.send(forged(last[0] + ahead));
        run.preferred().syncPort().partition(true, true);
        run.underTraffic(WHILE);
        return run;
    }

    @Test
    void w15TheModelKeepsAForgedFlowAndLosesWhatIsNumberedBelow() {
        PlanRun.Outcome outcome = forgedMessage(MODEL, FAR).settle();
        assertThat(outcome.stale()).isNotEmpty();
        assertThat(outcome.missing()).isNotEmpty();
    }

    @Test
    void w15OursTakesANumberFarAheadForALossAsksAndSweepsTheForgedFlow() {
        PlanRun run = forgedMessage(OURS, FAR);
        PlanRun.Outcome outcome = run.settle();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
        assertThat(stats(run.other()).session().gapsUnserved()).isPositive();
    }

    /** Nothing tells it from a true one, until the true one comes with the same number: counted, and not more. */
    @Test
    void w15AForgedMessageInItsPlaceIsBelievedUntilTheNextResync() {
        PlanRun run = forgedMessage(OURS, 1);
        assertThat(run.settle().stale()).hasSize(1);
        assertThat(stats(run.other()).session().before()).isPositive();
        run.other().requestResync();
        PlanRun.Outcome outcome = run.settle();
        assertThat(outcome.inSync()).as("%s", outcome).isTrue();
    }
}
