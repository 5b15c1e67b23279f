// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.keepstate.vrrp.codec.HmacAuthentication.AntiReplay;
import io.keepstate.vrrp.codec.HmacAuthentication.Mode;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Keys, modes, and what an authenticator remembers of whom. */
class HmacAuthenticationTest {

    private static final HmacKey ONE = HmacKey.parse(1, "one ".repeat(8));
    private static final HmacKey TWO = HmacKey.parse(2, "two ".repeat(8));
    private static final Advertisement ADVERTISEMENT = Datagrams.version3("192.0.2.100");
    private static final IpAddress GROUP = AddressFamily.IPV4.vrrpGroup();
    private static final long NOW = 1_760_000_000_000L;

    private static AdvertisementAuthenticator authenticator(HmacAuthentication config, IpAddress... peers) {
        return new AdvertisementAuthenticator(Authentication.NONE, Optional.of(config), 100, List.of(peers));
    }

    private static HmacAuthentication config(AntiReplay antiReplay, Mode mode, int active, HmacKey... keys) {
        return new HmacAuthentication(List.of(keys), active, antiReplay, OptionalInt.of(5), mode);
    }

    private static AdvertisementAuthenticator byTime() {
        return authenticator(config(AntiReplay.TIME, Mode.ENFORCE, 1, ONE));
    }

    private static ByteBuf signed(AdvertisementAuthenticator by, IpAddress source, long wallMillis) {
        return Datagrams.packet(ADVERTISEMENT, source, GROUP, by, wallMillis);
    }

    private static RejectReason verify(AdvertisementAuthenticator by, ByteBuf packet, long wallMillis) {
        Envelope envelope = Datagrams.ipv4(packet);
        RejectReason reason = by.verifyTrailer(envelope, wallMillis);
        if (reason == null) {
            by.accept(envelope, wallMillis);
        }
        return reason;
    }

    private static IpAddress host(int number) {
        return IpAddress.ipv4(0xc6336400 + number);
    }

    @Test
    void a_key_is_hexadecimal_or_the_text_itself() {
        assertThat(HmacKey.parse(7, "hex:" + "7A".repeat(32))).isEqualTo(HmacKey.parse(7, "z".repeat(32)));
        assertThat(HmacKey.parse(7, "z".repeat(64)).id()).isEqualTo(7);
        assertThat(HmacKey.parse(7, "z".repeat(32))).hasToString("key 7");
    }

    @Test
    void a_bad_key_is_refused_with_a_sentence_that_does_not_show_it() {
        refusedKey(1, "secret", "has 6 octets: it must have 32 to 64");
        refusedKey(1, "hex:" + "ab".repeat(31), "has 31 octets");
        refusedKey(1, "hex:" + "ab".repeat(65), "has 65 octets");
        refusedKey(1, "hex:" + "xy".repeat(32), "not hexadecimal");
        refusedKey(1, "hex:" + "a".repeat(65), "not hexadecimal");
        refusedKey(1, "\u00e4".repeat(32), "characters outside ASCII");
        refusedKey(1, "file:/etc/keepalived/key", "give the content of that file");
        refusedKey(0, "z".repeat(32), "id 0 must be 1 to 255");
        refusedKey(256, "z".repeat(32), "id 256 must be 1 to 255");
    }

    private static void refusedKey(int id, String text, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HmacKey.parse(id, text))
                .withMessageContaining(complaint)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret", "xy", "aaa", "/etc"))
                .withNoCause();
    }

    @Test
    void a_configuration_that_cannot_work_is_refused() {
        refused(() -> config(AntiReplay.TIME, Mode.ENFORCE, 1), "at least one key");
        refused(() -> config(AntiReplay.TIME, Mode.ENFORCE, 3, ONE, TWO), "active HMAC key 3 is not among the keys");
        refused(() -> config(AntiReplay.TIME, Mode.ENFORCE, 1, ONE, ONE), "same id");
        refused(
                () -> new HmacAuthentication(List.of(ONE), 1, AntiReplay.TIME, OptionalInt.of(301), Mode.ENFORCE),
                "301 s must be 1 to 300 s");
        refused(
                () -> new AdvertisementAuthenticator(
                        Authentication.password("x"), Optional.of(HmacAuthentication.of(ONE)), 100, List.of()),
                "cannot be combined");
    }

    private static void refused(Runnable attempt, String complaint) {
        assertThatIllegalArgumentException().isThrownBy(attempt::run).withMessageContaining(complaint);
    }

    @Test
    void the_window_is_three_intervals_and_at_least_five_seconds_unless_configured() {
        HmacAuthentication defaults = HmacAuthentication.of(ONE);
        assertThat(defaults.windowSeconds(100)).isEqualTo(5);
        assertThat(defaults.windowSeconds(1)).isEqualTo(5);
        assertThat(defaults.windowSeconds(4095)).isEqualTo(123);
        assertThat(config(AntiReplay.TIME, Mode.ENFORCE, 1, ONE).windowSeconds(4095))
                .isEqualTo(5);
    }

    @Test
    void any_configured_key_is_accepted_and_the_active_one_signs() {
        AdvertisementAuthenticator old = authenticator(config(AntiReplay.TIME, Mode.ENFORCE, 1, ONE));
        AdvertisementAuthenticator both = authenticator(config(AntiReplay.TIME, Mode.ENFORCE, 2, ONE, TWO));
        assertThat(verify(both, signed(old, host(1), NOW), NOW)).isNull();
        assertThat(verify(old, signed(both, host(2), NOW), NOW)).isEqualTo(RejectReason.HMAC_UNKNOWN_KEY);
        AdvertisementAuthenticator other =
                authenticator(config(AntiReplay.TIME, Mode.ENFORCE, 1, HmacKey.parse(1, "!".repeat(32))));
        assertThat(verify(old, signed(other, host(2), NOW), NOW)).isEqualTo(RejectReason.WRONG_HMAC);
    }

    @Test
    void a_key_can_be_rolled_out_without_a_gap() {
        AdvertisementAuthenticator receiveOnly = authenticator(config(AntiReplay.TIME, Mode.RECEIVE_ONLY, 1, ONE));
        AdvertisementAuthenticator permissive = authenticator(config(AntiReplay.TIME, Mode.PERMISSIVE, 1, ONE));
        AdvertisementAuthenticator enforce = byTime();
        assertThat(receiveOnly.signsWithHmac()).isFalse();
        ByteBuf unsigned = signed(receiveOnly, host(1), NOW);
        assertThat(unsigned.readableBytes()).isEqualTo(32);
        // First sweep: nobody signs; second: signed and unsigned; third: signed only.
        assertThat(verify(receiveOnly, unsigned, NOW)).isNull();
        assertThat(verify(receiveOnly, signed(permissive, host(2), NOW), NOW)).isNull();
        assertThat(verify(permissive, unsigned, NOW)).isNull();
        assertThat(verify(permissive, signed(enforce, host(2), NOW), NOW)).isNull();
        assertThat(verify(enforce, signed(permissive, host(2), NOW), NOW)).isNull();
        assertThat(verify(enforce, unsigned, NOW)).isEqualTo(RejectReason.HMAC_MISSING);
    }

    @Test
    void what_is_signed_wrongly_is_rejected_in_every_mode() {
        for (Mode mode : Mode.values()) {
            ByteBuf packet = signed(byTime(), host(1), NOW);
            packet.setByte(packet.writerIndex() - 1, packet.getByte(packet.writerIndex() - 1) ^ 1);
            assertThat(verify(authenticator(config(AntiReplay.TIME, mode, 1, ONE)), packet, NOW))
                    .isEqualTo(RejectReason.WRONG_HMAC);
        }
    }

    @Test
    void what_is_signed_must_be_new_in_every_mode() {
        ByteBuf packet = signed(byTime(), host(1), NOW);
        for (Mode mode : Mode.values()) {
            AdvertisementAuthenticator receiver = authenticator(config(AntiReplay.TIME, mode, 1, ONE));
            assertThat(verify(receiver, packet, NOW)).as("%s", mode).isNull();
            assertThat(verify(receiver, packet, NOW)).as("%s", mode).isEqualTo(RejectReason.HMAC_REPLAY);
            assertThat(verify(receiver, packet, NOW + 3_600_000)).as("%s", mode).isEqualTo(RejectReason.HMAC_STALE);
        }
    }

    @Test
    void four_senders_are_remembered_and_a_fifth_takes_the_place_of_the_one_not_heard_for_longest() {
        AdvertisementAuthenticator receiver = byTime();
        AdvertisementAuthenticator sender = byTime();
        ByteBuf[] packets = new ByteBuf[5];
        for (int i = 0; i < 4; i++) {
            packets[i] = signed(sender, host(i), NOW);
            assertThat(verify(receiver, packets[i], NOW)).isNull();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(verify(receiver, packets[i], NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
        }
        assertThat(verify(receiver, signed(sender, host(0), NOW), NOW))
                .as("heard again")
                .isNull();
        assertThat(verify(receiver, signed(sender, host(9), NOW), NOW)).isNull();
        assertThat(verify(receiver, packets[1], NOW))
                .as("forgotten: the price of four places")
                .isNull();
        assertThat(verify(receiver, packets[0], NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @Test
    void no_unverified_packet_takes_a_place() {
        AdvertisementAuthenticator receiver = byTime();
        ByteBuf packet = signed(byTime(), host(1), NOW);
        assertThat(verify(receiver, packet, NOW)).isNull();
        AdvertisementAuthenticator stranger =
                authenticator(config(AntiReplay.TIME, Mode.ENFORCE, 1, HmacKey.parse(1, "!".repeat(32))));
        for (int i = 2; i < 100; i++) {
            assertThat(verify(receiver, signed(stranger, host(i), NOW), NOW)).isEqualTo(RejectReason.WRONG_HMAC);
        }
        assertThat(verify(receiver, packet, NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @Test
    void each_unicast_peer_has_a_place_of_its_own() {
        IpAddress[] peers = new IpAddress[20];
        ByteBuf[] packets = new ByteBuf[peers.length];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = host(i);
            packets[i] = signed(byTime(), peers[i], NOW);
        }
        AdvertisementAuthenticator receiver = authenticator(config(AntiReplay.TIME, Mode.ENFORCE, 1, ONE), peers);
        for (ByteBuf packet : packets) {
            assertThat(verify(receiver, packet, NOW)).isNull();
        }
        for (ByteBuf packet : packets) {
            assertThat(verify(receiver, packet, NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
        }
    }

    @Test
    void a_mark_in_the_future_expires_when_the_clock_is_set_right() {
        AdvertisementAuthenticator receiver = byTime();
        AdvertisementAuthenticator sender = byTime();
        long wrong = NOW + 3_600_000;
        assertThat(verify(receiver, signed(sender, host(1), wrong), wrong)).isNull();
        assertThat(verify(receiver, signed(sender, host(1), NOW), NOW))
                .as("the sender starts again too")
                .isNull();
    }

    @Test
    void by_number_alone_no_clock_matters_but_the_number_must_grow() {
        HmacAuthentication monotonic = config(AntiReplay.MONOTONIC, Mode.ENFORCE, 1, ONE);
        AdvertisementAuthenticator receiver = authenticator(monotonic);
        AdvertisementAuthenticator sender = authenticator(monotonic);
        ByteBuf first = signed(sender, host(1), NOW);
        assertThat(verify(receiver, first, 0)).isNull();
        ByteBuf second = signed(sender, host(1), NOW - 86_400_000);
        assertThat(verify(receiver, second, 0))
                .as("one more than the last, the clock went back")
                .isNull();
        assertThat(verify(receiver, first, 0)).isEqualTo(RejectReason.HMAC_REPLAY);
        assertThat(verify(receiver, second, 0)).isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @Test
    void sequence_numbers_of_one_instant_grow_by_one() {
        SequenceClock clock = new SequenceClock(true, 5);
        long first = clock.next(1500);
        assertThat(first).isEqualTo(1L << 32 | 0x8000L << 16);
        assertThat(clock.next(1500)).isEqualTo(first + 1);
        assertThat(clock.next(1400)).isEqualTo(first + 2);
        assertThat(clock.next(2000)).isEqualTo(2L << 32);
    }

    @Test
    void a_sequence_that_a_wrong_clock_led_beyond_the_window_starts_again_from_the_clock() {
        SequenceClock byTime = new SequenceClock(true, 5);
        SequenceClock byNumber = new SequenceClock(false, 5);
        long ahead = byTime.next(100_000);
        byNumber.next(100_000);
        assertThat(byTime.next(95_000)).as("at the edge it waits for the clock").isEqualTo(ahead + 1);
        assertThat(byTime.next(94_000)).isEqualTo(94L << 32);
        assertThat(byNumber.next(0)).isEqualTo(ahead + 1);
    }

    @Test
    void numbers_are_compared_across_the_wrap_of_2106() {
        long last = -1;
        assertThat(SequenceClock.isAfter(0, last)).isTrue();
        assertThat(SequenceClock.isAfter(last, 0)).isFalse();
        assertThat(SequenceClock.isAfter(7, 7)).isFalse();
        long before = 0xffff_ffffL << 32;
        assertThat(SequenceClock.isWithin(before, 1L << 32, 2)).isTrue();
        assertThat(SequenceClock.isWithin(before, 1L << 32, 1)).isFalse();
        assertThat(SequenceClock.isWithin(0, Long.MIN_VALUE, 300)).isFalse();
    }

    @Test
    void the_clock_of_the_sender_is_compared_with_ours() {
        AdvertisementAuthenticator receiver = byTime();
        assertThat(verify(receiver, signed(byTime(), host(1), NOW + 4000), NOW)).isNull();
        assertThat(receiver.clockSkewSeconds()).isEqualTo(4);
    }
}
