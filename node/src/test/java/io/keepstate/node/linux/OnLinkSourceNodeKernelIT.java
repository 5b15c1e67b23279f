// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.Role;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.keepstate.vrrp.linux.VrrpService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node that hears only who is on its link: what that is follows the addresses of the interface. */
@ExtendWith(LabExtension.class)
class OnLinkSourceNodeKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String FAR = "203.0.113.9";

    private static VirtualRouterConfigBuilder router(int priority) {
        return VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .interval(Duration.ofMillis(100))
                .priority(priority)
                .address("10.9.0.100/24");
    }

    @Test
    void aBetterRouterIsHeardOnceItsNetworkIsOnTheLink(Lab lab) throws Exception {
        LabNamespace host = lab.namespace("host");
        LabNamespace peer = lab.namespace("peer");
        lab.veth(host, "eth0", peer, "eth0");
        host.address("eth0", "10.9.0.1/24");
        peer.address("eth0", FAR + "/32");
        // The kernel's own check of sources is by routes, and depends on the machine.
        host.run("sh", "-c", "for each in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $each; done");
        LinuxNode node = lab.closing(LinuxNode.builder()
                .configuration(NodeConfiguration.of(
                        List.of(VrrpGroup.of(router(100).onLinkSource(true).build()))))
                .realTimePriority(0)
                .journalDirectory(lab.directory())
                .build());
        host.call(() -> {
            node.start();
            return null;
        });
        Lab.eventually(PATIENCE, () -> node.roles().containsValue(Role.ACTIVE), "the node is active");
        VirtualRouterConfig far =
                router(200).sourceAddress(IpAddress.parse(FAR)).build();
        lab.closing(VrrpService.start(
                task -> peer.network().newThread("vrrp peer", task), List.of(SyncGroupConfig.of(far)), effect -> {}));
        Lab.eventually(
                PATIENCE,
                () -> node.stats().rejectedAdverts().getOrDefault(RejectReason.SOURCE_NOT_ON_LINK, 0L) > 2,
                "what comes from elsewhere is counted");
        assertThat(node.roles()).containsValue(Role.ACTIVE);
        host.address("eth0", "203.0.113.1/24");
        Lab.eventually(PATIENCE, () -> node.roles().containsValue(Role.BACKUP), "the better router is heard");
    }
}
