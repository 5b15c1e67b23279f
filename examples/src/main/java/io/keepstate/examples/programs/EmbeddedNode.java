// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.programs;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.linux.LinuxNode;
import io.keepstate.node.linux.NodeStartException;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A firewall node inside a product, without files: one group of two virtual routers, state synchronised with a peer. Run
 * it on both firewalls: {@code EmbeddedNode OWN-SYNC-ADDRESS PEER-SYNC-ADDRESS PRIORITY}.
 */
public final class EmbeddedNode {
    private EmbeddedNode() {}

    /** Runs until the process is told to end; then resigns cleanly. */
    public static void main(String[] args) throws InterruptedException {
        int priority = Integer.parseInt(args[2]);
        VrrpGroup firewall = new VrrpGroup(
                "firewall",
                List.of(
                        router("outside", "eth0", 61, priority, "10.15.7.100/24"),
                        router("inside", "eth1", 62, priority, "172.16.0.100/24")));
        SyncConfiguration sync = SyncConfiguration.builder(PeerLink.between(args[0], args[1]))
                .commitTimeout(Duration.ofMinutes(30))
                .purgeTimeout(Duration.ofSeconds(5))
                .build();
        LinuxNode node = LinuxNode.builder()
                .configuration(NodeConfiguration.of(List.of(firewall), sync))
                .listener(event -> System.out.println(event.text()))
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(node::stop));
        try {
            node.start();
        } catch (NodeStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        new CountDownLatch(1).await();
    }

    private static VirtualRouterConfig router(String name, String link, int id, int priority, String address) {
        return VirtualRouterConfig.builder(name, link)
                .virtualRouterId(id)
                .priority(priority)
                .address(address)
                .build();
    }
}
