// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.FtfwConfig;
import io.keepstate.ftfw.FtfwSession;
import io.keepstate.ftfw.Receiver;
import io.keepstate.ftfw.SessionSignal;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabCable;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The UDP link on a real kernel: two namespaces, one cable, IPv4 and IPv6. */
@ExtendWith(LabExtension.class)
class UdpChannelKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LabNamespace a;
    private LabNamespace b;

    @BeforeEach
    void cable(Lab lab) {
        LabCable cable = LabCable.lay(lab, "sync", "10.0.0.%d/24", "2001:db8::%d/64");
        a = cable.a();
        b = cable.b();
    }

    private static UdpChannelConfig config(String local, String destination, boolean checksum, boolean onlyPeer) {
        return new UdpChannelConfig(
                Endpoint.of(local, 3780),
                Endpoint.of(destination, 3780),
                Optional.of("sync"),
                1 << 18,
                1 << 18,
                checksum,
                onlyPeer);
    }

    private static UdpChannel open(Lab lab, LabNamespace in, UdpChannelConfig config) {
        return lab.closing(in.get(() -> UdpChannel.open(config)));
    }

    private static ByteBuf octets(String hex) {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex);
        return Unpooled.wrappedBuffer(
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }

    private static void receiveInto(UdpChannel channel, List<String> received) {
        channel.receive((datagram, high, low, port, now) -> received.add(ByteBufUtil.hexDump(datagram)), 100, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.2, true",
        "10.0.0.1, 10.0.0.2, false",
        "2001:db8::1, 2001:db8::2, true",
        "2001:db8::1, 2001:db8::2, false"
    })
    void datagramsArriveAndAreCountedOnBothSides(String one, String other, boolean checksum, Lab lab) {
        UdpChannel left = open(lab, a, config(one, other, checksum, true));
        UdpChannel right = open(lab, b, config(other, one, checksum, true));
        assertThat(left.datagramSize()).isEqualTo(one.contains(":") ? 1452 : 1472);
        List<String> received = new ArrayList<>();
        Lab.eventually(
                PATIENCE,
                () -> {
                    left.send(octets("1a300008deadbeef")); // again: address resolution and DAD may eat the first
                    receiveInto(right, received);
                    return !received.isEmpty();
                },
                "a datagram arrives");
        assertThat(received).containsOnly("1a300008deadbeef");
        assertThat(left.stats().packetsSent()).isPositive();
        assertThat(left.stats().bytesSent()).isEqualTo(8 * left.stats().packetsSent());
        assertThat(right.stats().bytesReceived()).isEqualTo(8L * received.size());
        assertThat(right.stats().unexpectedSource()).isZero();
    }

    @Test
    void aDatagramOfAnotherSourceIsCountedAndDroppedIfSoConfigured(Lab lab) {
        a.address("sync", "10.0.0.9/24");
        UdpChannel strict = open(lab, b, config("10.0.0.2", "10.0.0.9", true, true));
        UdpChannel sender = open(lab, a, config("10.0.0.1", "10.0.0.2", true, false));
        List<String> received = new ArrayList<>();
        Lab.eventually(
                PATIENCE,
                () -> {
                    sender.send(octets("00"));
                    receiveInto(strict, received);
                    return strict.stats().unexpectedSource() > 0;
                },
                "the stranger is counted");
        assertThat(received).isEmpty();
    }

    @Test
    void whileThereIsNoWayToThePeerNothingIsTakenAndEachAttemptCounts(Lab lab) {
        UdpChannel channel = open(lab, a, config("10.0.0.1", "10.0.0.2", true, false));
        a.down("sync");
        assertThat(channel.send(octets("00"))).isFalse();
        assertThat(channel.stats().sendErrors()).isEqualTo(1);
        a.up("sync");
        Lab.eventually(PATIENCE, () -> channel.send(octets("00")), "the way is there again");
    }

    @Test
    void whatCannotBeOpenedSaysWhatIsWrongAndHowToFixIt(Lab lab) {
        UdpChannelConfig foreign = config("10.9.9.9", "10.0.0.2", true, false);
        assertThatThrownBy(() -> open(lab, a, foreign))
                .isInstanceOf(ChannelOpenException.class)
                .hasMessageContaining("10.9.9.9")
                .hasMessageContaining("no address of this machine");
        UdpChannelConfig missing = new UdpChannelConfig(
                Endpoint.of("10.0.0.1", 3780),
                Endpoint.of("10.0.0.2", 3780),
                Optional.of("nowhere"),
                0,
                0,
                true,
                false);
        assertThatThrownBy(() -> open(lab, a, missing))
                .isInstanceOf(ChannelOpenException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void closingTwiceIsHarmless(Lab lab) {
        UdpChannel channel = open(lab, a, config("10.0.0.1", "10.0.0.2", true, false));
        channel.close();
        channel.close();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 10.0.0.2", "2001:db8::1, 2001:db8::2"})
    void twoSessionsExchangeTheirObjectsOverTheLink(String one, String other, Lab lab) {
        Objects left = new Objects(open(lab, a, config(one, other, true, true)), 0, 1_000);
        Objects right = new Objects(open(lab, b, config(other, one, true, true)), 1_000, 1_500);
        Lab.eventually(
                PATIENCE,
                () -> {
                    left.cycle();
                    right.cycle();
                    return left.known.size() == 500 && right.known.size() == 1_000;
                },
                "both sides know everything");
        assertThat(left.session.isHelloDone()).isTrue();
        assertThat(right.session.stats().malformed()).isZero();
    }

    /** A node whose objects are numbers. */
    private static final class Objects implements Encoder, Receiver {
        final FtfwSession session;
        final Set<Long> known = new TreeSet<>();
        private final UdpChannel channel;
        private final DatagramSink sink;
        private final DatagramHandler toSession;

        Objects(UdpChannel channel, long from, long to) {
            this.channel = channel;
            this.sink = channel;
            this.session = new FtfwSession(
                    FtfwConfig.defaults().withMtu(channel.datagramSize() + FtfwConfig.HEADER_ESTIMATE), 1_000_000);
            this.toSession = (datagram, high, low, port, now) -> session.receive(datagram, now, this, this);
            for (long handle = from; handle < to; handle++) {
                session.enqueue(handle);
            }
        }

        void cycle() {
            channel.receive(toSession, 100, System.nanoTime());
            session.onDeadline(System.nanoTime(), this);
            session.transmit(System.nanoTime(), this, sink, 200);
        }

        @Override
        public int encode(long handle, ByteBuf out) {
            out.writeLong(handle);
            return 0;
        }

        @Override
        public void released(long handle) {}

        @Override
        public boolean onMessage(int type, ByteBuf payload) {
            known.add(payload.readLong());
            return true;
        }

        @Override
        public void onResyncRequested() {}

        @Override
        public void onSignal(SessionSignal signal) {}
    }
}
