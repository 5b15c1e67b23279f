// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static io.keepstate.node.NodeUnderTest.flow;
import static io.keepstate.node.NodeUnderTest.injecting;
import static io.keepstate.node.NodeUnderTest.noTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.SequenceAdjustment;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.node.config.AddressPrefix;
import io.keepstate.node.config.ExpectationSync;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.port.Completion;
import io.keepstate.node.stats.SyncStats;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Expectations beside the flows, between two nodes, in every mode. */
class SyncedExpectationsTest {
    private NodeUnderTest node = new NodeUnderTest(1);
    private NodeUnderTest peer = new NodeUnderTest(2);

    private void start(UnaryOperator<SyncConfiguration.Builder> both) {
        node = new NodeUnderTest(1, both);
        peer = new NodeUnderTest(2, both);
        NodeUnderTest.meet(node, peer);
    }

    @Test
    void expectationsThatThePeerHasNoMoreAreSweptAfterAResync() {
        start(settings -> settings.mode(SyncMode.NoTrack.DEFAULT).expectations(ExpectationSync.ALL));
        Expectation stays = expectation(flow(1), "ftp");
        Expectation ends = expectation(flow(2), "ftp");
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.appears(flow(2), ms(node.now));
        node.expectations.appears(stays, ms(node.now));
        node.expectations.appears(ends, ms(node.now));
        NodeUnderTest.talk(node, peer, 20);
        assertThat(expectationsFromPeer(peer)).isEqualTo(2);
        node.expectations.ends(ends, ms(node.now));
        node.kernel.appears(flow(3), ms(node.now));
        node.run(5);
        node.sent.clear();
        NodeUnderTest.talk(node, peer, 12_000);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
        assertThat(peer.log).anyMatch(line -> line.contains("1 expectations removed"));
    }

    /** Trap 10: with a small HashSize conntrackd never commits expectations, and a first commit blocks all later flushes. */
    @Test
    void expectationsFollowTheirMastersToThePeerAndAreCommittedBehindThem() {
        start(settings ->
                settings.expectations(ExpectationSync.of(List.of("FT"))).flowLimit(100));
        Flow master = flow(1);
        node.kernel.appears(master, ms(node.now));
        Expectation ftp = expectation(master, "ftp");
        node.expectations.appears(ftp, ms(node.now));
        node.expectations.appears(expectation(flow(2), "sip"), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.sync().stats().expectations().orElseThrow().external().entries())
                .isEqualTo(1);
        int[] committed = new int[1];
        peer.sync().commit((taken, refused) -> committed[0] = taken);
        NodeUnderTest.talk(node, peer, 50);
        assertThat(committed[0]).isEqualTo(2);
        assertThat(peer.expectations.all).containsOnlyKeys(ftp.key());
        node.expectations.ends(ftp, ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.sync().stats().expectations().orElseThrow().external().entries())
                .isZero();
        peer.sync().flushExternal();
        assertThat(peer.sync().externalSize()).isZero();
    }

    @Test
    void expectationsComeWithABulkAndGoStraightIntoTheKernelWithoutAnExternalCache() {
        UnaryOperator<SyncConfiguration.Builder> all =
                settings -> settings.mode(injecting()).expectations(ExpectationSync.ALL);
        start(all);
        masterAndExpectationAppear(flow(1));
        NodeUnderTest.talk(node, peer, 50);
        peer.expectations.all.clear();
        peer.sync().requestResync("asked for", ms(peer.now));
        NodeUnderTest.talk(node, peer, 1500);
        assertThat(peer.expectations.all).hasSize(1);
    }

    /** An FTP server behind a virtual address: only the reply shows the address that the filter ignores. */
    @Test
    void anExpectationOfAMasterThatTheFilterIgnoresStaysAtHome() {
        start(settings -> settings.expectations(ExpectationSync.ALL)
                .filter(FlowFilter.ALL.ignoreAddresses(List.of(AddressPrefix.parse("10.0.0.5/32")))));
        Tuple toVirtual = flow(1).original();
        Tuple reply = Tuple.ipv4(0x0a000005, (int) toVirtual.sourceLow(), Protocol.TCP, 21, toVirtual.sourcePort());
        masterAndExpectationAppear(flow(1).toBuilder().reply(reply).build());
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.sync().externalSize() + expectationsFromPeer(peer)).isZero();
        assertThat(eventsOf(node).filtered()).isEqualTo(1);
        masterAndExpectationAppear(flow(2));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
    }

    @Test
    void anExpectationFollowsItsMasterWhenThatFindsRoom() {
        start(settings -> settings.expectations(ExpectationSync.ALL).flowLimit(1));
        node.kernel.appears(flow(1), ms(node.now));
        masterAndExpectationAppear(flow(2));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(expectationsFromPeer(peer)).as("its master found no room").isZero();
        node.kernel.ends(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 3000);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
    }

    /** The kernel does not tell an expectation's zone, the wire has none: sent as of zone 0 it would let others in. */
    @Test
    void anExpectationIsSentOnlyIfItsMasterIsKnownToBeInTheDefaultZone() {
        start(settings -> settings.expectations(ExpectationSync.ALL));
        for (Flow master : List.of(flow(1), flow(2, 5), flow(3), flow(3, 5))) {
            node.kernel.appears(master, ms(node.now));
        }
        for (int i = 1; i <= 3; i++) {
            node.expectations.appears(expectation(flow(i), "ftp"), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
        assertThat(withheldExpectations(node)).containsExactly(Map.entry("expectation_zone", 2L));
        node.kernel.ends(flow(3, 5), ms(node.now));
        node.sync().resyncFromKernel(Completion.IGNORED);
        NodeUnderTest.talk(node, peer, 50);
        assertThat(withheldExpectations(node))
                .as("now its master is the only one")
                .containsValue(1L);
        node.expectations.ends(expectation(flow(2), "ftp"), ms(node.now));
        assertThat(withheldExpectations(node)).isEmpty();
    }

    @Test
    void withoutAnInternalCacheNoExpectationIsSentOnceThereIsAnotherZone() {
        start(settings -> settings.mode(noTrack(true, false)).expectations(ExpectationSync.ALL));
        masterAndExpectationAppear(flow(1));
        node.kernel.appears(flow(2, 5), ms(node.now));
        node.expectations.appears(expectation(flow(2), "ftp"), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
        assertThat(withheldExpectations(node)).containsEntry("expectation_zone", 1L);
    }

    @Test
    void withoutAnExternalCacheTheEndOfAnExpectationReachesTheKernelToo() {
        start(settings -> settings.mode(injecting()).expectations(ExpectationSync.ALL));
        masterAndExpectationAppear(flow(1));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.expectations.all).hasSize(1);
        node.expectations.ends(expectation(flow(1), "ftp"), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.expectations.all).isEmpty();
    }

    /** They end with their masters, whose ends are not told either: the peer may have taken over meanwhile. */
    @Test
    void thePeerIsNotToldOfExpectationsThatEndByOurOwnFlush() {
        start(settings -> settings.expectations(ExpectationSync.ALL));
        masterAndExpectationAppear(flow(1));
        NodeUnderTest.talk(node, peer, 50);
        node.sync().flushKernel((deleted, failure) -> {});
        node.expectations.ends(expectation(flow(1), "ftp"), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
    }

    @Test
    void afterLostEventsExpectationsAreRepairedToo() {
        start(settings -> settings.expectations(ExpectationSync.ALL));
        node.kernel.appears(flow(1), ms(node.now));
        Expectation unseen = expectation(flow(1), "ftp");
        node.expectations.all.put(unseen.key(), unseen);
        node.kernel.overrun(ms(node.now));
        NodeUnderTest.talk(node, peer, 1500);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
        node.expectations.all.clear();
        node.kernel.overrun(ms(node.now));
        NodeUnderTest.talk(node, peer, 1500);
        assertThat(expectationsFromPeer(peer)).isZero();
    }

    @Test
    void expectationsArePolledWithTheFlowsAndAnnouncedInAlarm() {
        SyncMode alarm = new SyncMode.Alarm(Duration.ofSeconds(2), Duration.ofSeconds(60));
        start(settings -> settings.mode(alarm)
                .expectations(ExpectationSync.ALL)
                .netlink(NetlinkSettings.DEFAULT.withPollInterval(Duration.ofSeconds(1))));
        node.kernel.flows.put(flow(1).key(), flow(1));
        Expectation unseen = expectation(flow(1), "ftp");
        node.expectations.all.put(unseen.key(), unseen);
        NodeUnderTest.talk(node, peer, 3000);
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
        assertThat(node.sync().stats().kernel().differences()).isEqualTo(1);

        UnaryOperator<SyncConfiguration.Builder> repeating =
                settings -> settings.mode(alarm).expectations(ExpectationSync.ALL);
        node = new NodeUnderTest(1, repeating);
        peer = new NodeUnderTest(2, repeating);
        node.kernel.flows.put(flow(1).key(), flow(1));
        node.expectations.all.put(unseen.key(), unseen);
        node.start();
        peer.start();
        NodeUnderTest.talk(node, peer, 3500);
        assertThat(expectationsFromPeer(peer)).as("there before the start").isEqualTo(1);
    }

    @Test
    void anExpectationThatCannotBeReadIsCountedAsAFlowIs() {
        start(settings -> settings.mode(SyncMode.NoTrack.DEFAULT).expectations(ExpectationSync.ALL));
        byte[] empty = {0x13, 0, 0, 8, 0, 0, 1, 0};
        node.sync().receive(Unpooled.wrappedBuffer(empty), 7, 0, 0x0a000007L, ms(node.now));
        assertThat(node.sync().stats().refusedPayloads()).containsExactly(Map.entry(MalformedPayload.NO_ADDRESSES, 1L));
    }

    /** nf_ct_seqadj_set: the kernel writes another address into a line of the control connection, and sends no event. */
    @Test
    void sequenceNumbersThatAHelperShiftedAreReadAndTold() {
        start(settings -> settings.expectations(ExpectationSync.ALL));
        assertThatAShiftIsTold();
        start(settings -> settings.mode(noTrack(true, false)).expectations(ExpectationSync.ALL));
        assertThatAShiftIsTold();
    }

    private void assertThatAShiftIsTold() {
        SequenceAdjustment shift = new SequenceAdjustment(1000, 0, 3);
        SequenceAdjustment none = new SequenceAdjustment(0, 0, 0);
        masterAndExpectationAppear(flow(1));
        Flow shifted = flow(1).toBuilder()
                .status(flow(1).status() | Status.SEQ_ADJUST)
                .originalAdjustment(shift)
                .replyAdjustment(none)
                .build();
        node.kernel.flows.put(shifted.key(), shifted);
        NodeUnderTest.talk(node, peer, 50);
        peer.sync().commit((taken, refused) -> {});
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.kernel.flows.get(shifted.key()).originalAdjustment()).isEqualTo(shift);
        assertThat(eventsOf(node).mastersRead()).isEqualTo(1);
    }

    @Test
    void aFlowWhoseNumbersAreAsTheyWereIsNotToldAgain() {
        start(settings -> settings.expectations(ExpectationSync.ALL));
        masterAndExpectationAppear(flow(1));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(eventsOf(node).mastersRead()).isEqualTo(1);
        assertThat(node.sync().stats().session().objectsSent()).isEqualTo(2);
    }

    @Test
    void flowsAreReadAgainAFewInATurnAndWhoWaitsBeyondTheLimitIsCounted() {
        start(settings -> settings.expectations(ExpectationSync.ALL));
        for (int i = 0; i < 1100; i++) {
            masterAndExpectationAppear(flow(i));
        }
        assertThat(eventsOf(node).mastersNotRead()).isEqualTo(76);
        node.run(11);
        assertThat(eventsOf(node).mastersRead()).isEqualTo(32);
        node.run(50);
        assertThat(eventsOf(node).mastersRead()).isEqualTo(1024);
    }

    @Test
    void flowsAloneCanBeFlushed() {
        start(settings -> settings.expectations(ExpectationSync.ALL));
        masterAndExpectationAppear(flow(1));
        NodeUnderTest.talk(node, peer, 50);
        node.sync().flushInternalFlows();
        peer.sync().flushExternalFlows();
        assertThat(node.sync().internalSize()).isZero();
        assertThat(peer.sync().externalSize()).isZero();
        assertThat(expectationsFromPeer(peer)).isEqualTo(1);
        peer.sync().flushExternal();
        assertThat(expectationsFromPeer(peer)).isZero();
    }

    private void masterAndExpectationAppear(Flow master) {
        node.kernel.appears(master, ms(node.now));
        node.expectations.appears(expectation(master, "ftp"), ms(node.now));
    }

    private static SyncStats.ExpectationEvents eventsOf(NodeUnderTest of) {
        return of.sync().stats().expectations().orElseThrow().events();
    }

    private static int expectationsFromPeer(NodeUnderTest of) {
        return of.sync().stats().expectations().orElseThrow().external().entries();
    }

    private static Map<String, Long> withheldExpectations(NodeUnderTest of) {
        return of.sync().stats().expectations().orElseThrow().unprotected();
    }

    private static Expectation expectation(Flow master, String helper) {
        Tuple expected = new Tuple(
                master.original().family(),
                0,
                master.original().destinationLow(),
                0,
                master.original().sourceLow(),
                Protocol.TCP,
                0,
                20_000);
        return Expectation.builder(expected, Expectation.exactMask(expected), master.original())
                .helper(helper)
                .timeoutSeconds(300)
                .build();
    }
}
