// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class AddressOwnerKernelIT {

    private static final List<VirtualAddress> ADDRESSES = List.of(
            VirtualAddress.parse("10.9.0.100/24", "eth0"),
            VirtualAddress.parse("2001:db8:9::100/64", "eth0"),
            VirtualAddress.parse("2001:db8:9::101", "eth0"));

    private LabNamespace host;

    @BeforeEach
    void cable(Lab lab) {
        host = lab.namespace("host");
        lab.veth(host, "eth0", lab.namespace("peer"), "eth0");
        host.address("eth0", "10.9.0.1/24");
    }

    @Test
    void adding_and_removing_are_idempotent() {
        for (int i = 0; i < 2; i++) {
            assertThat(add(ADDRESSES)).isEmpty();
            assertThat(held("10.9.0.100")).isPresent();
        }
        for (int i = 0; i < 2; i++) {
            assertThat(remove(ADDRESSES)).isEmpty();
            assertThat(held("10.9.0.100")).isEmpty();
            assertThat(held("2001:db8:9::100")).isEmpty();
        }
        assertThat(held("10.9.0.1")).isPresent();
    }

    @Test
    void ipv6_addresses_are_usable_at_once_and_a_host_address_is_never_a_source() {
        add(ADDRESSES);
        assertThat(held("2001:db8:9::100").orElseThrow().isTentative()).isFalse();
        assertThat(held("2001:db8:9::100").orElseThrow().isDeprecated()).isFalse();
        assertThat(held("2001:db8:9::101").orElseThrow().isDeprecated()).isTrue();
    }

    @Test
    void without_the_interface_adding_fails_and_removing_is_done() {
        List<VirtualAddress> nowhere = List.of(VirtualAddress.parse("10.9.0.100/24", "eth9"));
        assertThat(add(nowhere)).singleElement().satisfies(failure -> {
            assertThat(failure.errno()).isEqualTo(Errno.ENODEV);
            assertThat(failure).asString().startsWith("10.9.0.100/24 dev eth9: ENODEV");
        });
        assertThat(remove(nowhere)).isEmpty();
    }

    @Test
    void a_virtual_address_left_behind_is_not_taken_for_the_source() {
        add(ADDRESSES);
        VirtualRouterConfig ipv4 = VirtualRouterConfig.builder("E1", "eth0")
                .virtualRouterId(1)
                .address(ADDRESSES.get(0))
                .build();
        assertThat(source(ipv4)).contains(IpAddress.parse("10.9.0.1"));
        VirtualRouterConfig ipv6 = VirtualRouterConfig.builder("E6", "eth0")
                .version(Version.V3)
                .virtualRouterId(1)
                .address(ADDRESSES.get(1))
                .build();
        assertThat(source(ipv6))
                .hasValueSatisfying(it -> assertThat(it.isLinkLocal()).isTrue());
    }

    private List<HoldingFailure> add(List<VirtualAddress> addresses) {
        return host.route(it -> new AddressOwner(it).add(addresses));
    }

    private List<HoldingFailure> remove(List<VirtualAddress> addresses) {
        return host.route(it -> new AddressOwner(it).remove(addresses));
    }

    private Optional<IpAddress> source(VirtualRouterConfig config) {
        return host.route(it -> SourceAddress.find(it, config, ADDRESSES));
    }

    private Optional<InterfaceAddress> held(String address) {
        IpAddress wanted = IpAddress.parse(address);
        return host.route(rtnetlink -> rtnetlink.addresses().stream()
                .filter(it -> IpAddress.of(it.address()).equals(wanted))
                .findFirst());
    }
}
