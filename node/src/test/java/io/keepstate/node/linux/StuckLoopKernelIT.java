// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node of which one loop stands still must not keep its addresses, though the other one goes on. */
@ExtendWith(LabExtension.class)
class StuckLoopKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Two seconds of lease and a down interval, times three for a busy machine. */
    private static final Duration GONE_WITHIN = Duration.ofSeconds(8);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private LabNamespace host;
    private RunningNode node;

    @BeforeEach
    void startNode(Lab lab) throws Exception {
        host = lab.namespace("host");
        lab.veth(host, "eth0", lab.namespace("peer"), "eth0");
        host.address("eth0", "10.9.0.1/24");
        VirtualRouterConfig router = VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .interval(Duration.ofMillis(100))
                .address("10.9.0.100/24")
                .build();
        node = host.call(() -> {
            RunningNode opened = RunningNode.open(
                    NodeConfiguration.of(List.of(VrrpGroup.of(router))),
                    event -> log.add(event.text()),
                    0,
                    true,
                    lab.directory());
            opened.start();
            return opened;
        });
        lab.closing(() -> {
            release.countDown();
            node.stop(5000);
        });
        Lab.eventually(PATIENCE, () -> host.holds("10.9.0.100"), "the node holds its address");
    }

    /** The owner of its address, which is active at once whatever the interval. */
    private static NodeConfiguration owner(Duration interval) {
        return NodeConfiguration.of(List.of(VrrpGroup.of(VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .priority(255)
                .interval(interval)
                .address("10.9.0.100/24")
                .build())));
    }

    private void standStill() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitLoss() {
        Lab.eventually(GONE_WITHIN, () -> !host.holds("10.9.0.100"), "the kernel took the address");
    }

    private void awaitReturn() {
        release.countDown();
        Lab.eventually(PATIENCE, () -> host.holds("10.9.0.100"), "elected again, the node holds its address: " + log);
    }

    @Test
    void addressesGoWhenTheVrrpLoopStandsStill() {
        assertThat(node.executeOnVrrp(duty -> standStill())).isTrue();
        awaitLoss();
        awaitReturn();
    }

    @Test
    void addressesAndTheRoleGoWhenTheSyncLoopStandsStill() {
        assertThat(node.execute(duty -> standStill())).isTrue();
        awaitLoss();
        AtomicBoolean inFault = new AtomicBoolean();
        Lab.eventually(
                PATIENCE,
                () -> {
                    node.executeOnVrrp(duty -> inFault.set(duty.routers().get(0).state() == State.FAULT));
                    return inFault.get();
                },
                "the elections noticed that nobody renews");
        awaitReturn();
        assertThat(log).anyMatch(line -> line.contains("the sync loop stands still"));
    }

    /** With the interval of the start the addresses would stay for half a minute, and the role for twenty seconds. */
    @Test
    void afterAReloadToShorterIntervalsAddressesAndRoleGoAsSoon(Lab lab) throws Exception {
        LabNamespace other = lab.namespace("other");
        lab.veth(other, "eth0", lab.namespace("peer-of-other"), "eth0");
        other.address("eth0", "10.9.0.1/24");
        LinuxNode changed = lab.closing(LinuxNode.builder()
                .configuration(owner(Duration.ofSeconds(10)))
                .realTimePriority(0)
                .journalDirectory(lab.directory())
                .build());
        lab.closing(release::countDown);
        other.call(() -> {
            changed.start();
            return null;
        });
        Lab.eventually(PATIENCE, () -> other.holds("10.9.0.100"), "the node holds its address");
        changed.reload(owner(Duration.ofMillis(100)));
        assertThat(changed.execute(duty -> standStill())).isTrue();
        Lab.eventually(GONE_WITHIN, () -> !other.holds("10.9.0.100"), "the kernel took the address");
        Lab.eventually(
                GONE_WITHIN,
                () -> changed.routers().get(0).state() == State.FAULT,
                "the elections noticed that nobody renews");
    }
}
