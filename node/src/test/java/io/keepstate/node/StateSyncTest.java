// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static io.keepstate.node.NodeUnderTest.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.TcpState;
import io.keepstate.node.config.NetlinkSettings;
import io.keepstate.node.stats.SyncStats;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** State synchronisation alone: nodes without groups, whose flows go both ways. */
class StateSyncTest {
    private final NodeUnderTest node = new NodeUnderTest(1);
    private final NodeUnderTest peer = new NodeUnderTest(2);

    private void start() {
        node.start();
        peer.start();
        NodeUnderTest.talk(node, peer, 1200);
    }

    @Test
    void eventsOfOneKernelBecomeTheExternalCacheOfTheOther() {
        start();
        for (int i = 0; i < 10; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.sync().externalSize()).isEqualTo(10);
        node.kernel.ends(flow(3), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.sync().externalSize()).isEqualTo(9);
    }

    @Test
    void flowsThatWereThereBeforeBothStartedAreSentWhenThePeerAsks() {
        for (int i = 0; i < 2000; i++) {
            node.kernel.flows.put(flow(i).key(), flow(i));
        }
        start();
        assertThat(peer.sync().externalSize()).isEqualTo(2000);
    }

    @Test
    void aPeerThatStayedAndDoesNotAskIsSentWhatChangedWhileWeWereDown() {
        for (int i = 0; i < 2000; i++) {
            node.kernel.flows.put(flow(i).key(), flow(i));
        }
        node.start();
        // ALIVE with HELLO_BACK and no HELLO: a conntrackd that was there before us. It never asks by itself.
        ByteBuf helloBack = Unpooled.wrappedBuffer(new byte[] {0x1a, 0x50, 0, 8, 0, 0, 1, 0});
        node.run(5);
        node.sync().receive(helloBack, ms(node.now));
        node.run(50);
        assertThat(node.sync().stats().session().objectsSent()).isEqualTo(2000);
        assertThat(node.log).containsOnlyOnce("sending bulk update");
    }

    @Test
    void anOverrunIsRepairedByADumpThatFindsWhatCameAndWhatWent() {
        start();
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.appears(flow(2), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        node.kernel.flows.remove(flow(1).key());
        node.kernel.flows.put(flow(3).key(), flow(3));
        node.kernel.overrun(ms(node.now));
        NodeUnderTest.talk(node, peer, 1100);
        assertThat(external(peer))
                .containsExactlyInAnyOrder(
                        flow(2).key().toString(), flow(3).key().toString());
    }

    @Test
    void afterAnOverrunOnlyWhatDiffersIsSent() {
        start();
        for (int i = 0; i < 100; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        long before = node.sync().stats().session().objectsSent();
        Flow changed = flow(5).toBuilder().tcpState(TcpState.FIN_WAIT).build();
        node.kernel.flows.put(changed.key(), changed);
        node.kernel.flows.put(flow(200).key(), flow(200));
        node.kernel.flows.remove(flow(9).key());
        // A lifetime that ran on is nothing to tell.
        node.kernel.flows.put(
                flow(7).key(), flow(7).toBuilder().timeoutSeconds(77).build());
        node.kernel.overrun(ms(node.now));
        // A script reads the table before the repair does: the peer has to be told all the same.
        node.sync().resyncFromKernel(failure -> {});
        NodeUnderTest.talk(node, peer, 1100);
        assertThat(node.sync().stats().session().objectsSent() - before).isEqualTo(3);
        assertThat(peer.sync().externalSize()).isEqualTo(100);
    }

    @Test
    void whatIsStoppedDoesNotBeginLater() {
        node.start();
        node.run(50);
        node.kernel.flows.put(flow(1).key(), flow(1));
        List<String> answers = new ArrayList<>();
        node.sync().flushKernel((deleted, failure) -> answers.add("flush " + deleted + " " + failure));
        node.run(1);
        node.sync().purge((deleted, failure) -> answers.add("purge " + deleted + " " + failure));
        node.sync().stopPurge();
        node.run(50);
        assertThat(answers)
                .containsExactlyInAnyOrder(
                        "purge 0 stopped, the flows are needed", "flush 0 stopped, the flows are needed");
        assertThat(node.kernel.flows).hasSize(1);
    }

    @Test
    void aTableThatCannotEvenBeAskedForIsAskedAgain() {
        node.start();
        node.run(50);
        List<String> answers = new ArrayList<>();
        node.kernel.dumpRefusal = "sendto: ENOBUFS";
        node.sync().resyncFromKernel(failure -> answers.add(String.valueOf(failure)));
        node.run(5);
        node.kernel.dumpRefusal = null;
        node.kernel.flows.put(flow(1).key(), flow(1));
        node.sync().resyncFromKernel(failure -> answers.add(String.valueOf(failure)));
        node.run(50);
        assertThat(answers).containsExactly("sendto: ENOBUFS (after 0 flows)", "null");
        assertThat(node.sync().internalSize()).isEqualTo(1);
    }

    @Test
    void pollingSendsDifferencesOnlyAndTellsZonesApart() {
        NetlinkSettings twoSeconds = NetlinkSettings.DEFAULT.withPollInterval(Duration.ofSeconds(2));
        NodeUnderTest polling = new NodeUnderTest(
                1, NodeUnderTest.settings(1).netlink(twoSeconds).build());
        polling.start();
        peer.start();
        NodeUnderTest.talk(polling, peer, 3000);
        for (int zone : new int[] {0, 7, 9}) {
            polling.kernel.flows.put(flow(1, zone).key(), flow(1, zone));
        }
        NodeUnderTest.talk(polling, peer, 2500);
        assertThat(peer.sync().externalSize()).isEqualTo(3);
        long sent = polling.sync().stats().session().objectsSent();
        NodeUnderTest.talk(polling, peer, 5000);
        assertThat(polling.sync().stats().session().objectsSent())
                .as("nothing changed")
                .isEqualTo(sent);

        polling.kernel.flows.remove(flow(1, 7).key());
        NodeUnderTest.talk(polling, peer, 2500);
        assertThat(external(peer))
                .containsExactlyInAnyOrder(
                        flow(1, 0).key().toString(), flow(1, 9).key().toString());
    }

    /** conntrackd hears the events of its own commit; ours are dropped in the kernel. */
    @Test
    void whatWasCommittedIsOfferedToThePeersLikeEverythingElse() {
        start();
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        peer.sync().commit((taken, refused) -> {});
        peer.run(1);
        assertThat(peer.sync().isBehindCommit()).isTrue();
        peer.sync().flushInternalFlows();
        assertThat(peer.sync().isBehindCommit()).as("a flush of it is obeyed").isFalse();
        peer.sync().commit((taken, refused) -> {});
        node.sync().requestResync("asked for", ms(node.now));
        NodeUnderTest.talk(node, peer, 1500);
        assertThat(peer.sync().isBehindCommit()).isFalse();
        assertThat(peer.sync().internalSize()).isEqualTo(1);
        assertThat(node.sync().externalSize()).isEqualTo(1);
    }

    @Test
    void aSweepTellsZonesApart() {
        start();
        node.kernel.appears(flow(1, 0), ms(node.now));
        node.kernel.appears(flow(1, 7), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(peer.sync().externalSize()).isEqualTo(2);
        node.kernel.flows.remove(flow(1, 0).key());
        node.kernel.overrun(ms(node.now));
        NodeUnderTest.talk(node, peer, 1100);
        assertThat(external(peer)).containsExactly(flow(1, 7).key().toString());
    }

    @Test
    void aDumpThatFailsSweepsNothing() {
        start();
        node.kernel.appears(flow(1), ms(node.now));
        node.kernel.flows.clear();
        node.kernel.dumpFailure = "dump: EINTR";
        node.kernel.overrun(ms(node.now));
        NodeUnderTest.talk(node, peer, 1100);
        assertThat(node.sync().internalSize()).isEqualTo(1);
        assertThat(node.log).contains("the kernel's table could not be read: dump: EINTR (after 0 flows)");
        node.kernel.dumpFailure = null;
        NodeUnderTest.talk(node, peer, 1100);
        assertThat(node.sync().internalSize()).isZero();
    }

    @Test
    void whatThePeerDidNotRenewAfterAResyncIsSwept() {
        start();
        for (int i = 0; i < 100; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        // The peer must not learn of these: as if the messages had been lost for good.
        node.sync().setOffering(false);
        node.kernel.ends(flow(1), ms(node.now));
        node.kernel.ends(flow(2), ms(node.now));
        node.sync().setOffering(true);
        assertThat(peer.sync().externalSize()).isEqualTo(100);
        peer.sync().requestResync("test", ms(peer.now));
        NodeUnderTest.talk(node, peer, 7_000);
        assertThat(peer.sync().externalSize()).isEqualTo(98);
        assertThat(peer.sync().stats().kernel().sweptExternal()).isEqualTo(2);
    }

    @Test
    void ofAPeerThatAnswersTwiceThatItHasNothingNoGhostsStay() {
        start();
        for (int i = 0; i < 100; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        node.sync().flushInternal();
        peer.sync().requestResync("test", ms(peer.now));
        NodeUnderTest.talk(node, peer, 3000);
        assertThat(peer.sync().externalSize()).isEqualTo(100);
        NodeUnderTest.talk(node, peer, 30_000);
        assertThat(peer.sync().externalSize()).isZero();
    }

    @Test
    void aPeerThatDoesNotAnswerCostsNoFlow() {
        start();
        for (int i = 0; i < 100; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 50);
        peer.sync().requestResync("test", ms(peer.now));
        peer.run(70_000);
        assertThat(peer.sync().externalSize()).isEqualTo(100);
        assertThat(peer.log).contains("peer fell silent");
    }

    @Test
    void aFlushOfTheKernelEmptiesTheCacheAndTellsThePeerNothing() {
        start();
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        List<Integer> deleted = new ArrayList<>();
        node.sync().flushKernel((count, failure) -> deleted.add(count));
        NodeUnderTest.talk(node, peer, 50);
        assertThat(deleted).containsExactly(1);
        assertThat(node.sync().internalSize()).isZero();
        assertThat(peer.sync().externalSize()).isEqualTo(1);
    }

    @Test
    void theShareOfProtectedFlowsCountsWhatTheWireCannotCarry() {
        start();
        node.kernel.appears(flow(1), ms(node.now));
        assertThat(node.sync().stats().protectedRatio()).isEqualTo(1);
        Flow gre = Flow.builder(io.keepstate.flow.Tuple.ipv4(1, 2, io.keepstate.flow.Protocol.GRE, 5, 6))
                .timeoutSeconds(30)
                .build();
        node.kernel.appears(gre, ms(node.now));
        SyncStats stats = node.sync().stats();
        assertThat(stats.protectedRatio()).isEqualTo(0.5);
        assertThat(stats.unprotected()).containsEntry("gre_keys", 1L);
    }

    @Test
    void aSecondCommitJoinsTheOneThatRuns() {
        start();
        node.kernel.appears(flow(1), ms(node.now));
        NodeUnderTest.talk(node, peer, 50);
        List<Integer> first = new ArrayList<>();
        List<Integer> second = new ArrayList<>();
        peer.sync().commit((flows, refused) -> first.add(flows));
        peer.sync().commit((flows, refused) -> second.add(flows));
        peer.run(2);
        assertThat(first).containsExactly(1);
        assertThat(second).containsExactly(1);
        assertThat(peer.log).contains("commit already in progress, joining it");
        assertThat(peer.kernel.asked).containsOnlyOnce("commit 1");
        assertThat(peer.sync().externalSize()).isEqualTo(1);
    }

    @Test
    void aLimitIsSaidOnceAndCountedEachTime() {
        NodeUnderTest small = new NodeUnderTest(1, 3);
        small.start();
        small.run(5);
        for (int i = 0; i < 10; i++) {
            small.kernel.appears(flow(i), ms(small.now));
            small.run(1);
        }
        assertThat(small.log)
                .containsOnlyOnce("internal cache (3 flows) is full: new flows are not protected until there is room;"
                        + " raise HashLimit on both nodes");
        assertThat(small.sync().stats().internal().createFailedFull()).isEqualTo(7);
    }

    private static List<String> external(NodeUnderTest of) {
        List<String> keys = new ArrayList<>();
        of.sync()
                .forEachExternal(
                        new io.keepstate.cache.Cursor(),
                        1000,
                        entry -> keys.add(entry.flow().key().toString()));
        return keys;
    }
}
