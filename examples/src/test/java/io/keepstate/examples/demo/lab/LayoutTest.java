// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayoutTest {
    @ParameterizedTest
    @EnumSource(Layout.class)
    void theFilesOfBothNodesNameAllVirtualAddresses(Layout layout) {
        for (String node : new String[] {"fw1", "fw2"}) {
            for (AddressGroup group : layout.groups()) {
                assertThat(layout.read("keepalived-" + node + ".conf"))
                        .contains("vrrp_sync_group " + group.name() + " {")
                        .contains(group.addresses());
                // Connections to a firewall itself are nobody else's business.
                assertThat(layout.read("conntrackd-" + node + ".conf")).contains(group.addresses());
            }
        }
    }

    @Test
    void withTwoGroupsANodeThatHoldsOneServesThatOne() {
        AddressGroup first = Layout.TWO_GROUPS.groups().get(0);
        AddressGroup second = Layout.TWO_GROUPS.groups().get(1);
        VirtualAddresses addresses = new VirtualAddresses(Stream.of(first, second)
                .flatMap(group -> group.addresses().stream())
                .collect(Collectors.toSet()));
        first.addresses().forEach(address -> addresses.accept("2: eth0    inet " + address + "/24 scope global"));
        assertThat(addresses.all(first)).isTrue();
        assertThat(addresses.all(second)).isFalse();
        assertThat(addresses.all()).isFalse();
    }
}
