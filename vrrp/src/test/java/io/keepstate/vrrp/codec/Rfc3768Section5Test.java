// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * RFC 3768 section 5.3: the format of version 2, one test for each field; the authentication data are those of RFC
 * 2338.
 */
class Rfc3768Section5Test {

    private static final Advertisement PLAIN = Datagrams.version2(Authentication.NONE, "192.0.2.100");
    private static final int MESSAGE = Datagrams.MESSAGE;

    private static Decoded decode(ByteBuf datagram) {
        return AdvertisementCodec.decode(Datagrams.ipv4(datagram), ChecksumMode.AUTO);
    }

    private static Decoded changed(Consumer<ByteBuf> change) {
        ByteBuf datagram = Datagrams.packet(PLAIN);
        change.accept(datagram);
        return decode(Datagrams.repaired(datagram));
    }

    @Test
    void section_5_3_the_octets_of_a_message() {
        String message = ByteBufUtil.hexDump(
                        Datagrams.packet(Datagrams.version2(Authentication.password("zzzz"), "192.0.2.100")))
                .substring(2 * MESSAGE);
        assertThat(message)
                .startsWith("21" + "33" + "c8" + "01" + "01" + "01")
                .endsWith("c0000264" + "7a7a7a7a00000000");
        assertThat(message).hasSize(2 * (16 + 4));
    }

    @Test
    void section_5_3_2_any_type_but_advertisement_is_discarded() {
        assertThat(changed(it -> it.setByte(MESSAGE, 0x22))).isEqualTo(RejectReason.BAD_TYPE);
        assertThat(changed(it -> it.setByte(MESSAGE, 0x20))).isEqualTo(RejectReason.BAD_TYPE);
    }

    @Test
    void section_5_3_3_vrid_0_is_rejected() {
        assertThat(changed(it -> it.setByte(MESSAGE + 1, 0))).isEqualTo(RejectReason.WRONG_VRID);
    }

    @Test
    void section_5_3_5_up_to_255_addresses_and_never_none() {
        String[] addresses = new String[255];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = "10.1." + i / 200 + "." + i % 200;
        }
        Advertisement sent = Datagrams.version2(Authentication.NONE, addresses);
        assertThat(Datagrams.packet(sent).readableBytes()).isEqualTo(20 + 16 + 4 * 255);
        assertThat(decode(Datagrams.packet(sent))).isEqualTo(sent);
        assertThat(changed(it -> it.setByte(MESSAGE + 3, 0))).isEqualTo(RejectReason.COUNT_ZERO);
    }

    @Test
    void section_5_3_6_an_unknown_authentication_type_is_discarded() {
        for (int type = 3; type <= 255; type++) {
            int octet = type;
            assertThat(changed(it -> it.setByte(MESSAGE + 4, octet))).isEqualTo(RejectReason.INVALID_AUTH_TYPE);
        }
        assertThat(changed(it -> it.setByte(MESSAGE + 4, 1))).isInstanceOf(Advertisement.class);
    }

    @Test
    void section_5_3_7_the_interval_is_1_to_255_seconds() {
        for (int seconds : new int[] {1, 2, 254, 255}) {
            assertThat(changed(it -> it.setByte(MESSAGE + 5, seconds)))
                    .isInstanceOfSatisfying(
                            Advertisement.class,
                            it -> assertThat(it.intervalCentis()).isEqualTo(seconds * 100));
        }
        assertThat(changed(it -> it.setByte(MESSAGE + 5, 0))).isEqualTo(RejectReason.INTERVAL_ZERO);
    }

    @Test
    void section_5_3_8_the_checksum_covers_the_authentication_data_and_no_pseudo_header() {
        ByteBuf packet = Datagrams.packet(PLAIN);
        assertThat(InternetChecksum.finish(InternetChecksum.sum(packet, MESSAGE, 20)))
                .isZero();
        assertThat(decode(packet.setByte(packet.writerIndex() - 1, 1))).isEqualTo(RejectReason.BAD_CHECKSUM);
        // No mode for version 3 changes anything.
        for (ChecksumMode mode : ChecksumMode.values()) {
            assertThat(AdvertisementCodec.decode(Datagrams.ipv4(Datagrams.packet(PLAIN)), mode))
                    .isEqualTo(PLAIN);
        }
    }

    @Test
    void section_5_3_10_the_authentication_data_is_sent_as_zero_and_ignored_without_authentication() {
        ByteBuf packet = Datagrams.packet(PLAIN);
        assertThat(packet.getLong(MESSAGE + 12)).isZero();
        assertThat(decode(Datagrams.repaired(packet.setLong(MESSAGE + 12, -1)))).isEqualTo(PLAIN);
    }

    @Test
    void the_authentication_data_is_always_there() {
        ByteBuf packet = Datagrams.packet(PLAIN).setShort(2, MESSAGE + 12);
        assertThat(decode(packet)).isEqualTo(RejectReason.LENGTH_MISMATCH);
    }

    @Test
    void over_ipv6_there_is_no_authentication_data_and_no_authentication() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Datagrams.version2(Authentication.password("x"), "fe80::1"))
                .withMessageContaining("must be none");
    }
}
