// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import static org.assertj.core.api.Assertions.assertThat;

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
    void anotherVirtualRouterIdIsAnotherGroup() {
        VrrpGroup other = new VrrpGroup("G1", List.of(E1, router("I1", "eth1", 63)));
        ConfigurationChange change = between(other);
        assertThat(change.removed()).containsExactly("G1");
        assertThat(change.added()).containsExactly(other);
        assertThat(change.configured()).isEmpty();
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
    void anotherMemberIsAnotherGroup() {
        VrrpGroup other = new VrrpGroup("G1", List.of(E1));
        ConfigurationChange change = between(other);
        assertThat(change.removed()).containsExactly("G1");
        assertThat(change.added()).containsExactly(other);
    }

    @Test
    void groupsComeAndGo() {
        VrrpGroup fresh = VrrpGroup.of(router("Y", "eth0", 80));
        ConfigurationChange change = ConfigurationChange.between(
                BEFORE, NodeConfiguration.of(List.of(BEFORE.groups().get(0), fresh)));
        assertThat(change.removed()).containsExactly("X");
        assertThat(change.added()).containsExactly(fresh);
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
