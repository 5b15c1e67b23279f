// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RoleChanged;
import io.keepstate.vrrp.IpPrefix;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a group holds and who its members are may be otherwise than wanted, or change: the role stays. */
@ExtendWith(LabExtension.class)
class GroupMembersNodeKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Lab lab;
    private LabNamespace a;
    private LabNamespace b;

    @BeforeEach
    void cable(Lab given) {
        lab = given;
        a = lab.namespace("a");
        b = lab.namespace("b");
        lab.veth(a, "eth0", b, "eth0");
        a.address("eth0", "10.9.0.1/24");
        b.address("eth0", "10.9.0.2/24");
    }

    @Test
    void membersComeGoMoveAndBecomeOthersWhileTheRestStaysActive() throws Exception {
        VirtualRouterConfig first = router("R", 61, 150);
        VirtualRouterConfig second = router("S", 62, 150);
        List<NodeEvent> own = new CopyOnWriteArrayList<>();
        LinuxNode node = start(a, own, first);
        Lab.eventually(PATIENCE, () -> isActive(node) && a.holds("10.9.0.61"), "it is active");
        List<NodeEvent> others = new CopyOnWriteArrayList<>();
        start(b, others, router("R", 61, 100));
        Lab.eventually(PATIENCE, () -> roles(others).equals(List.of(Role.BACKUP)), "the other one is a backup");

        node.reload(group(second, first));
        assertThat(node.routers()).hasSize(2).allMatch(router -> router.state() == State.ACTIVE);
        assertThat(a.holds("10.9.0.61") && a.holds("10.9.0.62")).isTrue();

        node.reload(group(first, second));
        VirtualRouterConfig other = router("S", 63, 150);
        node.reload(group(first, other));
        assertThat(node.routers()).hasSize(2).allMatch(router -> router.state() == State.ACTIVE);
        assertThat(a.holds("10.9.0.61") && a.holds("10.9.0.63")).isTrue();
        assertThat(a.holds("10.9.0.62")).isFalse();

        node.reload(group(first));
        assertThat(a.holds("10.9.0.61")).isTrue();
        assertThat(a.holds("10.9.0.63")).isFalse();

        // Longer than the backup's down interval: it would have noticed a silence by now.
        goesOn(node, 5);
        assertThat(roles(others)).containsExactly(Role.BACKUP);
        assertThat(roles(own)).containsExactly(Role.BACKUP, Role.ACTIVE);
    }

    @Test
    void aRouteAndAnAddressBesideTheAdvertisedOneThatTheKernelRefusesDoNotCostTheRole() throws Exception {
        a.sysctl("net.ipv6.conf.all.disable_ipv6", "1");
        VirtualRouterConfig router = builder("R", 61, 150)
                .excludedAddress(VirtualAddress.parse("2001:db8::61/64", "eth0"))
                .route(VirtualRoute.via(IpPrefix.parse("10.99.0.0/16"), IpAddress.parse("198.51.100.1")))
                .build();
        List<NodeEvent> own = new CopyOnWriteArrayList<>();
        LinuxNode node = start(a, own, router);
        Lab.eventually(PATIENCE, () -> isActive(node) && a.holds("10.9.0.61"), "it is active");
        Lab.eventually(PATIENCE, () -> node.stats().holdingsRefused() == 2, "both are counted");
        assertThat(own)
                .filteredOn(NodeEvent::isWarning)
                .extracting(NodeEvent::text)
                .anyMatch(text -> text.matches("R: 2001:db8::61/64 dev eth0: .*; going on without it"))
                .contains("R: route 10.99.0.0/16 via 198.51.100.1: ENETUNREACH (Network is unreachable);"
                        + " going on without it");

        // The kernel tells that addresses go and come: what was never there is not missed then.
        a.run("ip", "address", "add", "10.9.0.7/24", "dev", "eth0");
        a.run("ip", "address", "del", "10.9.0.7/24", "dev", "eth0");
        goesOn(node, 2);
        assertThat(roles(own)).containsExactly(Role.BACKUP, Role.ACTIVE);
    }

    private static boolean isActive(LinuxNode node) {
        return node.roles().equals(Map.of("G", Role.ACTIVE));
    }

    private static void goesOn(LinuxNode node, int adverts) {
        long before = sent(node);
        Lab.eventually(PATIENCE, () -> sent(node) >= before + adverts, "it goes on advertising");
    }

    private static long sent(LinuxNode node) {
        return node.routers().get(0).counters().advertsSent();
    }

    private static List<Role> roles(List<NodeEvent> events) {
        return events.stream()
                .filter(RoleChanged.class::isInstance)
                .map(event -> ((RoleChanged) event).role())
                .toList();
    }

    private static NodeConfiguration group(VirtualRouterConfig... routers) {
        return NodeConfiguration.of(List.of(new VrrpGroup("G", List.of(routers))));
    }

    private static VirtualRouterConfig router(String name, int virtualRouterId, int priority) {
        return builder(name, virtualRouterId, priority).build();
    }

    private static VirtualRouterConfigBuilder builder(String name, int virtualRouterId, int priority) {
        return VirtualRouterConfig.builder(name, "eth0")
                .version(Version.V3)
                .virtualRouterId(virtualRouterId)
                .priority(priority)
                .interval(Duration.ofMillis(300))
                .address("10.9.0." + virtualRouterId + "/24");
    }

    private LinuxNode start(LabNamespace host, List<NodeEvent> events, VirtualRouterConfig... routers)
            throws Exception {
        LinuxNode node = lab.closing(LinuxNode.builder()
                .configuration(group(routers))
                .listener(events::add)
                .realTimePriority(0)
                .build());
        host.call(() -> {
            node.start();
            return null;
        });
        return node;
    }
}
