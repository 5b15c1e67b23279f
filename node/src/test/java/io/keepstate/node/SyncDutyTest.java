// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static io.keepstate.node.NodeUnderTest.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.node.event.Role;
import org.junit.jupiter.api.Test;

class SyncDutyTest {
    private final NodeUnderTest node = new NodeUnderTest(1, Groups.reference(100));
    private final NodeUnderTest peer = new NodeUnderTest(2, Groups.reference(50));

    @Test
    void removesWhatAnEarlierProcessLeftBeforeAnythingElse() {
        node.start();
        assertThat(node.addressWork).containsExactly("remove 3");
    }

    @Test
    void subscribesBeforeItDumps() {
        node.start();
        node.run(2);
        assertThat(node.kernel.asked).containsExactly("subscribe", "dump");
    }

    @Test
    void anIntegratedTakeoverCommitsThenMovesTheAddressesAndLeavesTheExternalCacheEmpty() {
        startBothWithFlowsOnThePeer(500);
        assertThat(node.sync().externalSize()).isEqualTo(500);
        node.becomes("G1", Role.ACTIVE);
        NodeUnderTest.talk(node, peer, 50);
        assertThat(node.kernel.flows).hasSize(500);
        assertThat(node.sync().externalSize()).isZero();
        assertThat(node.sync().internalSize()).isEqualTo(500);
        assertThat(node.addressWork).startsWith("remove 3", "add 3", "announce");
        assertThat(node.log).contains("takeover of G1: committed 500 flows, 0 refused, in 0 ms");
    }

    @Test
    void losingTheLastRolePurgesAfterTheTimeoutAndTellsThePeerNothing() {
        startBothWithFlowsOnThePeer(20);
        node.becomes("G1", Role.ACTIVE);
        peer.becomes("G1", Role.BACKUP);
        NodeUnderTest.talk(node, peer, 100);
        assertThat(peer.addressWork).endsWith("remove 3");
        assertThat(peer.log).contains("purge of the kernel's flows in 5000 ms (no group of this node is active)");
        NodeUnderTest.talk(node, peer, 4_800);
        assertThat(peer.kernel.flows).hasSize(20);
        NodeUnderTest.talk(node, peer, 300);
        assertThat(peer.kernel.flows).isEmpty();
        assertThat(peer.sync().internalSize()).isZero();
        assertThat(node.kernel.flows).hasSize(20);
        assertThat(node.sync().externalSize()).isZero();
        assertThat(peer.sync().externalSize()).isEqualTo(20);
    }

    @Test
    void aTakeoverCancelsThePurge() {
        startBothWithFlowsOnThePeer(20);
        peer.becomes("G1", Role.BACKUP);
        NodeUnderTest.talk(node, peer, 1000);
        peer.becomes("G1", Role.ACTIVE);
        NodeUnderTest.talk(node, peer, 10_000);
        assertThat(peer.kernel.flows).hasSize(20);
        assertThat(peer.log).contains("purge cancelled (G1 was taken over)");
    }

    @Test
    void aTakeoverStopsAPurgeThatHasBegun() {
        startBothWithFlowsOnThePeer(20);
        peer.becomes("G1", Role.BACKUP);
        peer.run(1);
        peer.kernel.asked.clear();
        while (!peer.kernel.asked.contains("dump")) {
            peer.run(1);
        }
        peer.becomes("G1", Role.ACTIVE);
        NodeUnderTest.talk(node, peer, 1000);
        assertThat(peer.kernel.flows).hasSize(20);
        assertThat(peer.sync().internalSize()).isEqualTo(20);
        assertThat(peer.log).anyMatch(line -> line.contains("stopped, the flows are needed"));
        // Its flows are offered again.
        assertThat(node.sync().externalSize()).isEqualTo(20);
    }

    @Test
    void whileAnotherGroupIsActiveNothingIsPurged() {
        NodeUnderTest both = new NodeUnderTest(1, Groups.reference(100), Groups.group("G2", 100, 71));
        both.start();
        both.run(5);
        both.becomes("G1", Role.ACTIVE);
        both.becomes("G2", Role.ACTIVE);
        both.kernel.appears(flow(1), ms(both.now));
        both.run(10);
        both.becomes("G1", Role.BACKUP);
        both.run(7_000);
        assertThat(both.kernel.flows).hasSize(1);
        both.becomes("G2", Role.FAULT);
        both.run(5_100);
        assertThat(both.kernel.flows).isEmpty();
    }

    @Test
    void takingOneGroupOverKeepsWhatThePeerToldAboutTheOthers() {
        NodeUnderTest first = new NodeUnderTest(1, Groups.reference(100), Groups.group("G2", 50, 71));
        NodeUnderTest second = new NodeUnderTest(2, Groups.reference(50), Groups.group("G2", 100, 71));
        second.start();
        second.becomes("G1", Role.ACTIVE);
        second.becomes("G2", Role.ACTIVE);
        second.run(50);
        for (int i = 0; i < 20; i++) {
            second.kernel.appears(flow(i), ms(second.now));
        }
        first.start();
        first.becomes("G1", Role.BACKUP);
        first.becomes("G2", Role.BACKUP);
        NodeUnderTest.talk(first, second, 1500);

        first.becomes("G1", Role.ACTIVE);
        second.becomes("G1", Role.BACKUP);
        NodeUnderTest.talk(first, second, 10_000);
        assertThat(first.kernel.flows).hasSize(20);
        // Some of them are G2's, and the second node may die any time.
        assertThat(first.sync().externalSize()).isEqualTo(20);
        assertThat(second.kernel.flows).hasSize(20);
        assertThat(second.kernel.asked).noneMatch(request -> request.startsWith("delete"));

        first.kernel.asked.clear();
        first.becomes("G2", Role.ACTIVE);
        first.run(100);
        assertThat(first.log).contains("takeover of G2: committed 20 flows, 0 refused, in 0 ms");
        assertThat(first.sync().externalSize()).isEqualTo(20);
    }

    @Test
    void aPurgeThatIsAskedForIsNotDoneWhileAGroupIsActive() {
        startBothWithFlowsOnThePeer(3);
        peer.duty.purgeLater("asked for");
        NodeUnderTest.talk(node, peer, 6_000);
        assertThat(peer.kernel.flows).hasSize(3);
        assertThat(peer.log).contains("purge asked for, but not done: a group of this node is active");
        assertThat(node.sync().externalSize()).isEqualTo(3);
    }

    /** conntrackd -t, then -c: what is put into the kernel must not be deleted behind it. */
    @Test
    void aPurgeThatHasBegunEndsWhenSomebodyAsksForFlowsInTheKernel() {
        NodeUnderTest alone = new NodeUnderTest(1);
        alone.kernel.flows.put(flow(1).key(), flow(1));
        alone.start();
        alone.run(100);
        alone.duty.purgeLater("asked for");
        alone.kernel.asked.clear();
        while (!alone.kernel.asked.contains("dump")) {
            alone.run(1);
        }
        alone.duty.stopPurge("a commit was asked for");
        alone.run(100);
        assertThat(alone.kernel.flows).hasSize(1);
        assertThat(alone.sync().internalSize()).isEqualTo(1);
    }

    @Test
    void aStartAsBackupWithFlowsInTheKernelArmsThePurge() {
        node.kernel.flows.put(flow(1).key(), flow(1));
        node.start();
        node.becomes("G1", Role.BACKUP);
        node.run(5_200);
        assertThat(node.log)
                .contains("purge of the kernel's flows in 5000 ms (started as backup with 1 flows in the kernel)");
        assertThat(node.kernel.flows).isEmpty();
    }

    @Test
    void aStopTakesTheAddressesDownAndLeavesTheFlows() {
        startBothWithFlowsOnThePeer(3);
        peer.becomes("G1", Role.STOPPED);
        peer.duty.stop(ms(peer.now));
        assertThat(peer.addressWork).endsWith("remove 3");
        peer.run(10_000);
        assertThat(peer.kernel.flows).hasSize(3);
    }

    @Test
    void preemptionIsHeldOnEnteringBackupAndAllowedInSync() {
        startBothWithFlowsOnThePeer(300);
        assertThat(node.log).contains("G1: preemption held (not in sync with the peer yet)");
        NodeUnderTest.talk(node, peer, 1000);
        assertThat(node.log)
                .anyMatch(line -> line.startsWith("G1: preemption allowed (in sync with the peer: 300 flows"));
        assertThat(node.toVrrp.poll()).isEqualTo(new ToVrrp.AllowPreemption(1));
    }

    @Test
    void flowsThatWaitToBePurgedAreNotOfferedToThePeer() {
        startBothWithFlowsOnThePeer(5);
        peer.becomes("G1", Role.BACKUP);
        NodeUnderTest.talk(node, peer, 100);
        node.sync().flushExternal();
        node.sync().requestResync("test", ms(node.now));
        peer.kernel.appears(flow(77), ms(peer.now));
        NodeUnderTest.talk(node, peer, 2000);
        assertThat(node.sync().externalSize()).isZero();
        assertThat(peer.log).contains("resync requested by the peer: not answered, own flows wait to be purged");
    }

    @Test
    void aVrrpLoopThatDoesNotAnswerCostsTheAddresses() {
        node.start();
        node.becomes("G1", Role.ACTIVE);
        node.run(10);
        for (int i = 0; i < 200; i++) {
            node.duty.elections().onLink("eth0", i % 2 == 0);
        }
        assertThat(node.addressWork).endsWith("remove 3");
        assertThat(node.log).contains("G1: fault (the VRRP loop does not answer)");
    }

    @Test
    void aLeaseThatRanOutCostsTheRoleOfAGroupThatCameLaterToo() {
        node.start();
        node.duty.add(Groups.group("G2", 100, 71));
        node.becomes("G2", Role.ACTIVE);
        node.run(10);
        node.duty.onLapsed("I71", "gone");
        assertThat(node.toVrrp.poll()).isEqualTo(new ToVrrp.GiveUp("G2", "gone"));
        node.duty.onLapsed("I61", "gone");
        assertThat(node.toVrrp.poll()).isEqualTo(new ToVrrp.GiveUp("G1", "gone"));
    }

    /** The peer is active with this many flows, the node a backup that knows them. */
    private void startBothWithFlowsOnThePeer(int flows) {
        peer.start();
        peer.becomes("G1", Role.ACTIVE);
        peer.run(50);
        for (int i = 0; i < flows; i++) {
            peer.kernel.appears(flow(i), ms(peer.now));
        }
        node.start();
        node.becomes("G1", Role.BACKUP);
        NodeUnderTest.talk(node, peer, 1500);
    }
}
