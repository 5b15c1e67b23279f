// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.socket.PacketSocket;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One socket on a real interface, its peer a packet socket that can say anything. */
@ExtendWith(LabExtension.class)
class AdvertisementSocketKernelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final IpAddress PEER = IpAddress.parse("10.9.0.2");
    private static final IpAddress PEER6 = IpAddress.parse("fe80::2");
    private static final long NOW = 1_000_000_000L;

    private Lab lab;
    private LabNamespace host;
    private LabNamespace peer;
    private PacketSocket voice;

    @BeforeEach
    void cable(Lab given) {
        lab = given;
        host = lab.namespace("host");
        peer = lab.namespace("peer");
        lab.veth(host, "eth0", peer, "eth0");
        host.address("eth0", "10.9.0.1/24");
        peer.address("eth0", "10.9.0.2/24");
        voice = peer.get(PacketSocket::openSender);
        lab.closing(() -> peer.network().run(voice::close));
    }

    @Test
    void bad_packets_are_counted_by_reason_and_move_no_timer_and_good_ones_are_heard() {
        AdvertisementSocket socket = open(AddressFamily.IPV4);
        VirtualRouter router = router(AddressFamily.IPV4, effect -> {});
        socket.add(router);
        router.start(NOW);
        long before = router.nextDeadline();
        say(it -> it.setByte(14 + 8, 254));
        say(it -> it.setByte(14 + 20 + 6, it.getByte(14 + 20 + 6) ^ 1));
        say(it -> it.setByte(14 + 20, 0x21));
        say(it -> it.setByte(14 + 20 + 1, 52));
        say(it -> it.setByte(14 + 20 + 3, 7));
        awaitTotal(socket, router, 5);
        assertThat(socket.rejects().get(RejectReason.WRONG_VRID)).isEqualTo(1);
        assertThat(socket.rejects(router).get(RejectReason.BAD_TTL)).isEqualTo(1);
        assertThat(socket.rejects(router).get(RejectReason.BAD_CHECKSUM)).isEqualTo(1);
        assertThat(socket.rejects(router).get(RejectReason.LENGTH_MISMATCH)).isEqualTo(2);
        assertThat(router.nextDeadline()).isEqualTo(before);

        say(it -> {});
        Lab.eventually(PATIENCE, () -> receive(socket) && router.counters().advertsReceived() == 1, "the good one");
        assertThat(router.nextDeadline()).isGreaterThan(before);
        assertThat(router.activeRouter()).isEqualTo(PEER);
    }

    @Test
    void the_hop_limit_of_ipv6_is_checked() {
        AdvertisementSocket socket = open(AddressFamily.IPV6);
        VirtualRouter router = router(AddressFamily.IPV6, effect -> {});
        socket.add(router);
        router.start(NOW);
        say6(254);
        awaitTotal(socket, router, 1);
        assertThat(socket.rejects(router).get(RejectReason.BAD_TTL)).isEqualTo(1);
        assertThat(router.counters().advertsReceived()).isZero();
        say6(255);
        Lab.eventually(PATIENCE, () -> receive(socket) && router.counters().advertsReceived() == 1, "the good one");
        assertThat(router.activeRouter()).isEqualTo(PEER6);
    }

    @Test
    void it_does_not_hear_itself_and_a_send_without_link_is_counted() {
        AdvertisementSocket socket = open(AddressFamily.IPV4);
        VirtualRouter router = router(AddressFamily.IPV4, effect -> {
            if (effect instanceof Effect.SendAdvertisement send) {
                socket.send(send.router(), send.advertisement());
            }
        });
        socket.add(router);
        host.network().run(() -> {
            router.start(NOW);
            router.advance(router.nextDeadline());
        });
        assertThat(router.state()).isEqualTo(State.ACTIVE);
        assertThat(socket.sendErrors()).isZero();
        receive(socket);
        assertThat(router.counters().advertsReceived()).isZero();
        host.down("eth0");
        host.network().run(() -> router.advance(router.nextDeadline()));
        assertThat(socket.sendErrors()).isEqualTo(1);
        assertThat(router.state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void what_is_gathered_leaves_at_the_flush_and_one_that_waits_is_not_written_over() {
        AdvertisementSocket socket = open(AddressFamily.IPV4);
        List<Advertisement> said = new ArrayList<>();
        VirtualRouter router = router(AddressFamily.IPV4, effect -> {
            if (effect instanceof Effect.SendAdvertisement send) {
                said.add(send.advertisement());
            }
        });
        socket.add(router);
        host.get(() -> {
            socket.rehearse();
            return null;
        });
        router.start(NOW);
        router.advance(router.nextDeadline());
        router.stop(NOW);
        Wire wire = lab.closing(new Wire(peer, "eth0"));
        int rounds = 100;
        host.get(() -> {
            socket.gather();
            // The same router twice in a batch, and more packets than a batch holds.
            for (int i = 0; i < rounds; i++) {
                said.forEach(each -> socket.send(router, each));
            }
            socket.flush();
            return null;
        });
        Lab.eventually(PATIENCE, () -> wire.packets(112).size() >= 2 * rounds, "all arrive");
        List<Integer> priorities = wire.packets(112).stream()
                .map(frame -> frame.octets()[14 + 20 + 2] & 0xff)
                .toList();
        List<Integer> identifications = wire.packets(112).stream()
                .map(frame -> (frame.octets()[14 + 4] & 0xff) << 8 | frame.octets()[14 + 5] & 0xff)
                .toList();
        assertThat(priorities).hasSize(2 * rounds).startsWith(100, 0, 100, 0);
        assertThat(identifications).doesNotHaveDuplicates();
        assertThat(socket.sendErrors()).isZero();
    }

    @Test
    void sending_the_same_advertisement_again_allocates_nothing() {
        AdvertisementSocket socket = open(AddressFamily.IPV4);
        VirtualRouter router = router(AddressFamily.IPV4, effect -> {
            if (effect instanceof Effect.SendAdvertisement send) {
                socket.send(send.router(), send.advertisement());
            }
        });
        socket.add(router);
        long perAdvert = host.get(() -> {
            router.start(NOW);
            advance(router, 5_000);
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            advance(router, 10_000);
            return (threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / 10_000;
        });
        assertThat(router.counters().advertsSent()).isEqualTo(15_000);
        assertThat(perAdvert).as("octets per advertisement").isZero();
    }

    @Test
    void two_routers_with_one_vrid_on_one_interface_are_refused() {
        AdvertisementSocket socket = open(AddressFamily.IPV4);
        socket.add(router(AddressFamily.IPV4, effect -> {}));
        assertThatThrownBy(() -> socket.add(router(AddressFamily.IPV4, effect -> {})))
                .hasMessage("virtual router E1: VRID 51 on eth0 is already that of E1; give one of them another");
    }

    private static void advance(VirtualRouter router, int times) {
        for (int i = 0; i < times; i++) {
            router.advance(router.nextDeadline());
        }
    }

    private AdvertisementSocket open(AddressFamily family) {
        AdvertisementSocket socket = host.get(() -> AdvertisementSocket.open(family, host.link("eth0")));
        lab.closing(() -> host.network().run(socket::close));
        return socket;
    }

    private boolean receive(AdvertisementSocket socket) {
        host.get(() -> socket.receive(NOW + 1, 100));
        return true;
    }

    private void awaitTotal(AdvertisementSocket socket, VirtualRouter router, int rejected) {
        Lab.eventually(
                PATIENCE,
                () -> receive(socket)
                        && socket.rejects().total() + socket.rejects(router).total() == rejected,
                rejected + " packets are rejected");
    }

    private static VirtualRouter router(AddressFamily family, io.keepstate.vrrp.EffectSink sink) {
        return new VirtualRouter(
                config(family), IpAddress.parse(family == AddressFamily.IPV4 ? "10.9.0.1" : "fe80::1"), sink);
    }

    private static VirtualRouterConfig config(AddressFamily family) {
        return VirtualRouterConfig.builder("E1", "eth0")
                .version(Version.V3)
                .virtualRouterId(51)
                .address(family == AddressFamily.IPV4 ? "10.9.0.100/24" : "fe80::100/64")
                .build();
    }

    private static Advertisement advertisement(AddressFamily family) {
        return new Advertisement(
                Version.V3,
                51,
                200,
                100,
                config(family).advertisedAddresses(),
                Authentication.NONE,
                ChecksumForm.PSEUDO_HEADER);
    }

    /** Sends a good frame with something changed. */
    private void say(Consumer<ByteBuf> change) {
        ByteBuf frame = Unpooled.directBuffer();
        frame.writeBytes(new byte[] {1, 0, 0x5e, 0, 0, 0x12, 2, 0, 0, 0, 0, 2}).writeShort(0x0800);
        try (AdvertisementPacket packet =
                new AdvertisementPacket(advertisement(AddressFamily.IPV4), PEER, UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(1);
            frame.writeBytes(packet.octets().duplicate());
        }
        change.accept(frame);
        fixHeader(frame);
        transmit(frame);
    }

    private void say6(int hopLimit) {
        ByteBuf frame = Unpooled.directBuffer();
        frame.writeBytes(new byte[] {0x33, 0x33, 0, 0, 0, 0x12, 2, 0, 0, 0, 0, 2})
                .writeShort(0x86dd);
        try (AdvertisementPacket packet =
                new AdvertisementPacket(advertisement(AddressFamily.IPV6), PEER6, UnpooledByteBufAllocator.DEFAULT)) {
            frame.writeInt(0x6c000000)
                    .writeShort(packet.octets().readableBytes())
                    .writeByte(112)
                    .writeByte(hopLimit);
            frame.writeBytes(PEER6.octets())
                    .writeBytes(AddressFamily.IPV6.vrrpGroup().octets());
            frame.writeBytes(packet.octets().duplicate());
        }
        transmit(frame);
    }

    private void transmit(ByteBuf frame) {
        int index = peer.index("eth0");
        int sent = peer.get(() -> voice.send(frame, index));
        assertThat(sent).isEqualTo(frame.readableBytes());
        frame.release();
    }

    /** The kernel drops what has a wrong header checksum before we see it. */
    private static void fixHeader(ByteBuf frame) {
        frame.setShort(14 + 10, 0);
        long sum = 0;
        for (int i = 14; i < 34; i += 2) {
            sum += frame.getUnsignedShort(i);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        frame.setShort(14 + 10, (int) ~(sum + (sum >>> 16)));
    }
}
