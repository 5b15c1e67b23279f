// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RFC 2338 section 5.3.6.3: the IP authentication header, with a packet that keepalived 2.2.7 put on a wire. */
class AuthenticationHeaderTest {

    private static final IpAddress SOURCE = IpAddress.parse("10.9.0.1");
    private static final IpAddress PEER = IpAddress.parse("10.9.0.2");
    private static final IpAddress GROUP = AddressFamily.IPV4.vrrpGroup();
    private static final Authentication KEY = Authentication.header("zzzz");
    /** Password zzzz, sequence number 1, VRID 61, priority 100, one second. */
    private static final String CAPTURED = "45c0004000010000ff33d0ad0a090001e0000012"
            + "700400000a09000100000001b6d20cd1ae0d9aa2dea58b1f"
            + "213d640102016e530a0900640000000000000000";

    private static final Advertisement ADVERTISEMENT = new Advertisement(
            Version.V2, 61, 100, 100, List.of(IpAddress.parse("10.9.0.100")), KEY, ChecksumForm.MESSAGE_ONLY);
    private static final int HEADER = 20;

    private static AdvertisementAuthenticator authenticator(Authentication authentication) {
        return new AdvertisementAuthenticator(authentication, Optional.empty(), 100, List.of());
    }

    private static ByteBuf captured() {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(CAPTURED));
    }

    private static RejectReason verify(AdvertisementAuthenticator authenticator, ByteBuf packet) {
        Envelope envelope = Datagrams.ipv4(packet);
        RejectReason reason = authenticator.checkHeader(envelope);
        return reason != null ? reason : authenticator.verifyVersion2(envelope);
    }

    private static RejectReason verifyAndAccept(AdvertisementAuthenticator authenticator, ByteBuf packet) {
        RejectReason reason = verify(authenticator, packet);
        if (reason == null) {
            authenticator.accept(Datagrams.ipv4(packet), 0);
        }
        return reason;
    }

    private static ByteBuf signed(AdvertisementAuthenticator authenticator, IpAddress destination, int ttl) {
        try (AdvertisementPacket packet = new AdvertisementPacket(
                ADVERTISEMENT, SOURCE, destination, ttl, false, UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(1);
            assertThat(authenticator.sign(packet, 0)).isTrue();
            return Unpooled.copiedBuffer(packet.octets());
        }
    }

    private static ByteBuf signed(AdvertisementAuthenticator authenticator) {
        return signed(authenticator, GROUP, 255);
    }

    @Test
    void what_we_sign_is_the_captured_packet() {
        assertThat(ByteBufUtil.hexDump(signed(authenticator(KEY)))).isEqualTo(CAPTURED);
    }

    @Test
    void the_captured_packet_is_accepted_and_decodes() {
        assertThat(verify(authenticator(KEY), captured())).isNull();
        Envelope envelope = Datagrams.ipv4(captured());
        assertThat(envelope.hasAuthenticationHeader()).isTrue();
        Advertisement decoded = (Advertisement) AdvertisementCodec.decode(envelope, ChecksumMode.AUTO);
        assertThat(decoded.addresses()).isEqualTo(ADVERTISEMENT.addresses());
        assertThat(decoded.authentication()).isEqualTo(new Authentication.Header(0));
        assertThat(decoded.authentication().toString()).isEqualTo("authentication header");
    }

    @Test
    void another_key_is_a_wrong_check_value() {
        assertThat(verify(authenticator(Authentication.header("zzzy")), captured()))
                .isEqualTo(RejectReason.WRONG_AUTH_HEADER);
    }

    @Test
    void only_the_fields_that_change_on_the_way_may_change() {
        ByteBuf packet = captured();
        for (int bit = 0; bit < packet.writerIndex() * 8; bit++) {
            ByteBuf changed = packet.copy();
            int octet = bit / 8;
            changed.setByte(octet, changed.getByte(octet) ^ 0x80 >>> bit % 8);
            if (new Envelope().setIpv4(changed) != null) {
                continue; // not even such a datagram any more: a reason of its own
            }
            boolean mutable = octet == 1 || octet == 6 || octet == 7 || octet == 10 || octet == 11;
            assertThat(verify(authenticator(KEY), changed) == null)
                    .as("bit %d of octet %d", bit % 8, octet)
                    .isEqualTo(mutable);
        }
    }

    @Test
    void the_ttl_is_covered_in_multicast_and_not_in_unicast() {
        ByteBuf multicast = captured();
        multicast.setByte(8, 254);
        assertThat(verify(authenticator(KEY), multicast)).isEqualTo(RejectReason.WRONG_AUTH_HEADER);
        ByteBuf unicast = signed(authenticator(KEY), PEER, 64);
        unicast.setByte(8, 61);
        assertThat(verify(authenticator(KEY), unicast)).isNull();
    }

    @Test
    void a_header_that_is_not_of_vrrp_has_a_reason() {
        Envelope envelope = new Envelope();
        assertThat(envelope.setIpv4(captured().setByte(HEADER, 6))).isEqualTo(RejectReason.BAD_AUTH_HEADER);
        assertThat(envelope.setIpv4(captured().setByte(HEADER + 1, 5))).isEqualTo(RejectReason.BAD_AUTH_HEADER);
        assertThat(envelope.setIpv4(captured().setShort(2, 43))).isEqualTo(RejectReason.TRUNCATED);
    }

    @Test
    void an_spi_that_is_not_the_source_address_has_a_reason() {
        assertThat(verify(authenticator(KEY), captured().setByte(HEADER + 7, 2)))
                .isEqualTo(RejectReason.BAD_AUTH_HEADER);
    }

    @Test
    void the_header_must_be_there_if_and_only_if_it_is_configured() {
        assertThat(verify(authenticator(Authentication.NONE), captured())).isEqualTo(RejectReason.AUTH_TYPE_MISMATCH);
        assertThat(verify(authenticator(KEY), Datagrams.packet(Datagrams.version2(Authentication.NONE, "192.0.2.1"))))
                .isEqualTo(RejectReason.AUTH_TYPE_MISMATCH);
    }

    @Test
    void the_sequence_number_must_grow_and_nothing_is_kept_of_a_packet_that_is_not_accepted() {
        AdvertisementAuthenticator receiver = authenticator(KEY);
        assertThat(verify(receiver, captured())).isNull();
        assertThat(verifyAndAccept(receiver, captured()))
                .as("only looked at before")
                .isNull();
        assertThat(verify(receiver, captured())).isEqualTo(RejectReason.AUTH_HEADER_REPLAY);
    }

    @Test
    void a_router_that_takes_over_goes_on_from_the_last_number_it_heard() {
        AdvertisementAuthenticator active = authenticator(KEY);
        AdvertisementAuthenticator backup = authenticator(KEY);
        AdvertisementAuthenticator third = authenticator(KEY);
        for (int i = 0; i < 5; i++) {
            ByteBuf packet = signed(active);
            assertThat(verifyAndAccept(backup, packet)).isNull();
            assertThat(verifyAndAccept(third, packet)).isNull();
        }
        ByteBuf first = signed(backup);
        assertThat(sequence(first)).isEqualTo(6);
        assertThat(verifyAndAccept(third, first)).isNull();
        assertThat(verifyAndAccept(active, first))
                .as("the old active router hears it too")
                .isNull();
    }

    @Test
    void an_active_router_is_above_a_number_it_heard_with_its_next_advertisement() {
        AdvertisementAuthenticator active = authenticator(KEY);
        AdvertisementAuthenticator restarted = authenticator(KEY);
        for (int i = 0; i < 9; i++) {
            signed(restarted);
        }
        assertThat(verifyAndAccept(active, signed(restarted))).isNull();
        ByteBuf answer = signed(active);
        assertThat(sequence(answer)).isEqualTo(11);
        assertThat(verifyAndAccept(restarted, answer)).isNull();
    }

    @Test
    void the_sequence_never_wraps() {
        AuthenticationHeaderKey key = new AuthenticationHeaderKey(1);
        try (AdvertisementPacket packet =
                new AdvertisementPacket(ADVERTISEMENT, SOURCE, UnpooledByteBufAllocator.DEFAULT)) {
            packet.octets().setInt(HEADER + AuthenticationHeader.SEQUENCE, 0xffff_fffe);
            key.accept(Datagrams.ipv4(packet.octets()));
            assertThat(key.sign(packet.octets(), false)).isTrue();
            assertThat(sequence(packet.octets())).isEqualTo(0xffff_ffffL);
            assertThat(key.sign(packet.octets(), false)).as("used up").isFalse();
            assertThat(sequence(packet.octets())).isEqualTo(0xffff_ffffL);
        }
    }

    private static long sequence(ByteBuf packet) {
        return packet.getUnsignedInt(HEADER + AuthenticationHeader.SEQUENCE);
    }
}
