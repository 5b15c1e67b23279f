// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AdvertisementCodecTest {

    private static final IpAddress SOURCE = IpAddress.parse("198.51.100.10");
    private static final IpAddress GROUP = AddressFamily.IPV4.vrrpGroup();
    private static final Advertisement V3 = new Advertisement(
            Version.V3,
            51,
            200,
            100,
            List.of(IpAddress.parse("192.0.2.100")),
            Authentication.NONE,
            ChecksumForm.MESSAGE_ONLY);

    @Test
    void rfc9568_section_5_2_8_the_ipv4_checksum_covers_the_message_only() {
        assertThat(encode(V3)).isEqualTo("3133c80100644402c0000264");
    }

    @Test
    void each_checksum_mode_accepts_its_own_form_and_auto_accepts_both() {
        ByteBuf plain = message(V3);
        ByteBuf pseudo = message(withForm(ChecksumForm.PSEUDO_HEADER));
        assertThat(decode(plain, ChecksumMode.RFC9568)).isEqualTo(V3);
        assertThat(decode(pseudo, ChecksumMode.RFC9568)).isEqualTo(RejectReason.BAD_CHECKSUM);
        assertThat(decode(plain, ChecksumMode.PSEUDO_HEADER)).isEqualTo(RejectReason.BAD_CHECKSUM);
        assertThat(decode(pseudo, ChecksumMode.PSEUDO_HEADER)).isEqualTo(withForm(ChecksumForm.PSEUDO_HEADER));
        assertThat(decode(plain, ChecksumMode.AUTO)).isEqualTo(V3);
        assertThat(decode(pseudo, ChecksumMode.AUTO)).isEqualTo(withForm(ChecksumForm.PSEUDO_HEADER));
    }

    @Test
    void rfc9568_section_5_2_6_reserved_bits_are_ignored_on_reception() {
        ByteBuf message = message(V3);
        message.setByte(4, 0x50);
        fixChecksum(message);
        assertThat(decode(message, ChecksumMode.RFC9568)).isEqualTo(V3);
    }

    @Test
    void octets_behind_the_total_length_of_an_ipv4_datagram_are_padding() {
        try (AdvertisementPacket packet = new AdvertisementPacket(V3, SOURCE, UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(1);
            ByteBuf padded =
                    Unpooled.buffer().writeBytes(packet.octets().duplicate()).writeZero(14);
            Envelope envelope = new Envelope();
            assertThat(envelope.setIpv4(padded)).isNull();
            assertThat(AdvertisementCodec.decode(envelope, ChecksumMode.AUTO)).isEqualTo(V3);
        }
    }

    @Test
    void a_stamped_packet_has_a_right_header_checksum_for_every_identification() {
        try (AdvertisementPacket packet = new AdvertisementPacket(V3, SOURCE, UnpooledByteBufAllocator.DEFAULT)) {
            for (int identification : new int[] {1, 2, 0x1234, 0xffff}) {
                packet.stamp(identification);
                assertThat(packet.octets().getUnsignedShort(4)).isEqualTo(identification);
                assertThat(InternetChecksum.finish(InternetChecksum.sum(packet.octets(), 0, 20)))
                        .isZero();
            }
        }
    }

    @Test
    void an_ip_header_that_is_none_of_ours_has_a_reason() {
        ByteBuf whole = Unpooled.buffer();
        try (AdvertisementPacket packet = new AdvertisementPacket(V3, SOURCE, UnpooledByteBufAllocator.DEFAULT)) {
            whole.writeBytes(packet.octets().duplicate());
        }
        Envelope envelope = new Envelope();
        assertThat(envelope.setIpv4(whole.copy(0, 19))).isEqualTo(RejectReason.TRUNCATED);
        assertThat(envelope.setIpv4(whole.copy(0, 31))).isEqualTo(RejectReason.TRUNCATED);
        assertThat(envelope.setIpv4(whole.copy().setByte(0, 0x65))).isEqualTo(RejectReason.BAD_IP_HEADER);
        assertThat(envelope.setIpv4(whole.copy().setByte(0, 0x44))).isEqualTo(RejectReason.BAD_IP_HEADER);
        assertThat(envelope.setIpv4(whole.copy().setByte(9, 111))).isEqualTo(RejectReason.BAD_IP_HEADER);
        assertThat(envelope.setIpv4(whole.copy().setShort(6, 0x2000))).isEqualTo(RejectReason.BAD_IP_HEADER);
        assertThat(envelope.setIpv4(whole.copy().setShort(6, 0x4000))).isNull();
    }

    @Test
    void version_2_over_ipv6_is_decoded_only_where_it_is_asked_for() {
        Advertisement advertisement = Datagrams.version2(Authentication.NONE, "fe80::100", "2001:db8::1");
        ByteBuf message = Datagrams.packet(advertisement);
        assertThat(message.readableBytes()).as("8 + 16 n").isEqualTo(40);
        Envelope envelope = Datagrams.envelope(message, AddressFamily.IPV6);
        assertThat(AdvertisementCodec.decode(envelope, ChecksumMode.AUTO)).isEqualTo(RejectReason.BAD_VERSION);
        DecodeRules explicit = new DecodeRules(ChecksumMode.AUTO, true, false);
        assertThat(AdvertisementCodec.decode(envelope, explicit)).isEqualTo(advertisement);
    }

    @Property
    void any_octets_decode_to_an_advertisement_or_a_reason(@ForAll @Size(max = 80) byte[] octets, @ForAll boolean six) {
        Envelope envelope = new Envelope();
        ByteBuf packet = Unpooled.wrappedBuffer(octets);
        if (six) {
            envelope.setIpv6(packet, 0, 0, 0, 0, 255);
        } else if (envelope.setIpv4(packet) != null) {
            return;
        }
        assertThat(AdvertisementCodec.decode(envelope, ChecksumMode.AUTO)).isNotNull();
    }

    @Property
    void octets_that_begin_like_an_advertisement_decode_to_one_or_a_reason(
            @ForAll @Size(min = 8, max = 80) byte[] octets, @ForAll boolean two, @ForAll @IntRange(max = 5) int count) {
        octets[0] = (byte) (two ? 0x21 : 0x31);
        octets[3] = (byte) count;
        ByteBuf message = Unpooled.wrappedBuffer(octets);
        fixChecksum(message);
        assertThat(decode(message, ChecksumMode.AUTO)).isNotNull();
    }

    @Property
    void what_is_encoded_decodes_to_the_same_value(
            @ForAll @IntRange(min = 1, max = 255) int virtualRouterId,
            @ForAll @IntRange(max = 255) int priority,
            @ForAll @IntRange(min = 1, max = 4095) int centis,
            @ForAll @Size(min = 1, max = 255) List<Integer> hosts,
            @ForAll boolean pseudoHeader,
            @ForAll boolean two) {
        ChecksumForm form = pseudoHeader ? ChecksumForm.PSEUDO_HEADER : ChecksumForm.MESSAGE_ONLY;
        List<IpAddress> addresses = hosts.stream().map(IpAddress::ipv4).toList();
        Advertisement advertisement = two
                ? new Advertisement(
                        Version.V2,
                        virtualRouterId,
                        priority,
                        (centis % 255 + 1) * 100,
                        addresses,
                        Authentication.password("p" + centis),
                        ChecksumForm.MESSAGE_ONLY)
                : new Advertisement(
                        Version.V3, virtualRouterId, priority, centis, addresses, Authentication.NONE, form);
        ChecksumMode mode = form == ChecksumForm.MESSAGE_ONLY ? ChecksumMode.RFC9568 : ChecksumMode.PSEUDO_HEADER;
        assertThat(decode(message(advertisement), mode)).isEqualTo(advertisement);
    }

    @Property
    void one_flipped_bit_never_gives_the_same_advertisement(@ForAll @IntRange(max = 12 * 8 - 1) int bit) {
        ByteBuf message = message(V3);
        message.setByte(bit / 8, message.getByte(bit / 8) ^ 0x80 >>> bit % 8);
        assertThat(decode(message, ChecksumMode.RFC9568)).isInstanceOf(RejectReason.class);
    }

    private static Advertisement withForm(ChecksumForm form) {
        return new Advertisement(
                V3.version(),
                V3.virtualRouterId(),
                V3.priority(),
                V3.intervalCentis(),
                V3.addresses(),
                V3.authentication(),
                form);
    }

    private static ByteBuf message(Advertisement advertisement) {
        ByteBuf out = Unpooled.buffer();
        AdvertisementCodec.encode(advertisement, SOURCE, GROUP, out);
        return out;
    }

    private static String encode(Advertisement advertisement) {
        return ByteBufUtil.hexDump(message(advertisement));
    }

    private static void fixChecksum(ByteBuf message) {
        message.setShort(6, 0);
        message.setShort(6, InternetChecksum.finish(InternetChecksum.sum(message, 0, message.readableBytes())));
    }

    private static Decoded decode(ByteBuf message, ChecksumMode mode) {
        ByteBuf datagram = Unpooled.buffer();
        datagram.writeByte(0x45)
                .writeByte(0xc0)
                .writeShort(20 + message.readableBytes())
                .writeInt(0);
        datagram.writeByte(255).writeByte(112).writeShort(0);
        SOURCE.write(datagram);
        GROUP.write(datagram);
        datagram.writeBytes(message.duplicate());
        Envelope envelope = new Envelope();
        assertThat(envelope.setIpv4(datagram)).isNull();
        return AdvertisementCodec.decode(envelope, mode);
    }
}
