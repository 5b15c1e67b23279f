// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two firewalls like those of the reference setup, each in a namespace, on a bridge outside and a bridge inside. */
final class FirewallPair {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Lab lab;
    final Firewall first;
    final Firewall second;
    final LabNamespace wires;

    FirewallPair(Lab lab) {
        this.lab = lab;
        this.wires = lab.namespace("wires");
        this.first = new Firewall(1);
        this.second = new Firewall(2);
        wires.bridge("wan", "w1", "w2");
        wires.bridge("lan", "l1", "l2");
        lab.veth(first.namespace, "eth2", second.namespace, "eth2");
        first.namespace.address("eth2", "10.0.0.1/24");
        second.namespace.address("eth2", "10.0.0.2/24");
    }

    /** A firewall and, once started, the node on it. */
    final class Firewall {
        final int number;
        final LabNamespace namespace;
        final List<String> log = new CopyOnWriteArrayList<>();
        LinuxNode node = LinuxNode.builder().configuration(placeholder()).build();

        Firewall(int number) {
            this.number = number;
            this.namespace = lab.namespace("fw" + number);
            lab.veth(namespace, "eth0", wires, "w" + number);
            lab.veth(namespace, "eth1", wires, "l" + number);
            namespace.address("eth0", "10.15.7.10" + number + "/24");
            namespace.address("eth1", "172.16.0.10" + number + "/24");
            namespace.sysctl("net.netfilter.nf_conntrack_events", "1");
        }

        NodeConfiguration configuration(boolean preempting) {
            int priority = number == 1 ? 100 : 50;
            return NodeConfiguration.of(
                    List.of(new VrrpGroup(
                            "G1",
                            List.of(router("E1", 61, priority, preempting), router("I1", 62, priority, preempting)))),
                    SyncConfiguration.builder(PeerLink.between("10.0.0." + number, "10.0.0." + (3 - number)))
                            .commitTimeout(Duration.ofSeconds(1800))
                            .purgeTimeout(Duration.ofSeconds(2))
                            .filter(FlowFilter.ALL.acceptProtocols(Set.of(Protocol.TCP, Protocol.UDP)))
                            .build());
        }

        private VirtualRouterConfig router(String name, int id, int priority, boolean preempt) {
            boolean outside = id == 61;
            return VirtualRouterConfig.builder(name, outside ? "eth0" : "eth1")
                    .version(Version.V3)
                    .virtualRouterId(id)
                    .priority(priority)
                    .preempt(preempt)
                    .interval(Duration.ofMillis(100))
                    .announcements(new AnnouncementPolicy(2, Duration.ofSeconds(1), Duration.ZERO, 1))
                    .address(outside ? "10.15.7.100/24" : "172.16.0.100/24")
                    .excludedAddress(outside ? "2001:db8:15:7::100/64" : "2001:db8:16:10::100/64")
                    .build();
        }

        void start(NodeConfiguration configuration) throws Exception {
            node = lab.closing(LinuxNode.builder()
                    .configuration(configuration)
                    .listener(event -> log.add(event.text()))
                    .realTimePriority(0)
                    .build());
            namespace.call(() -> {
                node.start();
                return null;
            });
        }

        void cut() {
            wires.down("w" + number);
            wires.down("l" + number);
            namespace.down("eth2");
        }

        boolean holds(String address) {
            return namespace.holds(address);
        }

        List<Flow> kernelFlows() throws Exception {
            return namespace.call(() -> {
                try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
                    return conntrack.dumpAll(DumpFilter.ALL).stream()
                            .filter(flow -> flow.original().protocol() == Protocol.TCP)
                            .toList();
                }
            });
        }

        /** Puts established connections into the kernel, as another process would. */
        void makeFlows(int count) throws Exception {
            namespace.call(() -> {
                try (Conntrack conntrack = Conntrack.open(ConntrackOptions.DEFAULTS)) {
                    conntrack.commitAll(flows(count), 3600);
                }
                return null;
            });
        }

        boolean said(String text) {
            return log.stream().anyMatch(line -> line.contains(text));
        }

        long externalSize() {
            return node.ask(
                    duty -> (long) java.util.Objects.requireNonNull(duty.sync()).externalSize());
        }
    }

    static List<Flow> flows(int count) {
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Tuple tuple = Tuple.ipv4(0xac10000a + i / 50_000, 0x0a0f0701, Protocol.TCP, 10_000 + i % 50_000, 80);
            flows.add(Flow.builder(tuple)
                    .reply(tuple.inverted())
                    .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                    .tcpState(TcpState.ESTABLISHED)
                    .timeoutSeconds(3600)
                    .build());
        }
        return flows;
    }

    private static NodeConfiguration placeholder() {
        return NodeConfiguration.of(SyncConfiguration.builder(PeerLink.between("10.0.0.1", "10.0.0.2"))
                .build());
    }
}
