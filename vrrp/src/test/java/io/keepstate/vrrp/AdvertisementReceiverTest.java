// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.LOWER;
import static io.keepstate.vrrp.Bench.OURS;
import static io.keepstate.vrrp.Bench.SECOND;
import static io.keepstate.vrrp.Packets.packet;
import static io.keepstate.vrrp.Packets.receive;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacKey;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.ByteBuf;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * RFC 9568 section 7.1 and RFC 3768 section 7.1: what must be checked, and that a packet which fails a check touches
 * nothing but its counter.
 */
class AdvertisementReceiverTest {

    private static final int IP = 20;
    private static final IpAddress GROUP = AddressFamily.IPV4.vrrpGroup();
    private static final HmacAuthentication HMAC = HmacAuthentication.of(HmacKey.parse(1, "k".repeat(32)));

    private static final VirtualRouterConfig V2_CONFIG =
            Bench.passwordConfig("zzzz").build();
    private static final VirtualRouterConfig V3_CONFIG =
            Bench.config(Version.V3).checksumMode(ChecksumMode.RFC9568).build();
    private static final VirtualRouterConfig AH_CONFIG = Bench.config(Version.V2)
            .authentication(Authentication.header("zzzz"))
            .build();
    private static final VirtualRouterConfig HMAC_CONFIG = Bench.config(Version.V3)
            .checksumMode(ChecksumMode.RFC9568)
            .hmac(HMAC)
            .build();
    private static final VirtualRouterConfig UNICAST_CONFIG = Bench.config(Version.V3)
            .transport(new Transport.Unicast(
                    List.of(new UnicastPeer(HIGHER, OptionalInt.of(64), OptionalInt.of(255))),
                    OptionalInt.empty(),
                    true))
            .build();

    /**
     * A packet with one defect, that would otherwise be accepted.
     *
     * @param before a packet that is accepted in front of it
     */
    private record Defect(
            VirtualRouterConfig config, @Nullable ByteBuf before, ByteBuf packet) {
        Defect(VirtualRouterConfig config, ByteBuf packet) {
            this(config, null, packet);
        }
    }

    /** Every reason that a receiver can give. */
    private static Map<RejectReason, Defect> defects() {
        Map<RejectReason, Defect> defects = new TreeMap<>();
        addVersion3(defects);
        addVersion2(defects);
        addHmac(defects);
        return defects;
    }

    private static void addVersion3(Map<RejectReason, Defect> defects) {
        defects.put(RejectReason.BAD_TTL, broken(V3_CONFIG, it -> it.setByte(8, 254)));
        defects.put(RejectReason.BAD_DESTINATION, broken(V3_CONFIG, it -> it.setInt(16, 0xc0000205)));
        defects.put(RejectReason.TRUNCATED, broken(V3_CONFIG, it -> it.setShort(2, IP + 7)));
        defects.put(RejectReason.BAD_VERSION, broken(V3_CONFIG, it -> it.setByte(IP, 0x41)));
        defects.put(RejectReason.BAD_TYPE, broken(V3_CONFIG, it -> it.setByte(IP, 0x32)));
        defects.put(RejectReason.WRONG_VRID, broken(V3_CONFIG, it -> it.setByte(IP + 1, 52)));
        defects.put(RejectReason.COUNT_ZERO, broken(V3_CONFIG, it -> it.setByte(IP + 3, 0)));
        defects.put(RejectReason.LENGTH_MISMATCH, broken(V3_CONFIG, it -> it.setByte(IP + 3, 2)));
        defects.put(RejectReason.INTERVAL_ZERO, broken(V3_CONFIG, it -> it.setShort(IP + 4, 0)));
        defects.put(
                RejectReason.BAD_CHECKSUM,
                new Defect(V3_CONFIG, flipped(packet(V3_CONFIG, 200, HIGHER, GROUP), IP + 6)));
        defects.put(RejectReason.SOURCE_NOT_ON_LINK, new Defect(V3_CONFIG, packet(V3_CONFIG, 200, HIGHER, GROUP)));
        defects.put(RejectReason.UNKNOWN_PEER, new Defect(UNICAST_CONFIG, packet(UNICAST_CONFIG, 200, LOWER, OURS)));
        defects.put(
                RejectReason.PEER_TTL,
                new Defect(
                        UNICAST_CONFIG,
                        packet(UNICAST_CONFIG, 200, HIGHER, OURS).setByte(8, 63)));
    }

    private static void addVersion2(Map<RejectReason, Defect> defects) {
        defects.put(RejectReason.INVALID_AUTH_TYPE, broken(V2_CONFIG, it -> it.setByte(IP + 4, 3)));
        defects.put(RejectReason.AUTH_TYPE_MISMATCH, broken(V2_CONFIG, it -> it.setByte(IP + 4, 0)));
        defects.put(RejectReason.WRONG_PASSWORD, broken(V2_CONFIG, it -> it.setByte(IP + 12, 'a')));
        defects.put(RejectReason.INTERVAL_MISMATCH, broken(V2_CONFIG, it -> it.setByte(IP + 5, 2)));
        ByteBuf header = packet(AH_CONFIG, 200, HIGHER, GROUP);
        defects.put(RejectReason.BAD_AUTH_HEADER, new Defect(AH_CONFIG, flipped(header.copy(), IP + 7)));
        defects.put(RejectReason.WRONG_AUTH_HEADER, new Defect(AH_CONFIG, flipped(header.copy(), IP + 23)));
        defects.put(RejectReason.AUTH_HEADER_REPLAY, new Defect(AH_CONFIG, header, header));
    }

    private static void addHmac(Map<RejectReason, Defect> defects) {
        ByteBuf signed = packet(HMAC_CONFIG, 200, HIGHER, GROUP);
        int trailer = IP + 12;
        defects.put(RejectReason.HMAC_MISSING, new Defect(HMAC_CONFIG, packet(V3_CONFIG, 200, HIGHER, GROUP)));
        defects.put(RejectReason.HMAC_MALFORMED, new Defect(HMAC_CONFIG, flipped(signed.copy(), trailer + 3)));
        defects.put(RejectReason.HMAC_UNKNOWN_KEY, new Defect(HMAC_CONFIG, flipped(signed.copy(), trailer + 1)));
        defects.put(RejectReason.WRONG_HMAC, new Defect(HMAC_CONFIG, flipped(signed.copy(), trailer + 12)));
        defects.put(RejectReason.HMAC_REPLAY, new Defect(HMAC_CONFIG, signed, signed));
        ByteBuf old = Packets.packet(HMAC_CONFIG, 200, HIGHER, GROUP, Packets.WALL - 6000);
        defects.put(RejectReason.HMAC_STALE, new Defect(HMAC_CONFIG, old));
    }

    @Test
    void every_reason_is_covered() {
        EnumSet<RejectReason> missing = EnumSet.allOf(RejectReason.class);
        missing.removeAll(defects().keySet());
        // The IP header is looked at before a virtual router is known: AdvertisementCodecTest.
        assertThat(missing).containsExactly(RejectReason.BAD_IP_HEADER);
    }

    @TestFactory
    java.util.stream.Stream<DynamicTest> a_rejected_packet_is_counted_and_touches_no_timer() {
        return defects().entrySet().stream()
                .map(defect -> DynamicTest.dynamicTest(defect.getKey().name(), () -> {
                    rejected(false, defect.getKey(), defect.getValue());
                    rejected(true, defect.getKey(), defect.getValue());
                }));
    }

    @Test
    void a_good_packet_is_heard_and_moves_the_timer() {
        for (VirtualRouterConfig config : List.of(V2_CONFIG, V3_CONFIG, AH_CONFIG, HMAC_CONFIG)) {
            Bench bench = new Bench(config);
            bench.router.start(bench.now);
            bench.after(SECOND);
            long before = bench.router.nextDeadline();
            AdvertisementReceiver receiver = new AdvertisementReceiver(config);
            Reception reception = receive(receiver, packet(config, 200, HIGHER, GROUP));
            assertThat(reception).isInstanceOf(Heard.class);
            Heard heard = (Heard) reception;
            assertThat(heard.source()).isEqualTo(HIGHER);
            bench.router.onAdvertisement(heard.advertisement(), heard.source(), bench.now);
            assertThat(bench.router.nextDeadline()).isGreaterThan(before);
            assertThat(receiver.rejects().total()).isZero();
        }
    }

    @Test
    void hearing_the_same_message_again_gives_the_same_object_and_another_one_does_not() {
        AdvertisementReceiver receiver = new AdvertisementReceiver(V2_CONFIG);
        Reception first = receive(receiver, packet(V2_CONFIG, 200, HIGHER, GROUP));
        assertThat(receive(receiver, packet(V2_CONFIG, 200, HIGHER, GROUP))).isSameAs(first);
        assertThat(receive(receiver, packet(V2_CONFIG, 201, HIGHER, GROUP))).isNotEqualTo(first);
        assertThat(receive(receiver, Packets.changed(V2_CONFIG, it -> it.setByte(8, 1))))
                .isEqualTo(RejectReason.BAD_TTL);
    }

    @Test
    void without_authentication_the_data_is_ignored() {
        VirtualRouterConfig config = Bench.config(Version.V2).build();
        AdvertisementReceiver receiver = new AdvertisementReceiver(config);
        assertThat(receive(receiver, Packets.changed(config, it -> it.setByte(IP + 12, 'a'))))
                .isInstanceOf(Heard.class);
    }

    @Test
    void a_password_of_more_than_eight_octets_counts_with_its_first_eight() {
        assertThat(Authentication.password("12345678")).isEqualTo(Authentication.password("123456789"));
        assertThat(Authentication.password("zzzz").data()).isEqualTo(0x7a7a7a7a_00000000L);
        assertThat(Authentication.password("zzzz").toString()).doesNotContain("z");
    }

    @Test
    void auto_follows_the_checksum_form_it_hears() {
        Bench bench = Bench.backup();
        bench.router.onAdvertisement(
                new Advertisement(
                        Version.V3,
                        51,
                        200,
                        100,
                        Bench.addresses("192.0.2.100"),
                        Authentication.NONE,
                        ChecksumForm.MESSAGE_ONLY),
                HIGHER,
                bench.now);
        assertThat(bench.recorder.notes()).containsExactly(Note.CHECKSUM_FORM_CHANGED);
        bench.untilDeadline();
        assertThat(bench.recorder.advertisements().get(0).checksumForm()).isEqualTo(ChecksumForm.MESSAGE_ONLY);
    }

    private static void rejected(boolean active, RejectReason reason, Defect defect) {
        Bench bench = new Bench(defect.config());
        bench.router.start(bench.now);
        if (active) {
            bench.untilDeadline();
        }
        bench.recorder.clear();
        AdvertisementReceiver receiver = new AdvertisementReceiver(defect.config());
        if (reason == RejectReason.SOURCE_NOT_ON_LINK) {
            receiver.requireOnLinkSource(address -> false);
        }
        if (defect.before() != null) {
            assertThat(receive(receiver, defect.before())).isInstanceOf(Heard.class);
        }
        long before = bench.router.nextDeadline();
        for (int i = 1; i <= 3; i++) {
            bench.after(1);
            if (receive(receiver, defect.packet()) instanceof Heard heard) {
                bench.router.onAdvertisement(heard.advertisement(), heard.source(), bench.now);
            }
            assertThat(receiver.rejects().get(reason)).isEqualTo(i);
        }
        assertThat(receiver.rejects().snapshot()).containsExactly(Map.entry(reason, 3L));
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.recorder.effects).isEmpty();
    }

    private static Defect broken(VirtualRouterConfig config, Consumer<ByteBuf> change) {
        return new Defect(config, Packets.changed(config, change));
    }

    private static ByteBuf flipped(ByteBuf packet, int octet) {
        return packet.setByte(octet, packet.getByte(octet) ^ 1);
    }
}
