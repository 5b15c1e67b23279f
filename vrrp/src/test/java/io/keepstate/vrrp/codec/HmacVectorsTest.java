// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The vectors of the draft (appendix), in both directions: key 00 01 .. 1f under identifier 1, VRID 51, priority 200,
 * sequence 0x6800000080000000; and what each changed bit must be taken for.
 */
class HmacVectorsTest {

    private static final String TRAILER4 = "010100006800000080000000" + "1b84bc4e8e43892dc6d98448f8ee2265";
    private static final String MESSAGE4 = "3133c80100644402c0000264";
    private static final String PAYLOAD6 = "3133c8010064a2e9fe800000000000000000000000000100"
            + "010100006800000080000000c8c56146ebfd66ee10ec4d8186461b78";
    /** The instant of the vectors' sequence number: half past a second. */
    private static final long NOW = 0x68000000L * 1000 + 500;

    private static final IpAddress DESTINATION6 = IpAddress.parse("fe80::20");
    private static final int TRAILER = Datagrams.MESSAGE + 12;

    private static AdvertisementAuthenticator authenticator() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return new AdvertisementAuthenticator(
                Authentication.NONE, Optional.of(HmacAuthentication.of(new HmacKey(1, key))), 100, List.of());
    }

    private static RejectReason verify(ByteBuf datagram) {
        return authenticator().verifyTrailer(Datagrams.ipv4(datagram), NOW);
    }

    private static ByteBuf changed(Consumer<ByteBuf> change) {
        ByteBuf datagram = Datagrams.datagram(MESSAGE4 + TRAILER4);
        change.accept(datagram);
        return datagram;
    }

    private static ByteBuf flipped(int octet) {
        return changed(it -> it.setByte(octet, it.getByte(octet) ^ 1));
    }

    @Test
    void the_ipv4_vector_is_what_we_sign() {
        ByteBuf packet = Datagrams.packet(
                Datagrams.version3("192.0.2.100"),
                Datagrams.SOURCE4,
                AddressFamily.IPV4.vrrpGroup(),
                authenticator(),
                NOW);
        assertThat(ByteBufUtil.hexDump(packet).substring(2 * Datagrams.MESSAGE)).isEqualTo(MESSAGE4 + TRAILER4);
        assertThat(packet.getUnsignedShort(2))
                .as("total length, with the trailer")
                .isEqualTo(20 + 12 + 28);
    }

    @Test
    void the_ipv6_vector_is_what_we_sign_and_its_checksum_covers_the_trailer() {
        ByteBuf packet = Datagrams.packet(
                Datagrams.version3("fe80::100"), Datagrams.SOURCE6, DESTINATION6, authenticator(), NOW);
        // The vector's checksum is that of the message alone, as before the kernel fills it in.
        ByteBuf vector = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(PAYLOAD6));
        assertThat(withoutChecksum(packet)).isEqualTo(withoutChecksum(vector));
        Envelope envelope = Datagrams.ipv6(packet, Datagrams.SOURCE6, DESTINATION6);
        assertThat(AdvertisementCodec.checksumForm(envelope, ChecksumMode.AUTO)).isEqualTo(ChecksumForm.PSEUDO_HEADER);
        packet.setByte(packet.writerIndex() - 1, packet.getByte(packet.writerIndex() - 1) ^ 1);
        assertThat(AdvertisementCodec.checksumForm(envelope, ChecksumMode.AUTO)).isNull();
    }

    @Test
    void both_vectors_are_accepted() {
        assertThat(verify(changed(it -> {}))).isNull();
        Envelope envelope = Datagrams.ipv6(
                Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(PAYLOAD6)), Datagrams.SOURCE6, DESTINATION6);
        assertThat(authenticator().verifyTrailer(envelope, NOW)).isNull();
    }

    @Test
    void the_trailer_of_a_packet_can_be_read() {
        Envelope envelope = Datagrams.ipv4(changed(it -> {}));
        HmacTrailer trailer = HmacTrailer.of(envelope).orElseThrow();
        assertThat(trailer.type()).isEqualTo(1);
        assertThat(trailer.keyId()).isEqualTo(1);
        assertThat(trailer.reserved()).isZero();
        assertThat(trailer.seconds()).isEqualTo(0x68000000L);
        assertThat(trailer.fraction()).isEqualTo(0x8000);
        assertThat(trailer.counter()).isZero();
        assertThat(trailer.mac()).isEqualTo("1b84bc4e8e43892dc6d98448f8ee2265");
        assertThat(AdvertisementCodec.decode(envelope, DecodeRules.LENIENT))
                .isEqualTo(Datagrams.version3("192.0.2.100"));
        assertThat(AdvertisementCodec.decode(envelope, ChecksumMode.AUTO)).isEqualTo(RejectReason.LENGTH_MISMATCH);
        assertThat(HmacTrailer.of(Datagrams.ipv4(Datagrams.datagram(MESSAGE4)))).isEmpty();
    }

    @Test
    void a_changed_priority_interval_or_address_is_a_wrong_hmac() {
        assertThat(verify(flipped(Datagrams.MESSAGE + 2))).isEqualTo(RejectReason.WRONG_HMAC);
        assertThat(verify(flipped(Datagrams.MESSAGE + 5))).isEqualTo(RejectReason.WRONG_HMAC);
        assertThat(verify(flipped(Datagrams.MESSAGE + 11))).isEqualTo(RejectReason.WRONG_HMAC);
    }

    @Test
    void a_changed_checksum_does_not_change_the_hmac() {
        assertThat(verify(flipped(Datagrams.MESSAGE + 6))).isNull();
    }

    @Test
    void a_changed_type_or_reserved_bit_is_malformed() {
        assertThat(verify(flipped(TRAILER))).isEqualTo(RejectReason.HMAC_MALFORMED);
        assertThat(verify(flipped(TRAILER + 2))).isEqualTo(RejectReason.HMAC_MALFORMED);
        assertThat(verify(flipped(TRAILER + 3))).isEqualTo(RejectReason.HMAC_MALFORMED);
    }

    @Test
    void a_changed_key_identifier_is_an_unknown_key() {
        assertThat(verify(flipped(TRAILER + 1))).isEqualTo(RejectReason.HMAC_UNKNOWN_KEY);
    }

    @Test
    void a_changed_clock_counter_or_hmac_is_a_wrong_hmac() {
        assertThat(verify(flipped(TRAILER + 7))).isEqualTo(RejectReason.WRONG_HMAC);
        assertThat(verify(flipped(TRAILER + 11))).isEqualTo(RejectReason.WRONG_HMAC);
        assertThat(verify(flipped(TRAILER + 12))).isEqualTo(RejectReason.WRONG_HMAC);
        assertThat(verify(flipped(TRAILER + 27))).isEqualTo(RejectReason.WRONG_HMAC);
    }

    @Test
    void another_source_or_virtual_router_is_a_wrong_hmac() {
        assertThat(verify(flipped(15))).isEqualTo(RejectReason.WRONG_HMAC);
        assertThat(verify(flipped(Datagrams.MESSAGE + 1))).isEqualTo(RejectReason.WRONG_HMAC);
    }

    @Test
    void another_destination_is_not_noticed_so_that_one_signature_serves_all_peers() {
        assertThat(verify(changed(it -> it.setInt(16, 0xc0000207)))).isNull();
    }

    @Test
    void the_same_packet_twice_is_a_replay() {
        AdvertisementAuthenticator authenticator = authenticator();
        Envelope envelope = Datagrams.ipv4(changed(it -> {}));
        assertThat(authenticator.verifyTrailer(envelope, NOW)).isNull();
        assertThat(authenticator.verifyTrailer(envelope, NOW))
                .as("only looked at")
                .isNull();
        authenticator.accept(envelope, NOW);
        assertThat(authenticator.verifyTrailer(envelope, NOW)).isEqualTo(RejectReason.HMAC_REPLAY);
    }

    @Test
    void a_clock_outside_the_window_is_stale_and_the_edge_is_inside() {
        Envelope envelope = Datagrams.ipv4(changed(it -> {}));
        assertThat(authenticator().verifyTrailer(envelope, NOW + 5000)).isNull();
        assertThat(authenticator().verifyTrailer(envelope, NOW - 5000)).isNull();
        assertThat(authenticator().verifyTrailer(envelope, NOW + 6000)).isEqualTo(RejectReason.HMAC_STALE);
        assertThat(authenticator().verifyTrailer(envelope, NOW - 6000)).isEqualTo(RejectReason.HMAC_STALE);
    }

    private static String withoutChecksum(ByteBuf message) {
        return ByteBufUtil.hexDump(message.copy().setShort(6, 0));
    }
}
