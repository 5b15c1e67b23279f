// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.cache.CacheEntry;
import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryStatus;
import io.keepstate.conntrack.CommitCounts;
import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.text.CacheLine;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.config.AddressPrefix;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.linux.LinuxNode;
import io.keepstate.node.stats.SyncStats;
import io.keepstate.node.sync.StateSync;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two machines with a cable for synchronisation, connection tracking and NAT: our node on one, the installed conntrackd
 * on the other. Who is active is only a matter of which kernel gets flows.
 */
final class SyncPair {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Room for a burst of 6 000 flows: a JVM that has just started reads events slower than a kernel makes them. */
    private static final int EVENT_BUFFER = 8 << 20;

    private static final Set<IpAddress> SYNC_LINK =
            SyncWire.ignored().stream().map(IpAddress::parse).collect(Collectors.toSet());
    private static final int LIFETIME_SECONDS = 3600;

    final Lab lab;
    private final SyncWire wire;
    final Machine ours;
    final Machine theirs;
    final List<String> log = new CopyOnWriteArrayList<>();
    private @Nullable LinuxNode node;
    private @Nullable Conntrackd daemon;
    private SyncMode mode = SyncMode.Ftfw.DEFAULT;
    private String theirMode = "";

    SyncPair(Lab lab) {
        this(lab, SyncWire.UDP);
    }

    SyncPair(Lab lab, SyncWire wire) {
        this.lab = lab;
        this.wire = wire;
        LabNamespace one = lab.namespace("ours");
        LabNamespace other = lab.namespace("theirs");
        for (int i = 0; i < wire.cables(); i++) {
            String device = SyncWire.device(i);
            lab.veth(one, device, other, device);
            SyncWire.addresses(i, 1).forEach(address -> one.address(device, address));
            SyncWire.addresses(i, 2).forEach(address -> other.address(device, address));
        }
        ours = new Machine(one);
        theirs = new Machine(other);
    }

    /** The flows of a kernel, seen and changed from beside the daemon: to it they are somebody else's. */
    final class Machine {
        final LabNamespace namespace;
        private final Conntrack conntrack;

        private Machine(LabNamespace namespace) {
            this.namespace = namespace;
            namespace.sysctl("net.netfilter.nf_conntrack_events", "1");
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
                    .filter(flow -> !isSyncLink(flow.original()))
                    .map(KernelEntry::of)
                    .collect(Collectors.toSet());
        }

        /** Drops a tenth of what arrives on the cable: a drop at the sender would make its send fail. */
        void loseATenth() {
            namespace.nft("""
                    table inet loss { chain in { type filter hook input priority 0;
                    udp dport 3780 numgen random mod 10 0 counter drop
                    }
                    }
                    """);
        }

        /** Ends the loss; answers how many datagrams it took. */
        long loseNoMore() {
            String rules = namespace.run("nft", "list", "table", "inet", "loss");
            namespace.run("nft", "delete", "table", "inet", "loss");
            return Long.parseLong(rules.replaceAll("(?s).*packets (\\d+).*", "$1"));
        }
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

    private static boolean isSyncLink(Tuple tuple) {
        return SYNC_LINK.contains(tuple.source());
    }

    /** Both run in another mode than FTFW with its defaults. */
    void modes(SyncMode some, String theirBlock) {
        mode = some;
        theirMode = theirBlock;
    }

    /** Starts our node; no election, no daemon: the sync side alone. */
    void startNode() {
        FlowFilter filter = FlowFilter.ALL.ignoreAddresses(
                SyncWire.ignored().stream().map(AddressPrefix::parse).toList());
        LinuxNode started = lab.closing(LinuxNode.builder()
                .configuration(NodeConfiguration.of(SyncConfiguration.builder(wire.links())
                        .mode(mode)
                        .commitTimeout(Duration.ofSeconds(1800))
                        .filter(filter)
                        .netlinkBuffer(EVENT_BUFFER, EVENT_BUFFER)
                        .build()))
                .listener(event -> log.add(event.text()))
                .build());
        try {
            ours.namespace.call(() -> {
                started.start();
                return null;
            });
        } catch (Exception e) {
            throw new IllegalStateException("the node did not start", e);
        }
        node = started;
    }

    void startConntrackd() {
        daemon = lab.closing(
                theirMode.isEmpty()
                        ? Conntrackd.start(lab, theirs.namespace, wire)
                        : Conntrackd.start(lab, theirs.namespace, wire, theirMode));
    }

    /** Starts both and waits until each has had an answer of the other. */
    void startBoth() {
        startConntrackd();
        startNode();
        awaitHandshake();
    }

    void awaitHandshake() {
        Lab.eventually(PATIENCE, this::isConnected, "both say hello back");
        // HELLO_BACK says that conntrackd heard us. That it heard our own HELLO_BACK shows in messages without HELLO.
        long hellos = stats().session().hellosReceived();
        long received = stats().session().received();
        Lab.eventually(
                PATIENCE,
                () -> stats().session().received() - received
                        > stats().session().hellosReceived() - hellos,
                "conntrackd has stopped to say hello");
    }

    private boolean isConnected() {
        return stats().session().isHelloDone();
    }

    LinuxNode node() {
        return Objects.requireNonNull(node);
    }

    Conntrackd conntrackd() {
        return Objects.requireNonNull(daemon);
    }

    /** Ends both; the kernels' flows and what the caches held are gone with them. */
    void stopBoth() {
        node().stop();
        conntrackd().close();
        ours.flush();
        theirs.flush();
        log.clear();
    }

    SyncStats stats() {
        return node().stats().sync().orElseThrow();
    }

    Set<String> internal() {
        return CacheLines.of(node().ask(duty -> dump(duty, true)));
    }

    Set<String> external() {
        return CacheLines.of(node().ask(duty -> dump(duty, false)));
    }

    private static String dump(SyncDuty duty, boolean internal) {
        StringBuilder lines = new StringBuilder();
        Cursor cursor = new Cursor();
        StateSync sync = sync(duty);
        while (!cursor.isDone()) {
            if (internal) {
                sync.forEachInternal(cursor, 4096, entry -> append(lines, entry));
            } else {
                sync.forEachExternal(cursor, 4096, entry -> append(lines, entry));
            }
        }
        return lines.toString();
    }

    private static void append(StringBuilder lines, CacheEntry entry) {
        if (entry.status() != EntryStatus.DEAD) {
            CacheLine.append(lines, entry.flow(), entry.activeSeconds(System.nanoTime()));
            lines.append('\n');
        }
    }

    /** Our commit; answers {committed, refused}. */
    int[] commit() throws Exception {
        CompletableFuture<int[]> done = new CompletableFuture<>();
        tell(sync -> sync.commit((committed, refused) -> done.complete(new int[] {committed, refused})));
        return done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Our {@code -n}. */
    void requestResync() {
        tell(sync -> sync.requestResync("asked for", System.nanoTime()));
    }

    private void tell(Consumer<StateSync> what) {
        assertThat(node().execute(duty -> what.accept(sync(duty)))).isTrue();
    }

    private static StateSync sync(SyncDuty duty) {
        return Objects.requireNonNull(duty.sync());
    }
}
