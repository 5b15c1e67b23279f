// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VirtualAddressesTest {
    private final VirtualAddresses addresses =
            new VirtualAddresses(Layout.ONE_GROUP.groups().get(0).addresses());

    @Test
    void aNodeWithAllFourIsActiveUntilItLosesOne() {
        addresses.accept("3: eth1    inet 172.16.0.100/24 scope global secondary eth1\\       valid_lft forever");
        addresses.accept("3: eth1    inet6 2001:db8:16:10::100/64 scope global nodad \\       valid_lft forever");
        addresses.accept("2: eth0    inet6 2001:db8:15:7::100/64 scope global nodad \\       valid_lft forever");
        assertThat(addresses.all()).isFalse();
        addresses.accept("2: eth0    inet 10.15.7.100/24 scope global secondary eth0\\       valid_lft forever");
        assertThat(addresses.all()).isTrue();
        addresses.accept("Deleted 2: eth0    inet 10.15.7.100/24 scope global secondary eth0\\       valid_lft 0sec");
        assertThat(addresses.all()).isFalse();
    }

    @Test
    void theNodesOwnAddressesAreNotVirtual() {
        addresses.accept("2: eth0    inet 10.15.7.101/24 scope global eth0\\       valid_lft forever");
        addresses.accept("anything else");
        assertThat(addresses.all()).isFalse();
    }
}
