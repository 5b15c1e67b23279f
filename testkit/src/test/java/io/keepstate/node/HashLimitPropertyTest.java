// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryStatus;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.event.LimitReached;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.stats.SyncStats;
import io.keepstate.node.sync.StateSync;
import io.keepstate.testkit.cluster.SimulatedKernel;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/**
 * HashLimit under any history: flows come, change and end, more of them than there is room for; the peer goes, so that its
 * resend queue fills and deleted flows wait; events are lost. The number of flows that are not protected is exact all the
 * time, what found no room is tried again, and the log says it once.
 */
class HashLimitPropertyTest {
    private static final int LIMIT = 64;
    private static final int FLOWS = 240;
    /** Flows at the start, so that a history comes to the limit soon. */
    private static final int PRESENT = 60;

    private static final int RESEND_QUEUE = 16;
    /** Events that the kernel's buffer holds. */
    private static final int EVENTS = 16;

    private static final long TURN_NANOS = 50_000_000L;
    /** Until lost events are made good, refused flows tried again, and a peer that was away told. */
    private static final int SETTLED = 900;
    /** The log is silent so long about a limit that it spoke of. */
    private static final int TURNS_OF_SILENCE = 1200;

    private enum Action {
        OPEN,
        CHANGE,
        CLOSE,
        WAIT,
        PEER_GOES,
        PEER_COMES,
        /** {@code conntrackd -R}. */
        REREAD
    }

    private record Step(Action action, int number) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Action> actions = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(12, Action.OPEN),
                net.jqwik.api.Tuple.of(4, Action.CHANGE),
                net.jqwik.api.Tuple.of(11, Action.CLOSE),
                net.jqwik.api.Tuple.of(3, Action.WAIT),
                net.jqwik.api.Tuple.of(5, Action.PEER_GOES),
                net.jqwik.api.Tuple.of(1, Action.PEER_COMES),
                net.jqwik.api.Tuple.of(1, Action.REREAD));
        return Combinators.combine(actions, Arbitraries.integers().between(0, FLOWS - 1))
                .as(Step::new)
                .list()
                .ofMinSize(200)
                .ofMaxSize(500);
    }

    @Property(tries = 120, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void whatIsNotProtectedIsCountedToTheFlowAndTriedAgain(@ForAll("histories") List<Step> history) {
        Pair pair = new Pair();
        history.forEach(pair::apply);
        boolean resendQueueWasFull = pair.resendQueueWasFull;
        boolean deletedWaited = pair.deletedWaitedWithoutRefusal;
        pair.reachable = true;
        pair.turns(SETTLED);
        pair.checkSettled();
        occurs("a flow was refused", pair.stats().internal().createFailedFull() > 0);
        occurs("events were lost", pair.stats().kernel().overruns() > 0);
        occurs("the resend queue was full", resendQueueWasFull);
        occurs("deleted flows beyond the limit waited and kept nothing out", deletedWaited);
    }

    private static void occurs(String what, boolean now) {
        Statistics.label(what)
                .collect(now)
                .coverage(coverage -> coverage.check(true).count(times -> times > 0));
    }

    /** A node at its limit, and a peer with room. */
    private static final class Pair {
        private final SimulatedKernel kernel = new SimulatedKernel(EVENTS);
        private final ArrayDeque<byte[]> toPeer = new ArrayDeque<>();
        private final ArrayDeque<byte[]> toNode = new ArrayDeque<>();
        private final List<NodeEvent> said = new ArrayList<>();
        private final StateSync node = sync(1, LIMIT, kernel, toPeer, said);
        private final StateSync peer =
                sync(2, 1000, new SimulatedKernel(SimulatedKernel.DEFAULT_EVENT_LIMIT), toNode, new ArrayList<>());
        private boolean reachable = true;
        private boolean resendQueueWasFull;
        private boolean deletedWaitedWithoutRefusal;
        private boolean eventsLost;
        private int turns;
        private long now = 1_000_000_000_000L;

        Pair() {
            node.start(now);
            peer.start(now);
            turns(100);
            for (int number = 0; number < PRESENT; number++) {
                kernel.open(flow(tuple(number), TcpState.ESTABLISHED));
                turns(number % 8 == 0 ? 1 : 0);
            }
        }

        private static StateSync sync(
                int number, int limit, SimulatedKernel kernel, ArrayDeque<byte[]> out, List<NodeEvent> said) {
            SyncConfiguration configuration = SyncConfiguration.builder(
                            PeerLink.between("10.0.0." + number, "10.0.0." + (3 - number)))
                    .mode(SyncMode.Ftfw.DEFAULT.withWindows(8, RESEND_QUEUE))
                    .flowLimit(limit)
                    .build();
            return new StateSync(
                    configuration,
                    kernel,
                    datagram -> out.add(ByteBufUtil.getBytes(datagram)),
                    said::add,
                    1500,
                    1_790_000_000L + number,
                    number);
        }

        void apply(Step step) {
            Tuple tuple = tuple(step.number());
            FlowKey key = new FlowKey(tuple, 0);
            switch (step.action()) {
                case OPEN -> {
                    if (!kernel.holds(key)) {
                        kernel.open(flow(tuple, TcpState.SYN_SENT));
                    }
                }
                case CHANGE -> kernel.change(flow(tuple, TcpState.ESTABLISHED));
                case CLOSE -> kernel.close(key);
                case WAIT -> turns(1 + step.number() / 2);
                case PEER_GOES -> reachable = false;
                case PEER_COMES -> reachable = true;
                case REREAD -> node.resyncFromKernel(failure -> {});
            }
        }

        private static Tuple tuple(int number) {
            return Tuple.ipv4(0xac100001, 0x0a0f0701, Protocol.TCP, 1024 + number, 80);
        }

        private static Flow flow(Tuple tuple, int state) {
            return Flow.builder(tuple)
                    .reply(tuple.inverted())
                    .status(Status.CONFIRMED | Status.SEEN_REPLY)
                    .tcpState(state)
                    .build();
        }

        void turns(int many) {
            for (int i = 0; i < many; i++) {
                turns++;
                now += TURN_NANOS;
                node.doWork(now);
                peer.doWork(now);
                deliver(toPeer, peer);
                deliver(toNode, node);
                check();
            }
        }

        private void deliver(ArrayDeque<byte[]> datagrams, StateSync to) {
            for (byte[] datagram = datagrams.poll(); datagram != null; datagram = datagrams.poll()) {
                if (reachable) {
                    to.receive(Unpooled.wrappedBuffer(datagram), now);
                }
            }
        }

        SyncStats stats() {
            return node.stats();
        }

        /** Every event was read: what is not in the cache is counted, and nothing else is. */
        private void check() {
            SyncStats stats = stats();
            eventsLost |= stats.kernel().overruns() > 0;
            resendQueueWasFull |= stats.session().rsObjects() == RESEND_QUEUE;
            deletedWaitedWithoutRefusal |= stats.internal().createFailedFull() == 0
                    && stats.internal().entries() + stats.internal().deletedWaiting() > LIMIT;
            assertThat(node.internalSize()).isLessThanOrEqualTo(LIMIT);
            if (!eventsLost) {
                checkNumbers(stats);
            }
        }

        private void checkNumbers(SyncStats stats) {
            int flows = kernel.flows().size();
            long without = stats.unprotected().get("no_room");
            assertThat(node.internalSize() + without)
                    .as("flows that are known of")
                    .isEqualTo(flows);
            assertThat(stats.protectedRatio()).isEqualTo(flows == 0 ? 1 : (double) (flows - without) / flows);
        }

        void checkSettled() {
            SyncStats stats = stats();
            checkNumbers(stats);
            assertThat(node.internalSize())
                    .as("no room is left unused, whatever waits to be acknowledged")
                    .isEqualTo(Math.min(LIMIT, kernel.flows().size()));
            assertThat(keys(peer, false)).as("what the peer knows").isEqualTo(keys(node, true));
            long times = said.stream()
                    .filter(event ->
                            event instanceof LimitReached limit && limit.limit().startsWith("internal cache"))
                    .count();
            if (stats.internal().createFailedFull() == 0) {
                assertThat(times).isZero();
            } else {
                assertThat(times).isBetween(1L, 1L + turns / TURNS_OF_SILENCE);
            }
        }

        private static Set<FlowKey> keys(StateSync sync, boolean internal) {
            Set<FlowKey> keys = new HashSet<>();
            Cursor cursor = new Cursor();
            while (!cursor.isDone()) {
                if (internal) {
                    sync.forEachInternal(cursor, 100, entry -> {
                        if (entry.status() != EntryStatus.DEAD) {
                            keys.add(entry.flow().key());
                        }
                    });
                } else {
                    sync.forEachExternal(
                            cursor, 100, entry -> keys.add(entry.flow().key()));
                }
            }
            return keys;
        }
    }
}
