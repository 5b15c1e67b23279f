// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryVisitor;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.sync.StateSync;
import io.keepstate.testkit.cluster.SimulatedKernel;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The kernel's table is read again and again while flows come, change and end: what a part of the dump shows was true when
 * the kernel made it, and events that were read since are newer. Nothing repairs a flow that came back or went back, so
 * at the end both caches must be what the kernel's table is.
 */
class DumpBesideEventsTest {
    private static final int SEEDS = Boolean.getBoolean("keepstate.long") ? 500 : 10;
    private static final int FLOWS = 400;
    private static final int BUSY_TURNS = 120;
    private static final int EVENTS = 1 << 16;
    private static final long TURN_NANOS = 10_000_000L;
    private static final int QUIET_TURNS = 300;

    @Test
    void bothCachesAreTheKernelsTable() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Pair pair = new Pair(seed, SyncMode.Ftfw.DEFAULT, SyncMode.Ftfw.DEFAULT);
            pair.run(() -> pair.node.resyncFromKernel(failure -> {}));
            pair.node.bulk(); // what was only read is not told by itself
            pair.turns(QUIET_TURNS);
            assertThat(pair.own()).as("own flows, seed %d", seed).isEqualTo(pair.kernels());
            assertThat(pair.atPeer()).as("at the peer, seed %d", seed).isEqualTo(pair.kernels());
            assertThat(pair.node.stats().kernel().leftToEvents()).isPositive();
        }
    }

    @Test
    void withoutAnInternalCacheThePeerHasTheKernelsTable() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Pair pair = new Pair(seed, new SyncMode.NoTrack(true, false, false), SyncMode.NoTrack.DEFAULT);
            pair.run(pair.node::bulk);
            assertThat(pair.atPeer()).as("at the peer, seed %d", seed).isEqualTo(pair.kernels());
            assertThat(pair.node.stats().kernel().leftToEvents()).isPositive();
        }
    }

    /** A node that has flows, and a peer. Nothing is lost between them. */
    private static final class Pair {
        private final Random random;
        private final SimulatedKernel kernel = new SimulatedKernel(EVENTS);
        private final ArrayDeque<byte[]> toPeer = new ArrayDeque<>();
        private final ArrayDeque<byte[]> toNode = new ArrayDeque<>();
        private final StateSync node;
        private final StateSync peer;
        private long now = 1_000_000_000_000L;

        Pair(long seed, SyncMode mode, SyncMode peersMode) {
            random = new Random(seed);
            node = sync(1, mode, kernel, toPeer);
            peer = sync(2, peersMode, new SimulatedKernel(EVENTS), toNode);
            node.start(now);
            peer.start(now);
        }

        private static StateSync sync(int number, SyncMode mode, SimulatedKernel kernel, ArrayDeque<byte[]> out) {
            SyncConfiguration configuration = SyncConfiguration.builder(
                            PeerLink.between("10.0.0." + number, "10.0.0." + (3 - number)))
                    .mode(mode)
                    .build();
            return new StateSync(
                    configuration,
                    kernel,
                    datagram -> out.add(ByteBufUtil.getBytes(datagram)),
                    event -> {},
                    1500,
                    1_790_000_000L + number,
                    number);
        }

        /** Flows come, change and end beside readings, of which each begins when it wants; then quiet. */
        void run(Runnable read) {
            for (int number = 0; number < FLOWS; number += 2) {
                kernel.open(flow(number, TcpState.SYN_SENT));
            }
            turns(QUIET_TURNS);
            for (int turn = 0; turn < BUSY_TURNS; turn++) {
                if (random.nextInt(4) == 0) {
                    read.run();
                }
                for (int events = random.nextInt(12); events > 0; events--) {
                    happens(random.nextInt(FLOWS));
                }
                turns(1);
            }
            turns(QUIET_TURNS);
        }

        private void happens(int number) {
            FlowKey key = flow(number, TcpState.SYN_SENT).key();
            if (!kernel.holds(key)) {
                kernel.open(flow(number, TcpState.SYN_SENT));
            } else if (random.nextBoolean()) {
                kernel.change(flow(number, TcpState.ESTABLISHED));
            } else {
                kernel.close(key);
            }
        }

        private static Flow flow(int number, int state) {
            Tuple tuple = Tuple.ipv4(0xac100001, 0x0a0f0701, Protocol.TCP, 1024 + number, 80);
            return Flow.builder(tuple)
                    .reply(tuple.inverted())
                    .status(Status.CONFIRMED | Status.SEEN_REPLY)
                    .tcpState(state)
                    .build();
        }

        void turns(int many) {
            for (int i = 0; i < many; i++) {
                now += TURN_NANOS;
                node.doWork(now);
                deliver(toPeer, peer);
                peer.doWork(now);
                deliver(toNode, node);
            }
        }

        private void deliver(ArrayDeque<byte[]> datagrams, StateSync to) {
            for (byte[] datagram = datagrams.poll(); datagram != null; datagram = datagrams.poll()) {
                to.receive(Unpooled.wrappedBuffer(datagram), now);
            }
        }

        Map<Integer, Integer> kernels() {
            Map<Integer, Integer> states = new TreeMap<>();
            kernel.flows().forEach(flow -> note(flow, states));
            return states;
        }

        Map<Integer, Integer> own() {
            return states(node::forEachInternal);
        }

        Map<Integer, Integer> atPeer() {
            return states(peer::forEachExternal);
        }

        /** One slice over a cache. */
        @FunctionalInterface
        private interface Slices {
            int forEach(Cursor cursor, int budget, EntryVisitor visitor);
        }

        private static Map<Integer, Integer> states(Slices cache) {
            Map<Integer, Integer> states = new TreeMap<>();
            Cursor cursor = new Cursor();
            while (!cursor.isDone()) {
                cache.forEach(cursor, FLOWS, entry -> note(entry.flow(), states));
            }
            return states;
        }

        private static void note(Flow flow, Map<Integer, Integer> states) {
            states.put(flow.original().sourcePort(), flow.tcpState());
        }
    }
}
