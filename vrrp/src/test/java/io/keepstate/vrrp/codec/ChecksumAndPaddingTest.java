// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** Where real networks differ: the forms of the checksum of version 3 over IPv4, and the padding of short frames. */
class ChecksumAndPaddingTest {

    private static final IpAddress PEER = IpAddress.parse("198.51.100.20");
    private static final IpAddress GROUP = AddressFamily.IPV4.vrrpGroup();

    private static Advertisement advertisement(ChecksumForm form) {
        Advertisement base = Datagrams.version3("192.0.2.100");
        return new Advertisement(
                base.version(),
                base.virtualRouterId(),
                base.priority(),
                base.intervalCentis(),
                base.addresses(),
                base.authentication(),
                form);
    }

    private static boolean accepts(ChecksumMode mode, ChecksumForm form, IpAddress destination) {
        ByteBuf packet = Datagrams.packet(advertisement(form), Datagrams.SOURCE4, destination);
        Decoded decoded = AdvertisementCodec.decode(Datagrams.ipv4(packet), mode);
        if (decoded instanceof Advertisement heard) {
            boolean same = form == heard.checksumForm();
            // To the group both pseudo headers are the same one.
            assertThat(same || destination.isMulticast()).isTrue();
            return true;
        }
        assertThat(decoded).isEqualTo(RejectReason.BAD_CHECKSUM);
        return false;
    }

    @Test
    void each_mode_accepts_its_own_form_and_auto_accepts_all_in_unicast() {
        for (ChecksumForm form : ChecksumForm.values()) {
            assertThat(accepts(ChecksumMode.RFC9568, form, PEER)).isEqualTo(form == ChecksumForm.MESSAGE_ONLY);
            assertThat(accepts(ChecksumMode.PSEUDO_HEADER, form, PEER)).isEqualTo(form == ChecksumForm.PSEUDO_HEADER);
            assertThat(accepts(ChecksumMode.OLD_UNICAST, form, PEER)).isEqualTo(form != ChecksumForm.MESSAGE_ONLY);
            assertThat(accepts(ChecksumMode.AUTO, form, PEER)).isTrue();
        }
    }

    @Test
    void in_multicast_the_old_form_is_the_proper_one() {
        assertThat(accepts(ChecksumMode.PSEUDO_HEADER, ChecksumForm.PSEUDO_HEADER_OF_GROUP, GROUP))
                .isTrue();
        assertThat(accepts(ChecksumMode.RFC9568, ChecksumForm.PSEUDO_HEADER_OF_GROUP, GROUP))
                .isFalse();
    }

    @Test
    void a_captured_unicast_packet_of_keepalived_has_the_pseudo_header_of_its_destination() {
        String captured = "45c0002000010000ff70a6980a0900010a090002" + "313d640100324b91" + "0a090064";
        ByteBuf packet = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(captured));
        Advertisement heard = (Advertisement) AdvertisementCodec.decode(Datagrams.ipv4(packet), ChecksumMode.AUTO);
        assertThat(heard.checksumForm()).isEqualTo(ChecksumForm.PSEUDO_HEADER);
        assertThat(heard.intervalCentis()).isEqualTo(50);
    }

    @Test
    void what_is_sent_first_is_what_keepalived_sends_unless_told_otherwise() {
        assertThat(ChecksumMode.AUTO.initialForm(Version.V3, AddressFamily.IPV4))
                .isEqualTo(ChecksumForm.PSEUDO_HEADER);
        assertThat(ChecksumMode.OLD_UNICAST.initialForm(Version.V3, AddressFamily.IPV4))
                .isEqualTo(ChecksumForm.PSEUDO_HEADER_OF_GROUP);
        assertThat(ChecksumMode.RFC9568.initialForm(Version.V3, AddressFamily.IPV4))
                .isEqualTo(ChecksumForm.MESSAGE_ONLY);
        for (ChecksumMode mode : ChecksumMode.values()) {
            assertThat(mode.initialForm(Version.V2, AddressFamily.IPV4)).isEqualTo(ChecksumForm.MESSAGE_ONLY);
            assertThat(mode.initialForm(Version.V2, AddressFamily.IPV6)).isEqualTo(ChecksumForm.PSEUDO_HEADER);
            assertThat(mode.initialForm(Version.V3, AddressFamily.IPV6)).isEqualTo(ChecksumForm.PSEUDO_HEADER);
        }
    }

    private static Decoded padded(Advertisement advertisement, int octets) {
        ByteBuf packet = Datagrams.packet(advertisement);
        int messageLength = packet.readableBytes() - Datagrams.MESSAGE;
        packet.writeZero(octets);
        packet.setShort(2, packet.readableBytes());
        return AdvertisementCodec.decode(Datagrams.ipv4(Datagrams.repaired(packet, messageLength)), ChecksumMode.AUTO);
    }

    @Test
    void padding_that_the_sender_counted_in_is_ignored_if_an_ethernet_frame_can_have_it() {
        Advertisement one = Datagrams.version3("192.0.2.1"); // a datagram of 32 octets
        Advertisement four = Datagrams.version3("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"); // 44
        Advertisement five = Datagrams.version3("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"); // 48
        assertThat(padded(one, 14)).as("to 46").isEqualTo(one);
        assertThat(padded(one, 2)).as("as keepalived 2.4").isEqualTo(one);
        assertThat(padded(four, 2)).isEqualTo(four);
        assertThat(padded(one, 18)).as("to 50: nobody pads so much").isEqualTo(RejectReason.LENGTH_MISMATCH);
        assertThat(padded(five, 2)).as("long enough already").isEqualTo(RejectReason.LENGTH_MISMATCH);
        for (int octets : new int[] {1, 3, 4, 5, 8, 12, 28}) {
            assertThat(padded(one, octets)).as("%d octets", octets).isEqualTo(RejectReason.LENGTH_MISMATCH);
        }
        Advertisement v2 = Datagrams.version2(Authentication.password("zzzz"), "192.0.2.1"); // 40
        assertThat(padded(v2, 6)).isEqualTo(v2);
        assertThat(padded(v2, 4)).isEqualTo(RejectReason.LENGTH_MISMATCH);
    }

    @Test
    void ipv6_is_never_padded() {
        ByteBuf payload = Datagrams.packet(Datagrams.version3("fe80::1"));
        payload.writeZero(2);
        assertThat(AdvertisementCodec.decode(Datagrams.envelope(payload, AddressFamily.IPV6), ChecksumMode.AUTO))
                .isEqualTo(RejectReason.LENGTH_MISMATCH);
    }
}
