// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.route.Link;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.Role;
import io.keepstate.vrrp.AddressOptions;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.MacAddress;
import io.keepstate.vrrp.codec.Version;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A whole node with a virtual MAC. */
@ExtendWith(LabExtension.class)
class VirtualMacNodeKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void theAddressIsOnTheInterfaceOfTheVirtualMacWhichIsThereFromStartToStop(Lab lab) throws Exception {
        LabNamespace machine = lab.namespace("fw");
        lab.veth(machine, "eth0", lab.namespace("other"), "eth0");
        machine.address("eth0", "10.9.0.1/24");
        Path journals = lab.directory().resolve("run");
        LinuxNode node = lab.closing(LinuxNode.builder()
                .configuration(NodeConfiguration.of(List.of(VrrpGroup.of(router()))))
                .realTimePriority(0)
                .journalDirectory(journals)
                .build());
        machine.call(() -> {
            node.start();
            return null;
        });
        Lab.eventually(PATIENCE, () -> isActive(node) && machine.holds("10.9.0.100"), "the node is active");
        assertThat(machine.run("ip", "-o", "address", "show", "dev", "vrrp.61")).contains("10.9.0.100/24");
        assertThat(machine.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("1");

        int old = machine.index("vrrp.61");
        machine.run("ip", "link", "delete", "vrrp.61");
        Lab.eventually(
                PATIENCE,
                () -> machine.route(r -> r.link("vrrp.61")).map(Link::index).orElse(old) != old
                        && isActive(node)
                        && machine.holds("10.9.0.100"),
                "what somebody deleted is made again");

        // From a thread outside the namespace, as an application may.
        node.stop();
        boolean there = machine.route(r -> r.link("vrrp.61").isPresent());
        assertThat(there).isFalse();
        assertThat(machine.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("0");
    }

    @Test
    void virtualMacsComeChangeAndGoWithAReload(Lab lab) throws Exception {
        LabNamespace machine = lab.namespace("fw");
        lab.veth(machine, "eth0", lab.namespace("other"), "eth0");
        machine.address("eth0", "10.9.0.1/24");
        VirtualRouterConfig plain = VirtualRouterConfig.builder("P", "eth0")
                .version(Version.V3)
                .virtualRouterId(7)
                .interval(Duration.ofMillis(100))
                .address("10.9.0.7/24")
                .build();
        LinuxNode node = lab.closing(LinuxNode.builder()
                .configuration(NodeConfiguration.of(List.of(VrrpGroup.of(plain))))
                .realTimePriority(0)
                .journalDirectory(lab.directory().resolve("run"))
                .build());
        machine.call(() -> {
            node.start();
            return null;
        });
        Lab.eventually(PATIENCE, () -> machine.holds("10.9.0.7"), "the first router is active");

        // From a thread outside the namespace, as an application may.
        node.reload(NodeConfiguration.of(List.of(VrrpGroup.of(plain), VrrpGroup.of(router()))));
        Lab.eventually(PATIENCE, () -> shows(machine, "vrrp.61").contains("10.9.0.100/24"), "the new one is active");
        assertThat(machine.holds("10.9.0.7")).isTrue();
        assertThat(machine.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("1");

        VirtualRouterConfig otherMac = router().toBuilder()
                .virtualMac(new VirtualMac("vrrp.61", Optional.of(MacAddress.parse("02:00:00:00:00:61")), false))
                .build();
        node.reload(NodeConfiguration.of(List.of(VrrpGroup.of(plain), VrrpGroup.of(otherMac))));
        Lab.eventually(PATIENCE, () -> shows(machine, "vrrp.61").contains("10.9.0.100/24"), "it is active again");
        assertThat(String.valueOf(machine.link("vrrp.61").mac())).isEqualTo("02:00:00:00:00:61");

        node.reload(NodeConfiguration.of(List.of(VrrpGroup.of(plain))));
        assertThat(shows(machine, "vrrp.61")).isEmpty();
        assertThat(machine.sysctl("net.ipv4.conf.eth0.arp_ignore")).isEqualTo("0");
        assertThat(machine.holds("10.9.0.7")).isTrue();

        VirtualAddress withMac =
                VirtualAddress.parse("10.9.0.8/24", "eth0").withOptions(AddressOptions.DEFAULT.onVirtualMac("vrrp.7"));
        VirtualRouterConfig more = plain.toBuilder().excludedAddress(withMac).build();
        node.reload(NodeConfiguration.of(List.of(VrrpGroup.of(more))));
        Lab.eventually(
                PATIENCE, () -> shows(machine, "vrrp.7").contains("10.9.0.8/24"), "an address comes with its MAC");
        node.reload(NodeConfiguration.of(List.of(VrrpGroup.of(plain))));
        Lab.eventually(PATIENCE, () -> shows(machine, "vrrp.7").isEmpty(), "and goes with it");
        assertThat(node.roles()).isEqualTo(Map.of("P", Role.ACTIVE));

        VirtualRouterConfig impossible = router().toBuilder()
                .virtualMac(new VirtualMac("eth0", Optional.empty(), false))
                .build();
        assertThatThrownBy(
                        () -> node.reload(NodeConfiguration.of(List.of(VrrpGroup.of(plain), VrrpGroup.of(impossible)))))
                .hasMessageContaining("interface eth0 exists already");
        assertThat(machine.holds("10.9.0.7")).as("it goes on as it was").isTrue();
    }

    private static String shows(LabNamespace machine, String interfaceName) {
        return machine.route(r -> r.link(interfaceName).isPresent())
                ? machine.run("ip", "-o", "address", "show", "dev", interfaceName)
                : "";
    }

    private static boolean isActive(LinuxNode node) {
        return node.roles().equals(Map.of("E1", Role.ACTIVE));
    }

    private static VirtualRouterConfig router() {
        return VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(61)
                .interval(Duration.ofMillis(100))
                .virtualMac(new VirtualMac("vrrp.61", Optional.empty(), false))
                .address("10.9.0.100/24")
                .build();
    }
}
