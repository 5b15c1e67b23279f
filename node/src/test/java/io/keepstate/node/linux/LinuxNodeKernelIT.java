// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.flow.Flow;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.process.OsThreads;
import io.keepstate.linux.process.Scheduling;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.event.Role;
import io.keepstate.vrrp.TrackedObjects;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two whole nodes on a real kernel. */
@ExtendWith(LabExtension.class)
class LinuxNodeKernelIT {
    private static final int FLOWS = 1000;

    @Test
    void theStandbyTakesOverFlowsBeforeAddressesWhenTheActiveIsCutOff(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        FirewallPair.Firewall active = pair.first;
        FirewallPair.Firewall standby = pair.second;
        active.start(active.configuration(true));
        Lab.eventually(FirewallPair.PATIENCE, () -> active.said("takeover of G1: complete in"), "the first is active");
        standby.start(standby.configuration(true));
        active.makeFlows(FLOWS);
        Lab.eventually(FirewallPair.PATIENCE, () -> standby.externalSize() == FLOWS, "all flows at the standby");
        assertThat(standby.node.roles()).isEqualTo(Map.of("G1", Role.BACKUP));
        assertThat(standby.kernelFlows()).isEmpty();

        active.cut();
        Lab.eventually(
                FirewallPair.PATIENCE, () -> standby.said("takeover of G1: complete in"), "the standby took over");

        assertThat(standby.kernelFlows())
                .extracting(Flow::original)
                .containsExactlyInAnyOrderElementsOf(
                        FirewallPair.flows(FLOWS).stream().map(Flow::original).toList());
        for (String address : List.of("10.15.7.100", "172.16.0.100", "2001:db8:15:7::100", "2001:db8:16:10::100")) {
            assertThat(standby.holds(address)).as(address).isTrue();
        }
        assertThat(standby.log.stream()
                        .filter(line -> line.startsWith("takeover of G1"))
                        .map(line -> line.replaceAll("\\d+ ms", "N ms").replaceAll("\\(.*\\)", "(REASON)"))
                        .collect(Collectors.toList()))
                .containsExactly(
                        "takeover of G1: elected (REASON)",
                        "takeover of G1: committed " + FLOWS + " flows, 0 refused, in N ms",
                        "takeover of G1: addresses up after N ms",
                        "takeover of G1: complete in N ms");
        assertThat(standby.externalSize()).isZero();
        Lab.eventually(FirewallPair.PATIENCE, () -> !active.holds("10.15.7.100"), "the node that was cut off let go");
    }

    @Test
    void aNodeSaysAtItsStartWhatItsKernelLacks(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        FirewallPair.Firewall plain = pair.first;
        plain.start(plain.configuration(true));
        assertThat(plain.said("no nat chain in this network namespace")).isTrue();

        FirewallPair.Firewall routed = pair.second;
        routed.namespace.nft("table ip nat { chain post { type nat hook postrouting priority srcnat; }\n}");
        routed.start(routed.configuration(true));
        assertThat(routed.said("no nat chain in this network namespace")).isFalse();
    }

    @Test
    void aCleanStopHandsOverAtOnceAndLeavesTheKernelsFlows(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        FirewallPair.Firewall active = pair.first;
        FirewallPair.Firewall standby = pair.second;
        active.start(active.configuration(true));
        standby.start(standby.configuration(true));
        Lab.eventually(FirewallPair.PATIENCE, () -> active.said("takeover of G1: complete in"), "the first is active");
        active.makeFlows(10);
        Lab.eventually(FirewallPair.PATIENCE, () -> standby.externalSize() == 10, "all flows at the standby");

        active.node.stop();

        assertThat(active.holds("10.15.7.100")).isFalse();
        assertThat(active.kernelFlows()).hasSize(10);
        Lab.eventually(
                FirewallPair.PATIENCE, () -> standby.said("takeover of G1: complete in"), "the standby took over");
        assertThat(standby.said("takeover of G1: committed 10 flows")).isTrue();
    }

    @Test
    void aNodeThatComesBackWaitsUntilItIsInSyncBeforeItPreempts(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        pair.second.start(pair.second.configuration(true));
        Lab.eventually(
                FirewallPair.PATIENCE, () -> pair.second.said("takeover of G1: complete in"), "the second is active");
        pair.second.makeFlows(FLOWS);
        pair.first.start(pair.first.configuration(true));
        Lab.eventually(
                FirewallPair.PATIENCE, () -> pair.first.said("takeover of G1: complete in"), "the first preempted");
        assertThat(pair.first.log).anyMatch(line -> line.startsWith("G1: preemption allowed (in sync with the peer"));
        assertThat(pair.first.said("takeover of G1: committed " + FLOWS + " flows"))
                .isTrue();
        Lab.eventually(
                FirewallPair.PATIENCE, () -> pair.second.said("purged " + FLOWS + " flows"), "the second purged");
        assertThat(pair.second.kernelFlows()).isEmpty();
        assertThat(pair.first.kernelFlows()).hasSize(FLOWS);
    }

    @Test
    void theSyncLoopHasRealTimePriorityToKeepUpWithTheKernelsEvents(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        NodeConfiguration sync =
                NodeConfiguration.of(SyncConfiguration.builder(PeerLink.between("10.0.0.1", "10.0.0.2"))
                        .build());
        LinuxNode node = lab.closing(LinuxNode.builder().configuration(sync).build());
        pair.first.namespace.call(() -> {
            node.start();
            return null;
        });
        Scheduling.Policy policy = node.ask(duty -> Scheduling.policy(0));
        assertThat(policy).isEqualTo(Scheduling.Policy.RR);
        assertThat(Scheduling.policy(0)).as("of everybody else").isEqualTo(Scheduling.Policy.OTHER);
        OsThreads.list().forEach((thread, name) -> {
            if (name.matches("C[12] Compiler.*")) {
                assertThat(Scheduling.policy(thread))
                        .as("%s: what starts must not take the processors from other routers here", name)
                        .isEqualTo(Scheduling.Policy.OTHER);
            }
        });
    }

    @Test
    void aMissingInterfaceIsOneClearSentenceAndLeavesNothing(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        SyncConfiguration sync = SyncConfiguration.builder(
                        PeerLink.between("10.0.0.1", "10.0.0.2").on("eth9"))
                .build();
        assertThatThrownBy(() -> pair.first.start(NodeConfiguration.of(sync)))
                .hasMessage(
                        "sync link: there is no interface eth9 here; create it before the start, or correct the name");
    }

    @Test
    void aNodeWithDynamicInterfacesWaitsForThemAndBeginsWhenTheyCome(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        FirewallPair.Firewall firewall = pair.first;
        firewall.namespace.run("ip", "link", "delete", "eth0");
        NodeConfiguration plain = firewall.configuration(true);
        assertThatThrownBy(() -> firewall.start(plain)).hasMessageContaining("there is no interface eth0 here");

        firewall.start(plain.withTracked(new TrackedObjects(List.of(), List.of(), List.of(), List.of(), true)));
        Lab.eventually(
                FirewallPair.PATIENCE,
                () -> firewall.node.roles().equals(Map.of("G1", Role.FAULT)),
                "it waits: " + firewall.log);
        lab.veth(firewall.namespace, "eth0", pair.wires, "w1");
        firewall.namespace.address("eth0", "10.15.7.101/24");
        Lab.eventually(
                FirewallPair.PATIENCE,
                () -> firewall.said("takeover of G1: complete in"),
                "it is active: " + firewall.log);
        assertThat(firewall.holds("10.15.7.100")).isTrue();
    }

    @Test
    void anAddressThatIsNotOursAndAPortInUseAreClearSentences(Lab lab) throws Exception {
        FirewallPair pair = new FirewallPair(lab);
        SyncConfiguration wrong = SyncConfiguration.builder(PeerLink.between("10.0.0.9", "10.0.0.2"))
                .build();
        assertThatThrownBy(() -> pair.first.start(NodeConfiguration.of(wrong)))
                .hasStackTraceContaining("10.0.0.9 is no address of this machine");
        NodeConfiguration right =
                NodeConfiguration.of(SyncConfiguration.builder(PeerLink.between("10.0.0.1", "10.0.0.2"))
                        .build());
        pair.first.start(right);
        assertThatThrownBy(() -> pair.first.start(right))
                .hasStackTraceContaining("UDP port 3780 of 10.0.0.1 is in use");
    }
}
