// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.ftfw.NetHeader;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.stats.InjectionSnapshot;
import io.keepstate.node.sync.StateSync;
import io.keepstate.testkit.cluster.SimulatedKernel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * {@code DisableExternalCache}: a peer tells faster than the kernel takes, every kind of message in any order, as a
 * conntrackd does with its whole table. What the kernel has in the end is what the peer has.
 */
class InjectionBurstTest {
    private static final long SEED = 20261123;
    private static final int MESSAGES = Boolean.getBoolean("keepstate.long") ? 1_000_000 : 20_000;
    /** What the loop takes from its socket before the kernel has its turn: a hundred datagrams. */
    private static final int MESSAGES_A_TURN = 1_900;

    private static final int MESSAGES_A_DATAGRAM = 19;
    private static final int WRITES_A_TURN = 1_024;
    private static final long TURN_NANOS = 1_000_000L;

    private final Random random = new Random(SEED);
    private final SimulatedKernel kernel = new SimulatedKernel(SimulatedKernel.DEFAULT_EVENT_LIMIT);
    private final List<NodeEvent> said = new ArrayList<>();
    private final FlowEncoder encoder = new FlowEncoder(WireProfile.V1_4_7, new WireOptions(true, false));
    private final ByteBuf datagram = Unpooled.buffer(8192);
    /** What the peer has. */
    private final Map<FlowKey, Flow> truth = new HashMap<>();

    private long now = 1_000_000_000_000L;
    private int sequence = 1_000;
    private int asked;

    private StateSync node(int flowLimit) {
        SyncConfiguration configuration = SyncConfiguration.builder(PeerLink.between("10.0.0.1", "10.0.0.2"))
                .mode(new SyncMode.NoTrack(false, true, false))
                .flowLimit(flowLimit)
                .build();
        StateSync node = new StateSync(configuration, kernel, this::hear, said::add, 1500, 1_790_000_000L, SEED);
        node.start(now);
        kernel.writesATurn(WRITES_A_TURN);
        return node;
    }

    /** What the node sends. */
    private boolean hear(ByteBuf sent) {
        boolean control = NetHeader.type(sent, sent.readerIndex()) == NetHeader.CTL;
        asked += control && (sent.getByte(sent.readerIndex() + 1) & NetHeader.RESYNC) != 0 ? 1 : 0;
        return true;
    }

    @Test
    void aBurstOfEveryKindOfMessageLosesNothing() {
        int flows = MESSAGES * 2 / 5;
        StateSync node = node(Math.max(262_144, MESSAGES));
        for (int told = 0; told < MESSAGES; told += MESSAGES_A_TURN) {
            for (int i = 0; i < Math.min(MESSAGES_A_TURN, MESSAGES - told); i++) {
                tellAnything(node, random.nextInt(flows));
            }
            flush(node);
            turn(node);
        }
        turnsUntilIdle(node);
        assertThat(marks(kernel.flows())).isEqualTo(marks(truth.values()));
        InjectionSnapshot counts = node.stats().injection().orElseThrow();
        assertThat(counts.createFailed() + counts.updateFailed() + counts.destroyFailed())
                .isZero();
        assertThat(counts.created() + counts.updated() + counts.destroyed()).isEqualTo(MESSAGES);
        assertThat(List.of(counts.created(), counts.updated(), counts.destroyed()))
                .allMatch(count -> count > MESSAGES / 10);
        assertThat(asked).isZero();
    }

    /** A flow that goes and comes is there; one that comes and goes is not. */
    @Test
    void theOrderOfWhatIsToldOfOneFlowIsKept() {
        StateSync node = node(Math.max(262_144, MESSAGES));
        for (int i = 0; i < MESSAGES; i++) {
            tellAnything(node, random.nextInt(5));
        }
        flush(node);
        turnsUntilIdle(node);
        assertThat(marks(kernel.flows())).isEqualTo(marks(truth.values()));
    }

    @Test
    void whatFindsNoRoomIsCountedAndAskedForOnceThereIsRoom() {
        int flows = 800;
        StateSync node = node(1_000);
        for (int i = 0; i < 20_000; i++) {
            tellAnything(node, random.nextInt(flows));
        }
        flush(node);
        for (int turns = 0; turns < 100; turns++) {
            turn(node);
        }
        InjectionSnapshot counts = node.stats().injection().orElseThrow();
        long lost = counts.createFailed() + counts.updateFailed() + counts.destroyFailed();
        assertThat(lost).isPositive().isEqualTo(node.stats().applied().get("full"));
        assertThat(counts.created() + counts.updated() + counts.destroyed()).isEqualTo(20_000 - lost);
        assertThat(asked).isEqualTo(1);
        assertThat(said)
                .extracting(NodeEvent::text)
                .filteredOn(line -> line.contains("is full"))
                .hasSize(1)
                .allMatch(line -> line.contains("into the kernel"));

        truth.values().forEach(flow -> tell(node, NetHeader.CT_NEW, flow));
        flush(node);
        for (int turns = 0; turns < 20_000; turns++) {
            turn(node);
        }
        assertThat(marks(kernel.flows())).containsAllEntriesOf(marks(truth.values()));
        assertThat(node.stats().kernel().resyncRequests())
                .as("nothing was lost again")
                .isEqualTo(1);
    }

    private void tellAnything(StateSync node, int number) {
        Flow flow = flow(number);
        boolean known = truth.containsKey(flow.key());
        if (known && random.nextInt(3) == 0) {
            truth.remove(flow.key());
            tell(node, NetHeader.CT_DEL, flow);
        } else {
            truth.put(flow.key(), flow);
            tell(node, known ? NetHeader.CT_UPD : NetHeader.CT_NEW, flow);
        }
    }

    /** Every telling of a flow is told apart by its mark. */
    private Flow flow(int number) {
        Tuple tuple = Tuple.ipv4(0xac100001 + number / 50_000, 0x0a0f0701, Protocol.TCP, 1024 + number % 50_000, 443);
        return Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                .tcpState(TcpState.ESTABLISHED)
                .timeoutSeconds(600)
                .mark(sequence)
                .build();
    }

    private void tell(StateSync node, int type, Flow flow) {
        int start = datagram.writerIndex();
        NetHeader.write(datagram, type, 0, 0, sequence++);
        encoder.encode(flow, datagram);
        NetHeader.set(datagram, start, type, 0, datagram.writerIndex() - start, sequence - 1);
        if (sequence % MESSAGES_A_DATAGRAM == 0) {
            flush(node);
        }
    }

    private void flush(StateSync node) {
        if (datagram.isReadable()) {
            node.receive(datagram, now);
            datagram.clear();
        }
    }

    private void turn(StateSync node) {
        now += TURN_NANOS;
        node.doWork(now);
    }

    private void turnsUntilIdle(StateSync node) {
        boolean[] done = new boolean[1];
        node.commit((taken, refused) -> done[0] = true);
        for (int turns = 0; !done[0]; turns++) {
            assertThat(turns).isLessThan(MESSAGES);
            turn(node);
        }
    }

    /** The telling of each flow that counts. */
    private static Map<FlowKey, Long> marks(Collection<Flow> flows) {
        Map<FlowKey, Long> marks = new HashMap<>();
        flows.forEach(flow -> marks.put(flow.key(), flow.get(Attribute.MARK)));
        return marks;
    }
}
