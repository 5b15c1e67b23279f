// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static io.keepstate.node.NodeUnderTest.flow;
import static io.keepstate.node.NodeUnderTest.injecting;
import static io.keepstate.node.NodeUnderTest.noTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.port.Completion;
import io.keepstate.node.stats.InjectionSnapshot;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every mode and every way to go without a cache, between two nodes; the traps of conntrackd that ours does not have. */
class SyncModesTest {
    private NodeUnderTest node = new NodeUnderTest(1);
    private NodeUnderTest peer = new NodeUnderTest(2);

    private void start(UnaryOperator<SyncConfiguration.Builder> both) {
        start(both, both);
    }

    private void start(UnaryOperator<SyncConfiguration.Builder> ours, UnaryOperator<SyncConfiguration.Builder> theirs) {
        node = new NodeUnderTest(1, ours);
        peer = new NodeUnderTest(2, theirs);
        NodeUnderTest.meet(node, peer);
    }

    @Test
    void notrackSendsEveryChangeOnce() {
        start(settings -> settings.mode(SyncMode.NoTrack.DEFAULT));
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.appears(flow(2), ms(node.now));
        NodeUnderTest.talk(node, peer, 20);
        node.kernel.ends(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 20);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
        assertThat(node.sync().stats().session().acksSent()).isZero();
        assertThat(node.sync().stats().internal().deletedWaiting()).isZero();
    }

    @Test
    void notrackRepairsALossByAskingAndSweeping() {
        start(settings -> settings.mode(SyncMode.NoTrack.DEFAULT));
        for (int i = 1; i <= 3; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 20);
        node.kernel.ends(flow(1), ms(node.now));
        node.kernel.appears(flow(4), ms(node.now));
        node.run(5);
        node.sent.clear();
        NodeUnderTest.talk(node, peer, 12_000);
        assertThat(peer.sync().stats().session().gapsUnserved()).isPositive();
        assertThat(peer.sync().externalSize()).isEqualTo(3);
    }

    /** Traffic renews a few, which looks like an answer that leaves most out. */
    @Test
    void notrackAQuestionThatWasLostSweepsNothing() {
        start(settings -> settings.mode(SyncMode.NoTrack.DEFAULT));
        for (int i = 1; i <= 10; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 1200);
        peer.sync().requestResync("asked for", ms(peer.now));
        peer.run(1);
        peer.sent.clear();
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 20_000);
        assertThat(peer.sync().externalSize()).isEqualTo(10);
        assertThat(peer.sync().stats().kernel().sweptExternal()).isZero();
    }

    /** A conntrackd that only says ALIVE counts seconds, as its next life does: its numbers show no restart. */
    @Test
    void notrackTellsARestartedPeerEverythingThoughItsNumbersGoOn() {
        start(settings -> settings.mode(SyncMode.NoTrack.DEFAULT));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 1200);
        peer.sync().flushExternal();
        NodeUnderTest.talk(node, peer, 3000);
        assertThat(peer.sync().externalSize()).isZero();
        node.sync().senderRestarted(SyncSession.UNKNOWN_SENDER);
        NodeUnderTest.talk(node, peer, 3000);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
        assertThat(node.sync().stats().session().peerRestarts()).isEqualTo(1);
    }

    @Test
    void notrackTellsEverythingAgainAfterALinkFailed() {
        start(settings -> settings.mode(SyncMode.NoTrack.DEFAULT));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 1200);
        peer.sync().flushExternal(); // as if the link had swallowed it
        long bulks = node.sync().stats().kernel().bulks();
        node.sync().linkChanged();
        node.run(1);
        assertThat(node.sync().stats().kernel().bulks())
                .as("before the peer is heard")
                .isEqualTo(bulks);
        NodeUnderTest.talk(node, peer, 1200); // with an ALIVE of the peer
        assertThat(node.sync().stats().kernel().bulks()).isEqualTo(bulks + 1);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
    }

    /** A carrier's loss is noticed late, and a bulk tells only what lives. */
    @Test
    void notrackTellsTheEndsAgainThatALinkSwallowedBeforeItWasNoticed() {
        start(settings -> settings.mode(new SyncMode.NoTrack(false, false, false)));
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.appears(flow(2), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        node.kernel.ends(flow(1), ms(node.now));
        node.run(5);
        node.sent.clear();
        node.sync().linkChanged();
        NodeUnderTest.talk(node, peer, 5);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
    }

    @Test
    void withoutStartupResyncNothingIsAskedForAtTheStartButALossIs() {
        start(
                settings -> settings.mode(new SyncMode.NoTrack(false, false, false)),
                settings -> settings.mode(SyncMode.NoTrack.DEFAULT));
        assertThat(asked(node)).isZero();
        assertThat(asked(peer)).isPositive();
        peer.kernel.appears(flow(1), ms(peer.now));
        peer.run(5);
        peer.sent.clear();
        peer.kernel.appears(flow(2), ms(peer.now));
        NodeUnderTest.talk(node, peer, 12_000);
        assertThat(asked(node)).isPositive();
        assertThat(node.sync().externalSize()).isEqualTo(2);
    }

    private static long asked(NodeUnderTest some) {
        return some.log.stream()
                .filter(line -> line.contains("resync requested from the peer"))
                .count();
    }

    @Test
    void alarmAnnouncesAgainAndDropsWhatIsNotAnnounced() {
        SyncMode alarm = new SyncMode.Alarm(Duration.ofSeconds(2), Duration.ofSeconds(6));
        node.kernel.flows.put(flow(7).key(), flow(7));
        start(settings -> settings.mode(alarm));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 20);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
        peer.sync().flushExternal();
        NodeUnderTest.talk(node, peer, 3500);
        assertThat(peer.sync().externalSize()).as("announced again").isEqualTo(1);
        node.run(8000);
        node.sent.clear();
        peer.run(8000);
        assertThat(peer.sync().externalSize()).as("not heard of").isZero();
        assertThat(peer.sync().stats().expired()).isEqualTo(1);
    }

    /** Ends are not told in that time: what goes on being announced would outlive them at the peer. */
    @Test
    void alarmAnnouncesNothingWhileAPurgeWaits() {
        start(settings -> settings.mode(new SyncMode.Alarm(Duration.ofSeconds(2), Duration.ofSeconds(6))));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 20);
        node.sync().setOffering(false);
        NodeUnderTest.talk(node, peer, 8000);
        assertThat(peer.sync().externalSize()).as("not announced any more").isZero();
        node.sync().setOffering(true);
        NodeUnderTest.talk(node, peer, 3500);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
    }

    @Test
    void alarmAnnouncesWhatWasThereBeforeItStarted() {
        UnaryOperator<SyncConfiguration.Builder> alarm =
                settings -> settings.mode(new SyncMode.Alarm(Duration.ofSeconds(2), Duration.ofSeconds(60)));
        node = new NodeUnderTest(1, alarm);
        peer = new NodeUnderTest(2, alarm);
        node.kernel.flows.put(flow(7).key(), flow(7));
        node.start();
        peer.start();
        NodeUnderTest.talk(node, peer, 3500);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
    }

    /** Section 1.2: conntrackd holds such a message back for up to a second. */
    @Test
    void withoutAnInternalCacheAnEventLeavesWithItsTurn() {
        start(settings -> settings.mode(noTrack(true, false)));
        node.kernel.appears(flow(1), ms(node.now));
        node.run(1);
        assertThat(node.sent).hasSize(1);
        NodeUnderTest.talk(node, peer, 1);
        peer.run(1);
        assertThat(node.sync().internalSize()).isZero();
        assertThat(node.sync().stats().bypass().orElseThrow().created()).isEqualTo(1);
    }

    /** Trap 9: conntrackd's -f empties the kernel's table here. */
    @Test
    void withoutAnInternalCacheAFlushLeavesTheKernelAlone() {
        start(settings -> settings.mode(noTrack(true, false)));
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.asked.clear();
        node.sync().flushInternal();
        node.sync().flushExternal();
        node.run(10);
        assertThat(node.kernel.flows).hasSize(1);
        assertThat(node.kernel.asked).isEmpty();
    }

    /** Trap 12: conntrackd crashes on a DESTROY event, which has no window scale. */
    @Test
    void withoutAnInternalCacheTheEndOfAFlowMaySayNothingButItsTuples() {
        start(settings -> settings.mode(noTrack(true, false)).tcpWindowTracking(true));
        Flow whole = flow(1);
        node.kernel.appears(whole, ms(node.now));
        NodeUnderTest.talk(node, peer, 5);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
        Flow tuples = Flow.builder(whole.original()).reply(whole.reply()).build();
        node.kernel.ends(tuples, ms(node.now));
        NodeUnderTest.talk(node, peer, 5);
        assertThat(peer.sync().externalSize()).isZero();
    }

    @Test
    void withoutAnInternalCacheABulkIsTheKernelsTable() {
        start(settings -> settings.mode(noTrack(true, false)));
        for (int i = 0; i < 500; i++) {
            node.kernel.flows.put(flow(i).key(), flow(i));
        }
        peer.sync().requestResync("asked for", ms(peer.now));
        NodeUnderTest.talk(node, peer, 1500);
        assertThat(peer.sync().externalSize()).isEqualTo(500);
    }

    /** Trap 8: the peer has CommitTimeout, so it tells no lifetime, and conntrackd's create fails with EINVAL. */
    @Test
    void withoutAnExternalCacheFlowsReachTheKernelWithCommitTimeoutOrTheirProtocolsOwn() {
        UnaryOperator<SyncConfiguration.Builder> silent = settings -> settings.commitTimeout(Duration.ofMinutes(30));
        start(silent, settings -> settings.mode(injecting()).commitTimeout(Duration.ofMinutes(5)));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.kernel.flows.get(flow(1).key()).timeoutSeconds()).isEqualTo(300);

        start(silent, settings -> settings.mode(injecting()));
        node.kernel.appears(flow(2), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.kernel.flows.get(flow(2).key()).has(Attribute.TIMEOUT)).isFalse();
    }

    /** conntrackd ignores CommitTimeout there, so its peer needs the lifetimes, and its own flows bring them. */
    @Test
    void withoutAnExternalCacheThePeerIsToldLifetimesWhateverCommitTimeoutSays() {
        start(
                settings -> settings.mode(injecting()).commitTimeout(Duration.ofMinutes(30)),
                settings -> settings.mode(injecting()));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.kernel.flows.get(flow(1).key()).timeoutSeconds())
                .as("the peer has no CommitTimeout: what it was told")
                .isEqualTo(600);
        peer.kernel.appears(flow(2), ms(peer.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(node.kernel.flows.get(flow(2).key()).timeoutSeconds())
                .as("as at a commit, CommitTimeout comes first")
                .isEqualTo(1800);
    }

    /** A conntrackd tells its table as it lies in it; the kernel takes no related flow before its master. */
    @Test
    void withoutAnExternalCacheARelatedFlowThatComesBeforeItsMasterIsTriedAgain() {
        start(settings -> settings.mode(injecting()));
        Flow early = flow(2).toBuilder().master(flow(1).original()).build();
        Flow gone = flow(3).toBuilder().master(flow(1).original()).build();
        Flow never = flow(4).toBuilder().master(flow(5).original()).build();
        for (Flow related : List.of(early, gone, never)) {
            node.kernel.appears(related, ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 200);
        assertThat(peer.kernel.flows).isEmpty();
        node.kernel.ends(gone, ms(node.now));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 200);
        assertThat(peer.kernel.flows).containsOnlyKeys(flow(1).key(), early.key());
        assertThat(peer.sync().stats().injection().orElseThrow().createFailed()).isZero();
        NodeUnderTest.talk(node, peer, 6000);
        assertThat(peer.sync().stats().injection().orElseThrow().createFailed())
                .as("the one whose master never came is counted once")
                .isEqualTo(1);
        assertThat(peer.sync().stats().refusals()).isEqualTo(Map.of("no_master", 1L));
    }

    @Test
    void aBulkTellsMastersBeforeTheFlowsThatBelongToThem() {
        start(settings -> settings.mode(injecting()));
        Flow related = flow(2).toBuilder().master(flow(1).original()).build();
        List.of(related, flow(3), flow(1)).forEach(flow -> node.kernel.flows.put(flow.key(), flow));
        node.sync().resyncFromKernel(Completion.IGNORED);
        NodeUnderTest.talk(node, peer, 50);
        node.sync().bulk();
        NodeUnderTest.talk(node, peer, 200);
        assertThat(peer.kernel.flows).hasSize(3);
        assertThat(peer.kernel.refusals).isZero();
    }

    /** A conntrackd puts what comes into its kernel at once, and never tries again. */
    @Test
    void withoutAnInternalCacheABulkTellsMastersFirstToo() {
        start(settings -> settings.mode(noTrack(true, true)));
        Flow related = flow(2).toBuilder().master(flow(1).original()).build();
        List.of(related, flow(3), flow(1)).forEach(flow -> node.kernel.flows.put(flow.key(), flow));
        long bulks = node.sync().stats().kernel().bulks();
        node.sync().bulk();
        NodeUnderTest.talk(node, peer, 200);
        assertThat(peer.kernel.flows).hasSize(3);
        assertThat(peer.kernel.refusals).isZero();
        assertThat(node.sync().stats().kernel().bulks()).isEqualTo(bulks + 1);
    }

    @Test
    void withoutAnInternalCacheABulkThatCannotBeReadDoesNotStopTheNext() {
        start(settings -> settings.mode(noTrack(true, false)));
        node.kernel.flows.put(flow(1).key(), flow(1));
        node.kernel.dumpRefusal = "sendto: ENOBUFS";
        node.sync().bulk();
        node.run(5);
        node.kernel.dumpRefusal = null;
        node.sync().bulk();
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.sync().externalSize()).isEqualTo(1);
        assertThat(node.sync().stats().kernel().dumpFailures()).isEqualTo(1);
    }

    @Test
    void withoutAnInternalCacheEverybodyWhoAsksIsShownTheKernelsFlows() {
        start(settings -> settings.mode(noTrack(true, false)));
        node.kernel.flows.put(flow(1).key(), flow(1));
        List<Flow> shown = new ArrayList<>();
        List<Boolean> ended = new ArrayList<>();
        node.sync().bulk();
        for (int i = 0; i < 3; i++) {
            node.sync().dumpKernel(shown::add, failure -> ended.add(failure == null));
        }
        node.run(20);
        assertThat(shown).hasSize(3);
        assertThat(ended).containsExactly(true, true, true);
    }

    /** Its script says -t and -n: the answer is in its kernel before the purge, which deletes it. */
    @Test
    void withoutAnExternalCacheAQuestionIsAnsweredAgainWhenThePurgeOfWhoAskedIsOver() {
        start(settings -> settings.mode(injecting()));
        NodeUnderTest.talk(node, peer, 9000);
        node.kernel.appears(flow(1), ms(node.now));
        peer.sync().requestResync("entering backup", ms(peer.now));
        NodeUnderTest.talk(node, peer, 4900);
        assertThat(peer.kernel.flows).hasSize(1);
        peer.kernel.flows.clear();
        NodeUnderTest.talk(node, peer, 1900);
        assertThat(peer.kernel.flows).isEmpty();
        NodeUnderTest.talk(node, peer, 1000);
        assertThat(peer.kernel.flows).hasSize(1);
    }

    /** What ended may have been translated to what the next is: the order between flows counts. */
    @Test
    void withoutAnExternalCacheNewAndChangedFlowsShareABatchAndEndsAreInTheirPlace() {
        start(settings -> settings.mode(noTrack(true, true)));
        peer.kernel.asked.clear();
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.changes(flow(1), ms(node.now));
        node.kernel.appears(flow(2), ms(node.now));
        node.kernel.ends(flow(1), ms(node.now));
        node.kernel.appears(flow(3), ms(node.now));
        NodeUnderTest.talk(node, peer, 5);
        assertThat(peer.kernel.asked).containsExactly("commit 3", "delete 1", "commit 1");
        assertThat(peer.kernel.flows).containsOnlyKeys(flow(2).key(), flow(3).key());
        InjectionSnapshot counts = peer.sync().stats().injection().orElseThrow();
        assertThat(counts).isEqualTo(new InjectionSnapshot(3, 0, 1, 0, 1, 0));
    }

    @Test
    void withoutAnExternalCacheEndsReachTheKernelTooAndCommitAndFlushAreHarmless() {
        start(settings -> settings.mode(injecting()));
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.appears(flow(2), ms(node.now));
        node.kernel.ends(flow(2), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        int[] answers = new int[1];
        peer.sync().commit((taken, refused) -> answers[0]++);
        peer.sync().flushExternal();
        peer.sync().flushInternal();
        NodeUnderTest.talk(node, peer, 50);
        assertThat(answers[0]).isEqualTo(1);
        assertThat(peer.kernel.flows).containsOnlyKeys(flow(1).key());
        assertThat(peer.sync().externalSize()).isZero();
        assertThat(peer.sync().stats().injection().orElseThrow().createFailed()).isZero();
    }

    /** conntrackd's -t takes the injected flows with its own, and nothing brings them back. */
    @Test
    void withoutAnExternalCacheAPurgeIsFollowedByAResync() {
        start(settings -> settings.mode(injecting()));
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.kernel.flows).hasSize(1);
        peer.sync().purge((deleted, failure) -> {});
        NodeUnderTest.talk(node, peer, 2500);
        assertThat(peer.kernel.flows).hasSize(1);
        assertThat(peer.log).anyMatch(line -> line.contains("the purge took its flows"));
    }

    @Test
    void flowsBeyondHashLimitAreCountedAndTriedAgainWhenThereIsRoom() {
        start(settings -> settings.flowLimit(8));
        for (int i = 1; i <= 11; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        assertThat(node.sync().stats().unprotected()).containsEntry("no_room", 3L);
        assertThat(node.sync().stats().protectedRatio()).isEqualTo(8.0 / 11);
        node.kernel.ends(flow(10), ms(node.now));
        assertThat(node.sync().stats().unprotected()).containsEntry("no_room", 2L);
        node.kernel.ends(flow(1), ms(node.now));
        node.kernel.ends(flow(2), ms(node.now));
        NodeUnderTest.talk(node, peer, 3000);
        assertThat(node.sync().stats().unprotected()).containsEntry("no_room", 0L);
        assertThat(peer.sync().externalSize()).isEqualTo(8);
        assertThat(node.log.stream().filter(line -> line.contains("is full"))).hasSize(1);
    }

    /** A few rooms among many refused flows are used, too; but nobody reads or asks for a whole table all the time. */
    @Test
    void anyRoomIsFilledInEitherCacheButNotAtAnyPrice() {
        start(settings -> settings.flowLimit(90), settings -> settings.flowLimit(64));
        for (int i = 1; i <= 100; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        assertThat(node.sync().internalSize()).isEqualTo(90);
        assertThat(peer.sync().externalSize()).isEqualTo(64);
        node.kernel.ends(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 1500);
        assertThat(node.sync().internalSize()).isEqualTo(90);
        NodeUnderTest.talk(node, peer, 12_000);
        assertThat(peer.sync().externalSize()).isEqualTo(64);

        long dumps = node.sync().stats().kernel().dumps();
        long asked = peer.sync().stats().kernel().resyncRequests();
        for (int second = 0; second < 60; second++) {
            node.kernel.appears(flow(1000 + second), ms(node.now));
            node.kernel.ends(flow(2 + second), ms(node.now));
            NodeUnderTest.talk(node, peer, 1000);
        }
        assertThat(node.sync().stats().kernel().dumps() - dumps).isBetween(1L, 60L);
        assertThat(peer.sync().stats().kernel().resyncRequests() - asked).isBetween(1L, 4L);
        assertThat(node.log.stream().filter(line -> line.startsWith("room again")))
                .hasSizeBetween(1, 2);
    }

    @Test
    void severalSendersAreSaidOnce() {
        start(settings -> settings);
        byte[] alive = {0x1a, 0x10, 0, 8, 0, 0, 1, 0};
        for (int i = 0; i < 10; i++) {
            for (int sender = 1; sender <= 2; sender++) {
                node.sync().receive(Unpooled.wrappedBuffer(alive), sender, 0, 0x0a000000L + sender, ms(node.now));
            }
        }
        assertThat(node.log.stream().filter(line -> line.contains("several senders")))
                .hasSize(1);
        assertThat(node.log).anyMatch(line -> line.contains("10.0.0.2 and 10.0.0.1"));
        assertThat(node.sync().stats().senderTurns()).isGreaterThan(3);
    }
}
