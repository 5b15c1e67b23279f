// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabCable;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.TcpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every transport on a real kernel: two namespaces, one cable, both families. */
@ExtendWith(LabExtension.class)
class ChannelsKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PORT = 3780;
    private static final Optional<String> CABLE = Optional.of("sync");

    private LabNamespace a;
    private LabNamespace b;

    @BeforeEach
    void cable(Lab lab) {
        LabCable cable = LabCable.lay(lab, "sync", "10.0.0.%d/24", "2001:db8::%d/64");
        a = cable.a();
        b = cable.b();
        a.address("sync", "fe80::a/64");
        b.address("sync", "fe80::b/64");
    }

    private static TcpChannelConfig tcp(String local, String peer, int buffer, int errorQueue) {
        return new TcpChannelConfig(
                Endpoint.of(local, PORT), Endpoint.of(peer, PORT), CABLE, buffer, buffer, errorQueue);
    }

    private static ChannelConfig config(String transport, String local, String peer) {
        return switch (transport) {
            case "UDP" ->
                new UdpChannelConfig(
                        Endpoint.of(local, PORT), Endpoint.of(peer, PORT), CABLE, 1 << 18, 1 << 18, true, false);
            case "TCP" -> tcp(local, peer, 0, 128);
            default ->
                new MulticastChannelConfig(
                        Endpoint.of(peer, PORT),
                        local.contains(":") ? Optional.empty() : Optional.of(Endpoint.of(local, 0)),
                        CABLE,
                        1 << 18,
                        1 << 18,
                        true);
        };
    }

    private LinkedNode node(Lab lab, LabNamespace machine, ChannelConfig config) {
        return lab.closing(new LinkedNode(machine, config));
    }

    private static void turnUntil(BooleanSupplier condition, String what, LinkedNode... nodes) {
        Lab.eventually(
                PATIENCE,
                () -> {
                    for (int i = 0; i < 5 && !condition.getAsBoolean(); i++) {
                        for (LinkedNode node : nodes) {
                            node.turn();
                        }
                    }
                    return condition.getAsBoolean();
                },
                what);
    }

    @ParameterizedTest
    @CsvSource({
        "UDP, 10.0.0.1, 10.0.0.2, 1472",
        "UDP, 2001:db8::1, 2001:db8::2, 1452",
        "UDP, fe80::a, fe80::b, 1452",
        "multicast, 10.0.0.1, 10.0.0.2, 1472",
        "multicast, 2001:db8::1, 2001:db8::2, 1452",
        "TCP, 10.0.0.1, 10.0.0.2, 1460",
        "TCP, fe80::a, fe80::b, 1440",
    })
    void twoSessionsTellEachOtherAllTheyHave(String transport, String one, String other, int size, Lab lab) {
        boolean toGroup = transport.equals("multicast");
        String group = one.contains(":") ? "ff02::50" : "225.0.0.50";
        LinkedNode left = node(lab, a, config(transport, one, toGroup ? group : other));
        LinkedNode right = node(lab, b, config(transport, other, toGroup ? group : one));
        assertThat(left.links.datagramSize()).isEqualTo(size);
        left.offer(0, 3_000);
        right.offer(10_000, 11_000);

        turnUntil(
                () -> right.known.size() == 3_000 && left.known.size() == 1_000, "each knows everything", left, right);

        for (LinkedNode node : new LinkedNode[] {left, right}) {
            assertThat(node.session.stats().malformed()).isZero();
            assertThat(node.failures()).isZero();
            assertThat(node.stats(0).sendErrors()).isZero();
            assertThat(node.stats(0).unexpectedSource()).isZero();
        }
        assertThat(right.stats(0).bytesReceived())
                .isLessThanOrEqualTo(left.stats(0).bytesSent());
        if (transport.equals("TCP")) {
            assertThat(left.tcp().clientConnected() && left.tcp().serverConnected())
                    .isTrue();
            assertThat(right.outOfOrder).as("a stream keeps its order").isZero();
        } else {
            assertThat(left.stats(0).packetsSent()).isGreaterThan(100);
        }
    }

    /** Buffers of a few kilobytes make nearly every write one in part. */
    @Test
    void writesInPartAreFinishedAndNothingIsLostOrReordered(Lab lab) {
        LinkedNode left = node(lab, a, tcp("10.0.0.1", "10.0.0.2", 2048, 4));
        LinkedNode right = node(lab, b, tcp("10.0.0.2", "10.0.0.1", 2048, 4));
        left.offer(0, 5_000);
        // The reader is slow: the writer's buffers are full most of the time.
        turnUntil(() -> right.known.size() == 5_000, "everything arrives", left, left, left, right);
        assertThat(left.stats(0).sendDeferred())
                .as("times the writer had to wait")
                .isPositive();
        assertThat(left.tcp().queueLost()).isZero();
        assertThat(right.session.stats().malformed()).isZero();
        assertThat(right.tcp().desynchronised()).isZero();
        assertThat(right.session.stats().gaps()).isZero();
        assertThat(right.outOfOrder).isZero();
    }

    @Test
    void aPeerThatRestartsIsConnectedAgainAndWhatWaitsIsBounded(Lab lab) {
        LinkedNode left = node(lab, a, tcp("10.0.0.1", "10.0.0.2", 0, 8));
        LinkedNode right = node(lab, b, tcp("10.0.0.2", "10.0.0.1", 0, 8));
        left.offer(0, 500);
        turnUntil(() -> right.known.size() == 500, "everything arrives", left, right);
        right.close();
        turnUntil(() -> !left.tcp().clientConnected(), "the end of the connection is seen", left);
        left.offer(500, 2_500); // far more than eight chunks
        turnUntil(() -> left.tcp().queueLost() > 0, "the error queue overflows", left);
        assertThat(left.tcp().queued()).isEqualTo(8);
        assertThat(left.stats(0).sendErrors()).isGreaterThanOrEqualTo(left.tcp().queueLost());

        LinkedNode again = node(lab, b, tcp("10.0.0.2", "10.0.0.1", 0, 8));
        again.offer(10_000, 10_100);
        turnUntil(() -> left.known.size() == 100, "the new one is heard", left, again);
        left.offer(0, 2_500); // what the owner of the caches does when it hears of a restart
        turnUntil(() -> again.known.size() == 2_500, "it knows everything", left, again);
        assertThat(left.tcp().connects()).isGreaterThanOrEqualTo(2);
        assertThat(again.session.stats().malformed()).isZero();
    }

    /** Somebody connects, says half a message, and is there until the peer connects again: as conntrackd, one at a time. */
    @Test
    void aSecondConnectionEndsTheFirstAndHalfAMessageSpoilsNothing(Lab lab) throws Exception {
        LinkedNode left = node(lab, a, tcp("10.0.0.1", "10.0.0.2", 0, 128));
        LinkedNode right = node(lab, b, tcp("10.0.0.2", "10.0.0.1", 0, 128));
        left.offer(0, 100);
        turnUntil(() -> right.known.size() == 100, "everything arrives", left, right);

        TcpConnection stranger = lab.closing(a.call(() -> TcpConnection.connect(Endpoint.of("10.0.0.2", PORT), 0)));
        ByteBuf half = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(20));
        half.setInt(0, 0x10000080);
        turnUntil(() -> right.tcp().kicked() == 1, "the peer's connection gives way", right);
        assertThat(stranger.send(half)).isEqualTo(20);
        left.offer(100, 300);
        turnUntil(() -> right.known.size() == 300, "the peer connected again", left, right);
        assertThat(right.tcp().kicked()).isEqualTo(2);
        assertThat(right.session.stats().malformed()).isZero();
        assertThat(right.tcp().desynchronised()).isZero();

        TcpConnection garbage = lab.closing(a.call(() -> TcpConnection.connect(Endpoint.of("10.0.0.2", PORT), 0)));
        turnUntil(() -> right.tcp().kicked() == 3, "and once more", right);
        half.setInt(0, 0x10000003);
        assertThat(garbage.send(half)).isEqualTo(20);
        left.offer(300, 400);
        turnUntil(() -> right.known.size() == 400, "garbage ends its own connection only", left, right);
        assertThat(right.tcp().desynchronised()).isEqualTo(1);
        assertThat(right.stats(0).receiveErrors()).isEqualTo(1);
        assertThat(right.session.stats().malformed()).isZero();
    }

    @Test
    void whatCannotBeOpenedIsOneSentenceThatSaysWhatWhereAndHowToFixIt(Lab lab) {
        refused(
                a,
                config("UDP", "10.9.9.9", "10.0.0.2"),
                "10.9.9.9 is no address of this machine: add it to interface sync");
        refused(
                a,
                config("TCP", "10.9.9.9", "10.0.0.2"),
                "10.9.9.9 is no address of this machine: add it to interface sync");
        refused(a, config("multicast", "10.9.9.9", "225.0.0.50"), "10.9.9.9 is no address of this machine");
        for (String transport : new String[] {"UDP", "TCP"}) {
            lab.closing(a.get(() -> config(transport, "10.0.0.1", "10.0.0.2").open()));
            refused(
                    a,
                    config(transport, "10.0.0.1", "10.0.0.2"),
                    transport + " port 3780 of 10.0.0.1 is in use: stop the other program");
        }
        lab.closing(a.get(() -> config("multicast", "10.0.0.1", "225.0.0.50").open()));
        refused(a, config("multicast", "10.0.0.1", "225.0.0.50"), "multicast port 3780 of 225.0.0.50 is in use");
        refused(
                a,
                new TcpChannelConfig(
                        Endpoint.of("10.0.0.1", 1), Endpoint.of("10.0.0.2", 1), Optional.of("nowhere"), 0, 0, 1),
                "there is no interface nowhere here; create it before the start, or correct the name");
        b.run("ip", "link", "set", "sync", "mtu", "140");
        refused(b, config("UDP", "10.0.0.2", "10.0.0.1"), "interface sync has an MTU of 140, too small");
        assertThatThrownBy(() -> config("multicast", "10.0.0.1", "10.0.0.2"))
                .hasMessageContaining("no multicast address");
    }

    private static void refused(LabNamespace machine, ChannelConfig config, String sentence) {
        assertThatThrownBy(() -> machine.get(config::open))
                .isInstanceOf(ChannelOpenException.class)
                .hasMessageContaining(sentence);
    }
}
