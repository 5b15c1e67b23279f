// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static io.keepstate.vrrp.Bench.HIGHER;
import static io.keepstate.vrrp.Bench.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.codec.Version;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * RFC 9568 section 7.1 and RFC 3768 section 7.1: what must be checked, and that a packet which fails a check touches
 * nothing but its counter.
 */
class AdvertisementReceiverTest {

    private static final int IP = 20;
    private static final VirtualRouterConfig V2_CONFIG =
            Bench.passwordConfig("zzzz").build();
    private static final VirtualRouterConfig V3_CONFIG =
            Bench.config(Version.V3).checksumMode(ChecksumMode.RFC9568).build();

    /** One defect each, in a packet that would otherwise be accepted; every reason that a receiver can give. */
    private static Map<RejectReason, ByteBuf> defects() {
        Map<RejectReason, ByteBuf> defects = new TreeMap<>();
        defects.put(RejectReason.BAD_TTL, broken(V3_CONFIG, it -> it.setByte(8, 254)));
        defects.put(RejectReason.BAD_DESTINATION, broken(V3_CONFIG, it -> it.setInt(16, 0xc0000205)));
        defects.put(RejectReason.TRUNCATED, broken(V3_CONFIG, it -> it.setShort(2, IP + 7)));
        defects.put(RejectReason.BAD_VERSION, broken(V3_CONFIG, it -> it.setByte(IP, 0x41)));
        defects.put(RejectReason.BAD_TYPE, broken(V3_CONFIG, it -> it.setByte(IP, 0x32)));
        defects.put(RejectReason.WRONG_VRID, broken(V3_CONFIG, it -> it.setByte(IP + 1, 52)));
        defects.put(RejectReason.COUNT_ZERO, broken(V3_CONFIG, it -> it.setByte(IP + 3, 0)));
        defects.put(RejectReason.LENGTH_MISMATCH, broken(V3_CONFIG, it -> it.setByte(IP + 3, 2)));
        defects.put(RejectReason.INTERVAL_ZERO, broken(V3_CONFIG, it -> it.setShort(IP + 4, 0)));
        defects.put(RejectReason.AUTH_TYPE_MISMATCH, broken(V2_CONFIG, it -> it.setByte(IP + 4, 0)));
        defects.put(RejectReason.WRONG_PASSWORD, broken(V2_CONFIG, it -> it.setByte(IP + 12, 'a')));
        defects.put(RejectReason.INTERVAL_MISMATCH, broken(V2_CONFIG, it -> it.setByte(IP + 5, 2)));
        ByteBuf badChecksum = packet(V3_CONFIG, 200);
        badChecksum.setByte(IP + 6, badChecksum.getByte(IP + 6) ^ 1);
        defects.put(RejectReason.BAD_CHECKSUM, badChecksum);
        return defects;
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
                    rejectedInBackup(defect.getKey(), defect.getValue());
                    rejectedWhileActive(defect.getKey(), defect.getValue());
                }));
    }

    @Test
    void a_good_packet_is_heard_and_moves_the_timer() {
        for (VirtualRouterConfig config : new VirtualRouterConfig[] {V2_CONFIG, V3_CONFIG}) {
            Bench bench = new Bench(config);
            bench.router.start(bench.now);
            bench.after(SECOND);
            long before = bench.router.nextDeadline();
            AdvertisementReceiver receiver = new AdvertisementReceiver(config);
            Reception reception = receive(receiver, packet(config, 200));
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
        Reception first = receive(receiver, packet(V2_CONFIG, 200));
        assertThat(receive(receiver, packet(V2_CONFIG, 200))).isSameAs(first);
        assertThat(receive(receiver, packet(V2_CONFIG, 201))).isNotEqualTo(first);
        assertThat(receive(receiver, broken(V2_CONFIG, it -> it.setByte(8, 1)))).isEqualTo(RejectReason.BAD_TTL);
    }

    @Test
    void without_authentication_the_data_is_ignored() {
        VirtualRouterConfig config = Bench.config(Version.V2).build();
        AdvertisementReceiver receiver = new AdvertisementReceiver(config);
        assertThat(receive(receiver, broken(config, it -> it.setByte(IP + 12, 'a'))))
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

    private static void rejectedInBackup(RejectReason reason, ByteBuf packet) {
        Bench bench = new Bench(configFor(reason));
        bench.router.start(bench.now);
        rejected(bench, reason, packet);
    }

    private static void rejectedWhileActive(RejectReason reason, ByteBuf packet) {
        Bench bench = new Bench(configFor(reason));
        bench.router.start(bench.now);
        bench.untilDeadline();
        rejected(bench, reason, packet);
    }

    private static void rejected(Bench bench, RejectReason reason, ByteBuf packet) {
        bench.recorder.clear();
        VirtualRouterConfig config = bench.router.config();
        AdvertisementReceiver receiver = new AdvertisementReceiver(config);
        long before = bench.router.nextDeadline();
        for (int i = 1; i <= 3; i++) {
            bench.after(1);
            if (receive(receiver, packet) instanceof Heard heard) {
                bench.router.onAdvertisement(heard.advertisement(), heard.source(), bench.now);
            }
            assertThat(receiver.rejects().get(reason)).isEqualTo(i);
        }
        assertThat(receiver.rejects().snapshot()).containsExactly(Map.entry(reason, 3L));
        assertThat(bench.router.nextDeadline()).isEqualTo(before);
        assertThat(bench.recorder.effects).isEmpty();
    }

    private static VirtualRouterConfig configFor(RejectReason reason) {
        return switch (reason) {
            case AUTH_TYPE_MISMATCH, WRONG_PASSWORD, INTERVAL_MISMATCH -> V2_CONFIG;
            default -> V3_CONFIG;
        };
    }

    private static Reception receive(AdvertisementReceiver receiver, ByteBuf packet) {
        Envelope envelope = new Envelope();
        assertThat(envelope.setIpv4(packet)).isNull();
        return receiver.receive(envelope);
    }

    private static ByteBuf packet(VirtualRouterConfig config, int priority) {
        Advertisement advertisement = new Advertisement(
                config.version(),
                config.virtualRouterId(),
                priority,
                config.intervalCentis(),
                config.advertisedAddresses(),
                config.authentication(),
                ChecksumForm.MESSAGE_ONLY);
        try (AdvertisementPacket packet =
                new AdvertisementPacket(advertisement, HIGHER, UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(1);
            return Unpooled.copiedBuffer(packet.octets());
        }
    }

    /** A packet with one thing changed and the checksum made right again. */
    private static ByteBuf broken(VirtualRouterConfig config, Consumer<ByteBuf> change) {
        ByteBuf packet = packet(config, 200);
        change.accept(packet);
        packet.setShort(IP + 6, 0);
        long sum = 0;
        for (int i = IP; i < packet.readableBytes(); i += 2) {
            sum += packet.getUnsignedShort(i);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        packet.setShort(IP + 6, (int) ~(sum + (sum >>> 16)));
        return packet;
    }
}
