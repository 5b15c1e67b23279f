// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static io.keepstate.node.NodeUnderTest.flow;
import static io.keepstate.node.NodeUnderTest.injecting;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.node.event.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A node that gave its role away purges its flows, and with {@code DisableExternalCache} its kernel is the only place where
 * the peer's flows are: the peer may die at any moment of it.
 */
class PurgeWithoutExternalCacheTest {
    private static final int FLOWS = 20;

    private final NodeUnderTest node = node(1);
    private final NodeUnderTest peer = node(2);

    private static NodeUnderTest node(int number) {
        return new NodeUnderTest(
                number, NodeUnderTest.settings(number).mode(injecting()).build(), Groups.reference(100));
    }

    @BeforeEach
    void theNodeIsActive() {
        NodeUnderTest.meet(node, peer);
        node.becomes("G1", Role.ACTIVE);
        peer.becomes("G1", Role.BACKUP);
        for (int i = 1; i <= FLOWS; i++) {
            node.kernel.appears(flow(i), ms(node.now));
        }
        NodeUnderTest.talk(node, peer, 10_000);
        assertThat(peer.kernel.flows).hasSize(FLOWS);
    }

    private void rolesChange() {
        peer.becomes("G1", Role.ACTIVE);
        node.becomes("G1", Role.BACKUP);
    }

    private void assertThatTheNodeTakesOverWithAllFlows() {
        node.becomes("G1", Role.ACTIVE);
        node.run(100);
        assertThat(node.kernel.flows).hasSize(FLOWS);
        assertThat(node.sync().internalSize()).isEqualTo(FLOWS);
    }

    @Test
    void thePeerDiesJustBeforeThePurge() {
        rolesChange();
        NodeUnderTest.talk(node, peer, 4000);
        node.run(3000);
        assertThat(node.log).anyMatch(line -> line.startsWith("purged 0 flows"));
        assertThatTheNodeTakesOverWithAllFlows();
    }

    @Test
    void thePeerDiesBeforeItHasToldItsFlows() {
        rolesChange();
        node.run(20_000);
        assertThat(node.log)
                .filteredOn(line -> line.contains("purge put off until the peer is heard"))
                .hasSize(1);
        assertThatTheNodeTakesOverWithAllFlows();
    }

    @Test
    void whatThePeerDoesNotHaveIsPurged() {
        rolesChange();
        NodeUnderTest.talk(node, peer, 100);
        node.kernel.appears(flow(99), ms(node.now)); // a last packet, when nobody was to be told any more
        Flow ended = flow(7);
        peer.kernel.ends(ended, ms(peer.now));
        NodeUnderTest.talk(node, peer, 7000);
        assertThat(node.kernel.flows).hasSize(FLOWS - 1).doesNotContainKeys(ended.key(), flow(99).key());
    }

    @Test
    void theFlowsOfAStartAreThePeersToo() {
        NodeUnderTest again = node(1);
        again.kernel.flows.putAll(node.kernel.flows);
        again.kernel.flows.put(flow(99).key(), flow(99));
        rolesChange();
        NodeUnderTest.talk(node, peer, 100);
        again.now = node.now;
        again.start();
        again.becomes("G1", Role.BACKUP);
        NodeUnderTest.talk(again, peer, 6000);
        assertThat(again.log).anyMatch(line -> line.startsWith("purged 1 flows"));
        assertThat(again.kernel.flows).hasSize(FLOWS);
    }

    /** -F is meant. */
    @Test
    void whoAsksForAnEmptyKernelGetsIt() {
        rolesChange();
        NodeUnderTest.talk(node, peer, 4000);
        node.sync().flushKernel((deleted, failure) -> {});
        node.run(100);
        assertThat(node.kernel.flows).isEmpty();
    }
}
