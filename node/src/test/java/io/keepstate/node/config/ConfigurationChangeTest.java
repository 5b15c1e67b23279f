// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.LegResignation;
import io.keepstate.vrrp.SyncGroupRules;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationChangeTest {
    private static final VirtualRouterConfig E1 = router("E1", "eth0", 61);
    private static final VirtualRouterConfig I1 = router("I1", "eth1", 62);
    private static final NodeConfiguration BEFORE =
            NodeConfiguration.of(List.of(new VrrpGroup("G1", List.of(E1, I1)), VrrpGroup.of(router("X", "eth0", 70))));

    @Test
    void nothingChangesWhereNothingDiffers() {
        assertThat(ConfigurationChange.between(BEFORE, BEFORE).isEmpty()).isTrue();
    }

    @Test
    void aRouterWithAnotherPriorityIsConfigured() {
        VirtualRouterConfig changed = E1.toBuilder().priority(150).build();
        ConfigurationChange change = between(new VrrpGroup("G1", List.of(changed, I1)));
        assertThat(change.configured()).containsExactly(changed);
        assertThat(change.added()).isEmpty();
        assertThat(change.removed()).isEmpty();
    }

    @Test
    void aMemberWithAnotherVirtualRouterIdLeavesAndJoinsAndTheOtherStays() {
        VirtualRouterConfig other = router("I1", "eth1", 63);
        Regrouping regrouping = regrouped(new VrrpGroup("G1", List.of(E1, other)));
        assertThat(regrouping.leaving()).containsExactly(I1);
        assertThat(regrouping.joining()).containsExactly(other);
    }

    @Test
    void aGroupOfWhichNobodyStaysIsAnotherGroup() {
        VrrpGroup other = new VrrpGroup("G1", List.of(router("E1", "eth0", 64), router("I1", "eth1", 63)));
        ConfigurationChange change = between(other);
        assertThat(change.removed()).containsExactly("G1");
        assertThat(change.added()).containsExactly(other);
        assertThat(change.regrouped()).isEmpty();
        assertThat(change.configured()).isEmpty();
        assertThat(change.gone(BEFORE)).containsExactly(E1, I1);
    }

    @Test
    void anotherUnicastSourceIsAnotherGroup() {
        // The socket that hears is bound to it.
        VirtualRouterConfig unicast = E1.toBuilder()
                .transport(Transport.Unicast.to(IpAddress.parse("10.0.0.2")))
                .sourceAddress(IpAddress.parse("10.0.0.1"))
                .build();
        VirtualRouterConfig moved =
                unicast.toBuilder().sourceAddress(IpAddress.parse("10.0.0.11")).build();
        ConfigurationChange change = ConfigurationChange.between(
                NodeConfiguration.of(List.of(VrrpGroup.of(unicast))),
                NodeConfiguration.of(List.of(VrrpGroup.of(moved))));
        assertThat(change.removed()).containsExactly("E1");
        assertThat(change.added()).containsExactly(VrrpGroup.of(moved));
        assertThat(change.configured()).isEmpty();
    }

    @Test
    void aMemberLessLeavesTheOthersWhereTheyAre() {
        Regrouping regrouping = regrouped(new VrrpGroup("G1", List.of(E1)));
        assertThat(regrouping.leaving()).containsExactly(I1);
        assertThat(regrouping.joining()).isEmpty();
        assertThat(between(new VrrpGroup("G1", List.of(E1))).gone(BEFORE)).containsExactly(I1);
    }

    @Test
    void aMemberMoreJoinsAndAnotherOneIsConfiguredBesides() {
        VirtualRouterConfig changed = E1.toBuilder().priority(150).build();
        VirtualRouterConfig third = router("D1", "eth2", 64);
        ConfigurationChange change = between(new VrrpGroup("G1", List.of(third, changed, I1)));
        assertThat(change.regrouped()).extracting(Regrouping::joining).containsExactly(List.of(third));
        assertThat(change.configured()).containsExactly(changed);
        assertThat(change.removed()).isEmpty();
        assertThat(change.added()).isEmpty();
    }

    @Test
    void anotherOrderAndOtherRulesMoveNobody() {
        Regrouping order = regrouped(new VrrpGroup("G1", List.of(I1, E1)));
        assertThat(order.leaving()).isEmpty();
        assertThat(order.joining()).isEmpty();
        VrrpGroup strict =
                new VrrpGroup("G1", List.of(E1, I1), SyncGroupRules.DEFAULT.withResignation(LegResignation.THIS_LEG));
        assertThat(regrouped(strict).group()).isEqualTo(strict);
    }

    @Test
    void groupsComeAndGo() {
        VrrpGroup fresh = VrrpGroup.of(router("Y", "eth0", 80));
        ConfigurationChange change = ConfigurationChange.between(
                BEFORE, NodeConfiguration.of(List.of(BEFORE.groups().get(0), fresh)));
        assertThat(change.removed()).containsExactly("X");
        assertThat(change.added()).containsExactly(fresh);
    }

    private static Regrouping regrouped(VrrpGroup changed) {
        ConfigurationChange change = between(changed);
        assertThat(change.removed()).isEmpty();
        assertThat(change.added()).isEmpty();
        assertThat(change.configured()).isEmpty();
        assertThat(change.regrouped()).hasSize(1);
        return change.regrouped().get(0);
    }

    private static ConfigurationChange between(VrrpGroup changed) {
        return ConfigurationChange.between(
                BEFORE, NodeConfiguration.of(List.of(changed, BEFORE.groups().get(1))));
    }

    private static VirtualRouterConfig router(String name, String interfaceName, int virtualRouterId) {
        return VirtualRouterConfig.builder(name, interfaceName)
                .virtualRouterId(virtualRouterId)
                .address("192.0.2." + virtualRouterId)
                .build();
    }
}
