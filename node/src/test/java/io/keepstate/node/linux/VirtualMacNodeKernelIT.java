// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.route.Link;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.Role;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
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
