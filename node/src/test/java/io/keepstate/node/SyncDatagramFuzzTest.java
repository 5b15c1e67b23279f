// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import static io.keepstate.node.Milliseconds.ms;
import static io.keepstate.node.NodeUnderTest.flow;
import static io.keepstate.node.NodeUnderTest.injecting;
import static io.keepstate.node.NodeUnderTest.noTrack;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.cache.Cursor;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.FlowLine;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Tuple;
import io.keepstate.node.config.ExpectationSync;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.port.Completion;
import io.keepstate.node.stats.SyncStats;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any octets on the link to the peer, with the decoders, the session, the caches and the kernel's table behind them: nothing is
 * thrown, no limit is passed, and a peer that comes afterwards is understood. Half of them are a real peer's, with a few changes.
 */
class SyncDatagramFuzzTest {
    private static final int MODES = 5;
    /** In each mode. */
    private static final int DATAGRAMS = (Boolean.getBoolean("keepstate.long") ? 10_000_000 : 100_000) / MODES;

    private static final int LONGEST = 1472;
    private static final int LIMIT = 200;
    private static final int AT_ONCE = 20;
    /** Between two looks at what became of them. */
    private static final int ROUND = 2_000;

    /** In the header of a message. */
    private static final int SEQUENCE_AT = 4;

    private static final long SEED = 20_261_123L;
    /** In nobody's history: of another one the node may tell the peer that it ended. */
    private static final Flow ANOTHER = flow(999);

    private final Random random = new Random(SEED);
    private int sequence = 5_000_000;

    static Stream<SyncMode> modes() {
        return Stream.of(
                SyncMode.Ftfw.DEFAULT,
                injecting(),
                SyncMode.NoTrack.DEFAULT,
                noTrack(true, true),
                new SyncMode.Alarm(Duration.ofSeconds(2), Duration.ofSeconds(60)));
    }

    private static NodeUnderTest node(int number, SyncMode mode) {
        return new NodeUnderTest(
                number,
                settings ->
                        settings.mode(mode).expectations(ExpectationSync.ALL).flowLimit(LIMIT));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void whateverArrivesNothingIsThrownAndNoLimitIsPassed(SyncMode mode) {
        List<byte[]> good = conversation(mode);
        NodeUnderTest node = node(1, mode);
        node.start();
        for (int i = 0; i < DATAGRAMS; i++) {
            byte[] octets = random.nextBoolean() ? noise() : mutation(good.get(random.nextInt(good.size())));
            node.sync().receive(Unpooled.wrappedBuffer(octets), ms(node.now));
            if (i % AT_ONCE == 0) {
                live(node);
            }
            if (i % ROUND == 0) {
                look(node);
                order(node);
            }
        }
        SyncStats stats = node.sync().stats();
        assertThat(stats.session().malformed()).isPositive();
        assertThat(stats.refusedPayloads()).hasSizeGreaterThan(5);
        assertThat(stats.applied().get("added")).isPositive();
        assertThat(stats.applied().get("removed")).isPositive();
        isUnderstood(node, node(2, mode));
    }

    /** What a peer says from its start on, whatever it is answered. */
    private static List<byte[]> conversation(SyncMode mode) {
        NodeUnderTest peer = node(2, mode);
        List<byte[]> said = new ArrayList<>();
        peer.start();
        for (int i = 0; i < 60; i++) {
            Flow flow = kind(i);
            peer.kernel.appears(flow, ms(peer.now));
            if (i % 5 == 0) {
                peer.expectations.appears(expectation(flow), ms(peer.now));
            }
            if (i % 3 == 0) {
                peer.kernel.changes(flow, ms(peer.now));
            }
            if (i % 4 == 0) {
                peer.kernel.ends(flow, ms(peer.now));
            }
            peer.run(100);
            for (ByteBuf datagram = peer.sent.poll(); datagram != null; datagram = peer.sent.poll()) {
                said.add(ByteBufUtil.getBytes(datagram));
            }
        }
        return said;
    }

    private static Flow kind(int number) {
        Flow flow = flow(number, number % 7 == 0 ? 3 : 0);
        return number % 6 == 5
                ? flow.toBuilder()
                        .master(flow(number - 1).original())
                        .helper("ftp")
                        .build()
                : flow;
    }

    private static Expectation expectation(Flow master) {
        Tuple of = master.original();
        Tuple expected = Tuple.ipv4((int) of.destinationLow(), (int) of.sourceLow(), Protocol.TCP, 0, 1024);
        return Expectation.builder(expected, Expectation.exactMask(expected), of)
                .helper("ftp")
                .timeoutSeconds(300)
                .build();
    }

    private byte[] noise() {
        byte[] octets = new byte[random.nextInt(random.nextInt(8) == 0 ? LONGEST : 120)];
        random.nextBytes(octets);
        if (octets.length > 8 && random.nextBoolean()) { // closer to a header, to get deeper
            octets[0] = (byte) (0x10 | random.nextInt(6));
            octets[1] = 0;
            octets[2] = (byte) (octets.length >>> 8);
            octets[3] = (byte) octets.length;
        }
        return octets;
    }

    private byte[] mutation(byte[] good) {
        byte[] octets = good.clone();
        if (random.nextInt(4) > 0) { // the next message of the stream, not one that was here
            ByteBuffer.wrap(octets).putInt(SEQUENCE_AT, sequence++);
        }
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(octets, random.nextInt(octets.length + 1));
            case 1 -> Arrays.copyOf(octets, octets.length + random.nextInt(64));
            default -> octets;
        };
    }

    /** A turn, with a flow of our own that comes or goes. */
    private void live(NodeUnderTest node) {
        Flow own = flow(50_000 + random.nextInt(50));
        if (random.nextBoolean()) {
            node.kernel.appears(own, ms(node.now));
        } else {
            node.kernel.ends(own, ms(node.now));
        }
        node.run(1);
        node.sent.clear();
        node.kernel.asked.clear();
    }

    private void look(NodeUnderTest node) {
        assertThat(node.sync().externalSize()).isLessThanOrEqualTo(LIMIT);
        assertThat(node.sync().internalSize()).isLessThanOrEqualTo(LIMIT);
        assertThat(node.sync().stats().expectations().orElseThrow().external().entries())
                .isLessThanOrEqualTo(LIMIT);
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            node.sync()
                    .forEachExternal(
                            cursor,
                            LIMIT,
                            entry -> assertThat(FlowLine.format(entry.flow())).isNotEmpty());
        }
        node.log.clear();
    }

    /** What an operator may say at any time. */
    private void order(NodeUnderTest node) {
        switch (random.nextInt(6)) {
            case 0 -> node.sync().commit((taken, refused) -> {});
            case 1 -> node.sync().resyncFromKernel(Completion.IGNORED);
            case 2 -> node.sync().bulk();
            case 3 -> node.sync().requestResync("asked for", ms(node.now));
            case 4 -> node.sync().flushExternal();
            default -> node.sync().flushKernel((deleted, failure) -> {});
        }
        node.kernel.flows.clear();
        node.expectations.all.clear();
    }

    private static void isUnderstood(NodeUnderTest node, NodeUnderTest peer) {
        node.sync().flushExternal();
        node.kernel.flows.clear();
        peer.now = node.now;
        peer.kernel.flows.put(ANOTHER.key(), ANOTHER);
        peer.start();
        NodeUnderTest.talk(node, peer, 30_000);
        Set<FlowKey> known = new HashSet<>(node.kernel.flows.keySet());
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            node.sync()
                    .forEachExternal(
                            cursor, LIMIT, entry -> known.add(entry.flow().key()));
        }
        assertThat(known).contains(ANOTHER.key());
    }
}
