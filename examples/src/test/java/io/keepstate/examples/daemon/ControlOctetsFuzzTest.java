// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.keepstate.examples.control.ClientInMemory;
import io.keepstate.examples.control.ControlEvent;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.ftfw.NetHeader;
import io.keepstate.node.SyncDuty;
import io.keepstate.testkit.cluster.SimulatedKernel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Whole streams of octets to the control socket, random ones and requests to which something happened, in any pieces, by
 * clients that stay, leave or say nothing; with a node behind it that the orders among them reach, and that hears its
 * peer all the while. Each connection ends once, for a reason that is counted, and the node goes on.
 */
class ControlOctetsFuzzTest {
    private static final int STREAMS = Boolean.getBoolean("keepstate.long") ? 10_000_000 : 100_000;
    private static final long SEED = 20261123;
    private static final int LONGEST = 4096;
    private static final int FLOWS = 8;
    private static final int TURNS = 40;
    private static final long MILLI = 1_000_000;
    private static final ControlRequest[] REQUESTS = ControlRequest.values();

    private final Random random = new Random(SEED);
    private final Map<ControlEvent, Long> events = new EnumMap<>(ControlEvent.class);
    private final SimulatedKernel kernel = new SimulatedKernel(SimulatedKernel.DEFAULT_EVENT_LIMIT);
    private final ArrayDeque<ByteBuf> sent = new ArrayDeque<>();
    private final SyncDuty node = SyncRequestsTest.node(1, kernel, sent);
    private final FlowEncoder encoder = new FlowEncoder(WireProfile.V1_4_7, new WireOptions(true, false));
    private final Logger log = (Logger) LoggerFactory.getLogger(ControlService.class);
    private @Nullable Level levelBefore;
    private long stops;
    private final ControlService service =
            new ControlService(new InMemory(), new ControlService.Synced(false, 60), Runnable::run, () -> stops++);
    private long now = System.nanoTime(); // as some requests have it
    private int sequence = 1000;

    /** Whatever is asked of the node is done at once. */
    private final class InMemory implements ControlService.Node {
        @Override
        public <T> T ask(Function<SyncDuty, T> question) {
            return question.apply(node);
        }

        @Override
        public boolean execute(Consumer<SyncDuty> command) {
            command.accept(node);
            return true;
        }

        @Override
        public String statistics(ControlRequest request) {
            return node.sync().stats().toString();
        }
    }

    @BeforeEach
    void start() {
        levelBefore = log.getLevel();
        log.setLevel(Level.OFF);
        node.start(now);
        for (int i = 0; i < FLOWS; i++) {
            kernel.open(flow(i));
        }
    }

    @AfterEach
    void speakAgain() {
        log.setLevel(levelBefore);
    }

    @Test
    void everyStreamOfOctetsEndsForACountedReasonAndTheNodeGoesOn() {
        for (int i = 0; i < STREAMS; i++) {
            serve(octets());
            if (i % 10 == 0) {
                peerSays(FLOWS + random.nextInt(FLOWS));
                kernel.open(flow(random.nextInt(FLOWS)));
                peerAcknowledges();
            }
        }
        assertThat(count(ControlEvent.HANDLER_FAILED)).isZero();
        assertThat(events)
                .containsKeys(
                        ControlEvent.SERVED,
                        ControlEvent.UNKNOWN_REQUEST,
                        ControlEvent.SHORT_REQUEST,
                        ControlEvent.LONG_REQUEST,
                        ControlEvent.SILENT_CLIENT,
                        ControlEvent.CLIENT_GONE);
        assertThat(count(ControlEvent.SERVED)
                        + count(ControlEvent.SHORT_REQUEST)
                        + count(ControlEvent.SILENT_CLIENT)
                        + count(ControlEvent.STALLED_CLIENT)
                        + count(ControlEvent.CLIENT_GONE))
                .as("each connection ends once: %s", events)
                .isEqualTo(STREAMS);
        assertThat(stops).isPositive();

        ClientInMemory good = client(number(ControlRequest.STATS.number()), false);
        for (int turn = 0; turn < TURNS && !good.isOver(); turn++) {
            good.doWork(now);
        }
        assertThat(good.octetsRead()).isPositive();
        node.sync().flushExternal();
        peerSays(1);
        turn();
        assertThat(node.sync().externalSize()).isEqualTo(1);
    }

    private void serve(byte[] octets) {
        ClientInMemory client = client(octets, random.nextBoolean());
        int leavesAfter = random.nextInt(4) == 0 ? random.nextInt(6) : TURNS;
        long pause = random.nextInt(8) == 0 ? 500 * MILLI : MILLI;
        for (int turn = 0; turn < 2 * TURNS && !client.isOver(); turn++) {
            if (turn == leavesAfter) {
                client.leave();
            }
            client.doWork(now);
            now += pause;
            turn();
        }
        assertThat(client.isOver()).as("the connection ended: %s", events).isTrue();
    }

    private ClientInMemory client(byte[] octets, boolean saysEnd) {
        return new ClientInMemory(octets, saysEnd, random, service, event -> events.merge(event, 1L, Long::sum), now);
    }

    private void turn() {
        if (node.nextDeadline() <= now) {
            node.doWork(now);
        }
    }

    /** Nothing but chance, or a request with something wrong about it. */
    private byte[] octets() {
        byte[] octets = new byte[random.nextInt(random.nextInt(50) == 0 ? LONGEST : 12)];
        random.nextBytes(octets);
        if (random.nextInt(3) > 0) {
            byte[] request = number(REQUESTS[random.nextInt(REQUESTS.length)].number());
            System.arraycopy(request, 0, octets, 0, Math.min(request.length, octets.length));
            if (octets.length > 0 && random.nextInt(3) == 0) {
                octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return octets;
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array();
    }

    private void peerSays(int number) {
        ByteBuf out = Unpooled.buffer(256);
        NetHeader.write(out, random.nextInt(8) == 0 ? NetHeader.CT_UPD : NetHeader.CT_NEW, 0, 0, sequence++);
        encoder.encode(flow(number), out);
        out.setShort(2, out.readableBytes());
        node.sync().receive(out, now);
    }

    /** All that was sent: otherwise it is kept. */
    private void peerAcknowledges() {
        ByteBuf last = sent.peekLast();
        if (last != null) {
            int to = NetHeader.sequence(last, last.readerIndex());
            ByteBuf out = Unpooled.buffer(NetHeader.CONTROL_LENGTH);
            NetHeader.writeControl(out, NetHeader.ACK, sequence++, to - 1000, to);
            node.sync().receive(out, now);
            sent.clear();
        }
    }

    private long count(ControlEvent event) {
        return Optional.ofNullable(events.get(event)).orElse(0L);
    }

    private static Flow flow(int number) {
        Tuple tuple = Tuple.ipv4(0xac100001, 0x0a0f0701, Protocol.TCP, 1024 + number, 443);
        return Flow.builder(tuple)
                .reply(tuple.inverted())
                .status(Status.ASSURED | Status.SEEN_REPLY | Status.CONFIRMED)
                .tcpState(TcpState.ESTABLISHED)
                .timeoutSeconds(3600)
                .build();
    }
}
