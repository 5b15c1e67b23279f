// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacAuthentication.AntiReplay;
import io.keepstate.vrrp.codec.HmacAuthentication.Mode;
import io.keepstate.vrrp.codec.HmacKey;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Routers at one place that are configured anew: to their peers they are the same. */
class StationsTest {

    private static final IpAddress A = IpAddress.parse("10.9.0.1");
    private static final IpAddress B = IpAddress.parse("10.9.0.2");
    private static final IpAddress C = IpAddress.parse("10.9.0.3");
    private static final long WALL = 1_760_000_000_000L;
    private static final int INTERFACE = 7;

    private static final VirtualRouterConfig SIGNED = VirtualRouterConfig.builder("E1", "eth0")
            .version(Version.V2)
            .virtualRouterId(51)
            .authentication(Authentication.header("zzzz"))
            .address("10.9.0.100/24")
            .build();

    private final Stations here = new Stations(SocketPlace.of(SIGNED));
    private final Stations there = new Stations(SocketPlace.of(SIGNED));

    @Test
    void the_sequence_of_an_active_router_goes_on_so_that_peers_hear_it_still() {
        VirtualRouter active = router(here, SIGNED, A);
        VirtualRouter backup = router(there, SIGNED, B);
        for (int i = 0; i < 10; i++) {
            assertThat(hear(there, backup, say(here, active))).isInstanceOf(Heard.class);
        }
        change(here, active, StationsTest::otherChecks);
        ByteBuf next = say(here, active);
        assertThat(hear(there, backup, next)).isInstanceOf(Heard.class);
        assertThat(hear(there, backup, next)).isEqualTo(RejectReason.AUTH_HEADER_REPLAY);
    }

    @Test
    void what_was_heard_before_with_an_hmac_is_a_replay_still() {
        HmacAuthentication hmac = new HmacAuthentication(
                List.of(HmacKey.parse(1, "one ".repeat(8))),
                1,
                AntiReplay.MONOTONIC,
                OptionalInt.empty(),
                Mode.ENFORCE);
        VirtualRouterConfig config = SIGNED.toBuilder()
                .authentication(Authentication.NONE)
                .hmac(hmac)
                .build();
        VirtualRouter active = router(here, config, A);
        VirtualRouter backup = router(there, config, B);
        ByteBuf recorded = say(here, active);
        assertThat(hear(there, backup, recorded)).isInstanceOf(Heard.class);
        change(there, backup, StationsTest::otherChecks);
        change(here, active, StationsTest::otherChecks);
        assertThat(hear(there, backup, recorded)).isEqualTo(RejectReason.HMAC_REPLAY);
        assertThat(hear(there, backup, say(here, active))).isInstanceOf(Heard.class);
    }

    @Test
    void packets_that_were_rejected_stay_counted() {
        VirtualRouter active = router(here, SIGNED, A);
        VirtualRouter backup = router(there, SIGNED, B);
        ByteBuf packet = say(here, active);
        hear(there, backup, packet);
        hear(there, backup, packet);
        change(there, backup, StationsTest::otherChecks);
        assertThat(there.of(backup).receiver.rejects().get(RejectReason.AUTH_HEADER_REPLAY))
                .isEqualTo(1);
    }

    @Test
    void what_checks_and_packets_do_not_depend_on_leaves_them_alone() {
        VirtualRouter router = router(here, SIGNED, A);
        Station before = here.of(router);
        change(here, router, it -> it.priority(150).preemptDelay(Duration.ofSeconds(9)));
        assertThat(here.of(router)).isSameAs(before);
    }

    @Test
    void of_several_routers_with_one_vrid_each_keeps_its_place() {
        VirtualRouterConfig toB = unicast("U1", B);
        VirtualRouterConfig toC = unicast("U2", C);
        Stations unicast = new Stations(SocketPlace.of(toB));
        VirtualRouter first = router(unicast, toB, A);
        VirtualRouter second = router(unicast, toC, A);
        unicast.of(first).lastSource = B;
        // While a configuration is exchanged router by router they may have the same peers for a moment.
        change(unicast, first, it -> it.transport(Transport.Unicast.to(C)));
        change(unicast, second, it -> it.transport(Transport.Unicast.to(B)));
        assertThat(unicast.all()).extracting(station -> station.router).containsExactly(first, second);
        assertThat(unicast.of(first).lastSource).as("not a peer any more").isNull();
        assertThat(unicast.of(first).hasPeer(envelope(packet(C)))).isTrue();
        assertThat(unicast.addressee(51, envelope(packet(C)))).isSameAs(unicast.of(first));
        assertThat(unicast.addressee(51, envelope(packet(B)))).isSameAs(unicast.of(second));
    }

    /** Makes the station anew, and is nothing that a peer could notice. */
    private static VirtualRouterConfigBuilder otherChecks(VirtualRouterConfigBuilder config) {
        return config.checksumMode(ChecksumMode.RFC9568);
    }

    private static VirtualRouterConfig unicast(String name, IpAddress peer) {
        return VirtualRouterConfig.builder(name, "eth0")
                .virtualRouterId(51)
                .transport(Transport.Unicast.to(peer))
                .address("10.9.0.100/24")
                .build();
    }

    private static VirtualRouter router(Stations stations, VirtualRouterConfig config, IpAddress source) {
        VirtualRouter router = new VirtualRouter(config, source, effect -> {});
        stations.add(router, INTERFACE);
        return router;
    }

    private static void change(
            Stations stations, VirtualRouter router, UnaryOperator<VirtualRouterConfigBuilder> with) {
        router.reconfigure(with.apply(router.config().toBuilder()).build(), 0);
        stations.refresh(router, INTERFACE);
    }

    private static ByteBuf say(Stations stations, VirtualRouter router) {
        Station station = stations.of(router);
        AdvertisementPacket packet = station.packets(router.advertisements().get(0), router.sourceAddress())
                .packet(0);
        packet.stamp(1);
        assertThat(station.authenticator.sign(packet, WALL)).isTrue();
        return Unpooled.copiedBuffer(packet.octets());
    }

    private static Reception hear(Stations stations, VirtualRouter router, ByteBuf packet) {
        return stations.of(router).receiver.receive(envelope(packet), WALL);
    }

    private static ByteBuf packet(IpAddress from) {
        VirtualRouter router = new VirtualRouter(unicast("P", A), from, effect -> {});
        try (AdvertisementPacket packet = new AdvertisementPacket(
                router.advertisements().get(0), from, A, 255, false, UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(1);
            return Unpooled.copiedBuffer(packet.octets());
        }
    }

    private static Envelope envelope(ByteBuf packet) {
        Envelope envelope = new Envelope();
        assertThat(envelope.setIpv4(packet)).isNull();
        return envelope;
    }
}
