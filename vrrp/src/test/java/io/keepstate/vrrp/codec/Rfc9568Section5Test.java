// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * RFC 9568 section 5: the format of version 3, one test for each field. Section 7.1 is in AdvertisementReceiverTest.
 */
class Rfc9568Section5Test {

    private static final Advertisement IPV4 = Datagrams.version3("192.0.2.100");
    private static final Advertisement IPV6 = Datagrams.version3("fe80::100", "2001:db8::100");
    private static final int MESSAGE = Datagrams.MESSAGE;

    private static Decoded decode(ByteBuf datagram) {
        return AdvertisementCodec.decode(Datagrams.ipv4(datagram), ChecksumMode.RFC9568);
    }

    /** The outcome of a packet with one thing changed and the checksum made right again. */
    private static Decoded changed(Consumer<ByteBuf> change) {
        ByteBuf datagram = Datagrams.packet(IPV4);
        change.accept(datagram);
        return decode(Datagrams.repaired(datagram));
    }

    private static Advertisement with(int virtualRouterId, int priority, int centis) {
        return new Advertisement(
                Version.V3,
                virtualRouterId,
                priority,
                centis,
                IPV4.addresses(),
                Authentication.NONE,
                ChecksumForm.MESSAGE_ONLY);
    }

    @Test
    void section_5_1_1_1_the_ipv4_source_is_the_primary_address() {
        assertThat(Datagrams.ipv4(Datagrams.packet(IPV4)).source()).isEqualTo(Datagrams.SOURCE4);
    }

    @Test
    void section_5_1_1_2_the_ipv4_destination_is_224_0_0_18() {
        assertThat(Datagrams.ipv4(Datagrams.packet(IPV4)).destination()).hasToString("224.0.0.18");
    }

    @Test
    void section_5_1_1_3_the_ttl_is_255() {
        assertThat(Datagrams.packet(IPV4).getUnsignedByte(8)).isEqualTo((short) 255);
        assertThat(Datagrams.ipv4(Datagrams.packet(IPV4)).hopLimit()).isEqualTo(255);
    }

    @Test
    void section_5_1_1_4_the_protocol_is_112() {
        assertThat(Datagrams.packet(IPV4).getUnsignedByte(9)).isEqualTo((short) 112);
        assertThat(new Envelope().setIpv4(Datagrams.packet(IPV4).setByte(9, 111)))
                .isEqualTo(RejectReason.BAD_IP_HEADER);
    }

    @Test
    void section_5_1_2_2_the_ipv6_destination_is_ff02_12() {
        assertThat(AddressFamily.IPV6.vrrpGroup()).hasToString("ff02::12");
    }

    @Test
    void section_5_2_the_octets_of_an_ipv4_message() {
        assertThat(ByteBufUtil.hexDump(Datagrams.packet(IPV4)).substring(2 * MESSAGE))
                .isEqualTo("31" + "33" + "c8" + "01" + "0064" + "4402" + "c0000264");
    }

    @Test
    void section_5_2_the_octets_of_an_ipv6_message() {
        String octets = ByteBufUtil.hexDump(Datagrams.packet(IPV6));
        assertThat(octets).startsWith("31" + "33" + "c8" + "02" + "0064");
        assertThat(octets.substring(16))
                .isEqualTo("fe800000000000000000000000000100" + "20010db8000000000000000000000100");
    }

    @Test
    void section_5_2_1_a_version_that_is_neither_2_nor_3_is_rejected() {
        for (int version = 0; version < 16; version++) {
            int first = version << 4 | 1;
            Decoded decoded = changed(it -> it.setByte(MESSAGE, first));
            if (version == 3) {
                assertThat(decoded).isEqualTo(IPV4);
            } else if (version != 2) {
                assertThat(decoded).isEqualTo(RejectReason.BAD_VERSION);
            }
        }
    }

    @Test
    void section_5_2_2_any_type_but_advertisement_is_discarded() {
        for (int type = 0; type < 16; type++) {
            int first = 3 << 4 | type;
            assertThat(changed(it -> it.setByte(MESSAGE, first))).isEqualTo(type == 1 ? IPV4 : RejectReason.BAD_TYPE);
        }
    }

    @Test
    void section_5_2_3_the_vrid_is_1_to_255() {
        for (int vrid = 1; vrid <= 255; vrid++) {
            Advertisement sent = with(vrid, 100, 100);
            assertThat(decode(Datagrams.packet(sent))).isEqualTo(sent);
        }
        assertThat(changed(it -> it.setByte(MESSAGE + 1, 0))).isEqualTo(RejectReason.WRONG_VRID);
    }

    @Test
    void section_5_2_4_the_priority_is_0_to_255() {
        for (int priority = 0; priority <= 255; priority++) {
            Advertisement sent = with(51, priority, 100);
            assertThat(decode(Datagrams.packet(sent))).isEqualTo(sent);
        }
    }

    @Test
    void section_5_2_5_up_to_255_addresses_and_never_none() {
        for (int count : new int[] {1, 2, 20, 254, 255}) {
            String[] addresses = new String[count];
            for (int i = 0; i < count; i++) {
                addresses[i] = "10.1." + i / 200 + "." + i % 200;
            }
            Advertisement sent = Datagrams.version3(addresses);
            assertThat(Datagrams.packet(sent).readableBytes()).isEqualTo(20 + 8 + 4 * count);
            assertThat(decode(Datagrams.packet(sent))).isEqualTo(sent);
        }
        assertThat(changed(it -> it.setByte(MESSAGE + 3, 0))).isEqualTo(RejectReason.COUNT_ZERO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Advertisement(
                        Version.V3, 51, 100, 100, List.of(), Authentication.NONE, ChecksumForm.MESSAGE_ONLY));
    }

    @Test
    void section_5_2_5_up_to_255_ipv6_addresses() {
        String[] addresses = new String[255];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = "fe80::" + Integer.toHexString(i + 1);
        }
        Advertisement sent = Datagrams.version3(addresses);
        ByteBuf payload = Datagrams.packet(sent);
        assertThat(payload.readableBytes()).isEqualTo(8 + 16 * 255);
        assertThat(AdvertisementCodec.decode(Datagrams.envelope(payload, AddressFamily.IPV6), ChecksumMode.AUTO))
                .isEqualTo(sent);
    }

    @Test
    void section_5_2_5_the_count_must_be_that_of_the_addresses_there() {
        assertThat(changed(it -> it.setByte(MESSAGE + 3, 2))).isEqualTo(RejectReason.LENGTH_MISMATCH);
        ByteBuf two = Datagrams.packet(Datagrams.version3("192.0.2.1", "192.0.2.2"));
        assertThat(decode(Datagrams.repaired(two.setByte(MESSAGE + 3, 1)))).isEqualTo(RejectReason.LENGTH_MISMATCH);
    }

    @Test
    void section_5_2_6_the_reserved_field_is_sent_as_zero_and_ignored() {
        assertThat(Datagrams.packet(IPV4).getUnsignedByte(MESSAGE + 4) >>> 4).isZero();
        for (int reserved = 0; reserved < 16; reserved++) {
            int octet = reserved << 4;
            assertThat(changed(it -> it.setByte(MESSAGE + 4, octet))).isEqualTo(IPV4);
        }
    }

    @Test
    void section_5_2_7_the_interval_is_1_to_4095_centiseconds() {
        for (int centis : new int[] {1, 10, 100, 255, 256, 4094, 4095}) {
            Advertisement sent = with(51, 100, centis);
            assertThat(decode(Datagrams.packet(sent))).isEqualTo(sent);
        }
        assertThat(changed(it -> it.setShort(MESSAGE + 4, 0))).isEqualTo(RejectReason.INTERVAL_ZERO);
        assertThat(changed(it -> it.setShort(MESSAGE + 4, 0xf000))).isEqualTo(RejectReason.INTERVAL_ZERO);
    }

    @Test
    void section_5_2_8_the_ipv4_checksum_is_that_of_the_message_alone() {
        ByteBuf packet = Datagrams.packet(IPV4);
        assertThat(InternetChecksum.finish(InternetChecksum.sum(packet, MESSAGE, 12)))
                .isZero();
        assertThat(decode(packet.setByte(MESSAGE + 6, 0))).isEqualTo(RejectReason.BAD_CHECKSUM);
    }

    @Test
    void section_5_2_8_the_ipv6_checksum_has_the_pseudo_header_in_front() {
        // From the RFC's words by hand: source, destination, length and next header in words of 32 bits.
        ByteBuf payload = Datagrams.packet(IPV6);
        ByteBuf whole = Unpooled.buffer();
        Datagrams.SOURCE6.write(whole);
        AddressFamily.IPV6.vrrpGroup().write(whole);
        whole.writeInt(payload.readableBytes()).writeInt(112).writeBytes(payload.duplicate());
        assertThat(InternetChecksum.finish(InternetChecksum.sum(whole, 0, whole.readableBytes())))
                .isZero();
        Envelope envelope = Datagrams.ipv6(payload, Datagrams.SOURCE6, IpAddress.parse("fe80::20"));
        assertThat(AdvertisementCodec.decode(envelope, ChecksumMode.AUTO)).isEqualTo(RejectReason.BAD_CHECKSUM);
    }

    @Test
    void section_5_2_9_the_addresses_come_in_their_order() {
        Advertisement sent = Datagrams.version3("192.0.2.3", "192.0.2.1", "192.0.2.2");
        assertThat(((Advertisement) decode(Datagrams.packet(sent))).addresses()).isEqualTo(sent.addresses());
    }

    @Test
    void a_message_shorter_than_its_fixed_part_is_truncated() {
        for (int length = 0; length < 8; length++) {
            ByteBuf datagram = Datagrams.packet(IPV4).setShort(2, MESSAGE + length);
            assertThat(decode(datagram)).isEqualTo(RejectReason.TRUNCATED);
        }
    }
}
