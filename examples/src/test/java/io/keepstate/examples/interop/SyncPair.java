// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.cache.CacheEntry;
import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryStatus;
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
import org.jspecify.annotations.Nullable;

/**
 * Two machines with a cable for synchronisation, connection tracking and NAT: our node on one, the installed conntrackd
 * on the other. Who is active is only a matter of which kernel gets flows.
 */
final class SyncPair {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Room for a burst of 6 000 flows: a JVM that has just started reads events slower than a kernel makes them. */
    private static final int EVENT_BUFFER = 8 << 20;

    final Lab lab;
    private final SyncWire wire;
    final SyncMachine ours;
    final SyncMachine theirs;
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
        ours = new SyncMachine(lab, one);
        theirs = new SyncMachine(lab, other);
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

    /** Our {@code -f external}. */
    void flushExternal() {
        tell(StateSync::flushExternal);
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
