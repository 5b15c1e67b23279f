// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.CommitCounts;
import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One machine of a pair: connection tracking and NAT, and the flows of its kernel, seen and changed from beside the
 * daemon, so that to it they are somebody else's.
 */
final class SyncMachine {
    private static final Set<IpAddress> SYNC_LINK =
            SyncWire.ignored().stream().map(IpAddress::parse).collect(Collectors.toSet());
    private static final int LIFETIME_SECONDS = 3600;
    private static final Pattern DROPPED = Pattern.compile("counter packets (\\d+)");

    final LabNamespace namespace;
    private final Conntrack conntrack;

    SyncMachine(Lab lab, LabNamespace namespace) {
        this.namespace = namespace;
        namespace.sysctl("net.netfilter.nf_conntrack_events", "1");
        // A link that was cut comes back with the addresses it had, over IPv6 too.
        namespace.sysctl("net.ipv6.conf.all.keep_addr_on_down", "1");
        for (String kind : List.of("udp", "icmp", "icmpv6", "tcp")) {
            // Nothing may expire between the two looks that are compared.
            String name = kind.equals("tcp") ? "tcp_timeout_time_wait" : kind + "_timeout";
            namespace.sysctl("net.netfilter.nf_conntrack_" + name, "600");
        }
        namespace.nft("""
                table ip nat { chain post { type nat hook postrouting priority srcnat; }
                }
                table ip6 nat { chain post { type nat hook postrouting priority srcnat; }
                }
                """);
        conntrack = lab.closing(namespace.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
    }

    void create(List<Flow> flows) {
        CommitCounts counts = namespace.get(() -> conntrack.commitAll(flows, LIFETIME_SECONDS));
        assertThat(counts.failed())
                .as("flows refused by the kernel: %s", counts)
                .isZero();
    }

    void update(Flow flow) {
        assertThat(namespace.get(() -> conntrack.update(flow, 0))).isTrue();
    }

    void delete(List<Flow> flows) {
        namespace.get(() -> flows.stream().filter(conntrack::delete).count());
    }

    void flush() {
        namespace.get(() -> {
            conntrack.flush();
            return null;
        });
    }

    /** The kernel's table without the sync link's own packets. */
    Set<KernelEntry> table() {
        return namespace.get(() -> conntrack.dumpAll(DumpFilter.ALL)).stream()
                .filter(flow -> !SYNC_LINK.contains(flow.original().source()))
                .map(KernelEntry::of)
                .collect(Collectors.toSet());
    }

    /**
     * Drops such a share of the packets of synchronisation that arrive, whatever the transport: a drop at the sender
     * would make its send fail.
     */
    void lose(int percent) {
        namespace.nft("""
                table inet loss { chain in { type filter hook input priority 0;
                meta l4proto { tcp, udp } th dport 3780 numgen random mod 100 < %1$d counter drop
                tcp sport 3780 numgen random mod 100 < %1$d counter drop
                }
                }
                """.formatted(percent));
    }

    /** Ends the loss; answers how many packets it took. */
    long loseNoMore() {
        String rules = namespace.run("nft", "list", "table", "inet", "loss");
        namespace.run("nft", "delete", "table", "inet", "loss");
        return DROPPED.matcher(rules)
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    /** What a commit must carry over: everything but the lifetime, and the bits no other machine can know. */
    record KernelEntry(
            Tuple original,
            @Nullable Tuple reply,
            int zone,
            int mark,
            int state,
            int status,
            @Nullable Tuple master) {
        private static final int TRANSFERRED = Status.EXPECTED
                | Status.SEEN_REPLY
                | Status.ASSURED
                | Status.CONFIRMED
                | Status.SRC_NAT
                | Status.DST_NAT;

        static KernelEntry of(Flow flow) {
            return new KernelEntry(
                    flow.original(),
                    flow.reply(),
                    flow.zone(),
                    flow.mark(),
                    flow.has(Attribute.TCP_STATE) ? flow.tcpState() : -1,
                    flow.status() & TRANSFERRED,
                    flow.master());
        }
    }
}
