// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.vrrp.codec.HmacAuthentication.AntiReplay;
import io.keepstate.vrrp.codec.HmacAuthentication.Mode;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What an authenticator hands to the one that takes its place. */
class SequenceNumbersTest {

    private static final HmacKey ONE = HmacKey.parse(1, "one ".repeat(8));
    private static final HmacKey TWO = HmacKey.parse(2, "two ".repeat(8));
    private static final IpAddress GROUP = AddressFamily.IPV4.vrrpGroup();
    private static final long NOW = 1_760_000_000_000L;

    private static AdvertisementAuthenticator hmac(AntiReplay antiReplay, List<HmacKey> keys, IpAddress... peers) {
        int active = keys.get(keys.size() - 1).id();
        HmacAuthentication config = new HmacAuthentication(keys, active, antiReplay, OptionalInt.empty(), Mode.ENFORCE);
        return new AdvertisementAuthenticator(Authentication.NONE, Optional.of(config), 100, List.of(peers));
    }

    private static AdvertisementAuthenticator monotonic(IpAddress... peers) {
        return hmac(AntiReplay.MONOTONIC, List.of(ONE), peers);
    }

    private static AdvertisementAuthenticator header(String key) {
        return new AdvertisementAuthenticator(Authentication.header(key), Optional.empty(), 100, List.of());
    }

    private static ByteBuf signed(AdvertisementAuthenticator by, IpAddress source, long wallMillis) {
        return Datagrams.packet(Datagrams.version3("192.0.2.100"), source, GROUP, by, wallMillis);
    }

    private static RejectReason verify(AdvertisementAuthenticator by, ByteBuf packet) {
        Envelope envelope = Datagrams.ipv4(packet);
        RejectReason reason = by.verifyTrailer(envelope, NOW);
        if (reason == null) {
            by.accept(envelope, NOW);
        }
        return reason;
    }

    private static IpAddress host(int number) {
        return IpAddress.ipv4(0xc6336400 + number);
    }

    @Test
    void the_counter_of_the_authentication_header_goes_on_with_another_key_too() {
        AdvertisementAuthenticator before = header("zzzz");
        Advertisement advertisement = Datagrams.version2(Authentication.header("zzzz"), "192.0.2.100");
        for (int i = 0; i < 10; i++) {
            Datagrams.packet(advertisement, host(1), GROUP, before, NOW);
        }
        AdvertisementAuthenticator after = header("yyyy");
        after.continueFrom(before.sequenceNumbers());
        assertThat(after.sequenceNumbers()).isEqualTo(new SequenceNumbers(10, OptionalLong.empty(), List.of()));
        ByteBuf next = Datagrams.packet(advertisement, host(1), GROUP, after, NOW);
        assertThat(next.getUnsignedInt(20 + AuthenticationHeader.SEQUENCE)).isEqualTo(11);
    }

    @Test
    void own_numbers_of_trailers_go_on_though_the_clock_went_back() {
        AdvertisementAuthenticator before = monotonic();
        AdvertisementAuthenticator receiver = monotonic();
        assertThat(verify(receiver, signed(before, host(1), NOW))).isNull();
        AdvertisementAuthenticator after = monotonic();
        after.continueFrom(before.sequenceNumbers());
        assertThat(verify(receiver, signed(after, host(1), NOW - 86_400_000))).isNull();
    }

    @Test
    void what_was_heard_is_old_to_the_next_one_too_whatever_its_keys() {
        AdvertisementAuthenticator sender = monotonic();
        AdvertisementAuthenticator before = monotonic();
        ByteBuf first = signed(sender, host(1), NOW);
        ByteBuf second = signed(sender, host(1), NOW);
        assertThat(verify(before, first)).isNull();
        AdvertisementAuthenticator after = hmac(AntiReplay.MONOTONIC, List.of(ONE, TWO));
        after.continueFrom(before.sequenceNumbers());
        assertThat(verify(after, first)).isEqualTo(RejectReason.HMAC_REPLAY);
        assertThat(verify(after, second)).isNull();
    }

    @Test
    void marks_stay_with_their_senders_when_other_peers_have_places_of_their_own() {
        AdvertisementAuthenticator before = monotonic(host(1), host(2));
        ByteBuf[] packets = new ByteBuf[8];
        for (int i = 1; i < packets.length; i++) {
            packets[i] = signed(monotonic(), host(i), NOW);
        }
        // 1 and 2 are peers; of the others 7 takes the place of 3.
        for (int i = 1; i < packets.length; i++) {
            assertThat(verify(before, packets[i])).isNull();
        }
        SequenceNumbers numbers = before.sequenceNumbers();
        assertThat(numbers.marks())
                .extracting(SequenceNumbers.Mark::sender)
                .containsExactly(host(1), host(2), host(4), host(5), host(6), host(7));
        // Now 2 and 7 are; 1, 4, 5 and 6 share four places.
        AdvertisementAuthenticator after = monotonic(host(2), host(7));
        after.continueFrom(numbers);
        for (int i : new int[] {1, 2, 4, 5, 6, 7}) {
            assertThat(verify(after, packets[i])).as("%d", i).isEqualTo(RejectReason.HMAC_REPLAY);
        }
        // Without peers there is room for four: those heard last.
        AdvertisementAuthenticator multicast = monotonic();
        multicast.continueFrom(numbers);
        assertThat(verify(multicast, packets[7])).isEqualTo(RejectReason.HMAC_REPLAY);
        assertThat(verify(multicast, packets[4])).isEqualTo(RejectReason.HMAC_REPLAY);
        assertThat(verify(multicast, packets[1])).isNull();
    }

    @Test
    void what_the_next_one_does_not_need_is_left() {
        AdvertisementAuthenticator before = monotonic();
        signed(before, host(1), NOW);
        AdvertisementAuthenticator none =
                new AdvertisementAuthenticator(Authentication.NONE, Optional.empty(), 100, List.of());
        none.continueFrom(before.sequenceNumbers());
        assertThat(none.sequenceNumbers()).isEqualTo(new SequenceNumbers(0, OptionalLong.empty(), List.of()));
        AdvertisementAuthenticator fresh = monotonic();
        fresh.continueFrom(none.sequenceNumbers());
        assertThat(fresh.sequenceNumbers().trailer()).isEmpty();
    }
}
