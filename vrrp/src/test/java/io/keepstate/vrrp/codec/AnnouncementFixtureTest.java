// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gratuitous ARP and unsolicited neighbour advertisements, in both directions. */
class AnnouncementFixtureTest {

    private static final MacAddress MAC = MacAddress.parse("00:00:5e:00:01:33");

    static Stream<Fixture> fixtures() throws Exception {
        return Fixture.all("announcement-");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void a_captured_frame_decodes_to_its_text(Fixture fixture) {
        ByteBuf frame = Unpooled.wrappedBuffer(fixture.frame());
        Optional<List<String>> arp = GratuitousArp.decode(frame)
                .map(it -> List.of(
                        "kind gratuitous-arp",
                        "operation " + it.operation(),
                        "sender " + it.sender(),
                        "address " + it.address()));
        Optional<List<String>> na = UnsolicitedNeighborAdvertisement.decode(frame)
                .map(it -> List.of(
                        "kind neighbor-advertisement",
                        "sender " + it.sender(),
                        "address " + it.address(),
                        "router " + it.router(),
                        "override " + it.override()));
        assertThat(arp.or(() -> na)).contains(fixture.lines());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void its_text_encodes_to_the_captured_frame(Fixture fixture) {
        ByteBuf out = Unpooled.buffer();
        MacAddress sender = MacAddress.parse(fixture.value("sender"));
        IpAddress address = IpAddress.parse(fixture.value("address"));
        if (fixture.value("kind").equals("gratuitous-arp")) {
            new GratuitousArp(GratuitousArp.Operation.valueOf(fixture.value("operation")), sender, address).encode(out);
            assertThat(out.readableBytes()).isEqualTo(GratuitousArp.FRAME_LENGTH);
        } else {
            new UnsolicitedNeighborAdvertisement(
                            sender,
                            address,
                            Boolean.parseBoolean(fixture.value("router")),
                            Boolean.parseBoolean(fixture.value("override")))
                    .encode(out);
            assertThat(out.readableBytes()).isEqualTo(UnsolicitedNeighborAdvertisement.FRAME_LENGTH);
        }
        String captured = HexFormat.of().formatHex(fixture.frame(), 0, out.readableBytes());
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(captured);
    }

    @Test
    void the_reply_form_differs_in_the_operation_only() {
        GratuitousArp reply = new GratuitousArp(GratuitousArp.Operation.REPLY, MAC, IpAddress.parse("192.0.2.1"));
        ByteBuf out = Unpooled.buffer();
        reply.encode(out);
        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("ffffffffffff" + "00005e000133" + "0806" + "0001080006040002" + "00005e000133" + "c0000201"
                        + "ffffffffffff" + "c0000201");
        assertThat(GratuitousArp.decode(out)).contains(reply);
    }

    @Test
    void rfc9568_section_8_2_2_the_router_and_override_flags_are_set_and_the_solicited_flag_is_not() {
        ByteBuf out = Unpooled.buffer();
        new UnsolicitedNeighborAdvertisement(MAC, IpAddress.parse("2001:db8::1"), true, true).encode(out);
        assertThat(out.getUnsignedInt(58)).isEqualTo(0xa000_0000L);
    }

    @Test
    void the_flags_are_the_callers_and_are_read_back() {
        for (int flags = 0; flags < 8; flags++) {
            UnsolicitedNeighborAdvertisement sent = new UnsolicitedNeighborAdvertisement(
                    MAC, IpAddress.parse("2001:db8::1"), (flags & 4) != 0, (flags & 2) != 0, (flags & 1) != 0);
            ByteBuf out = Unpooled.buffer();
            sent.encode(out);
            assertThat(out.getUnsignedInt(58)).isEqualTo((long) flags << 29);
            assertThat(UnsolicitedNeighborAdvertisement.decode(out)).contains(sent);
        }
    }

    @Test
    void rfc9568_section_8_1_2_a_gratuitous_arp_has_the_virtual_address_in_both_places_and_goes_to_all() {
        ByteBuf out = Unpooled.buffer();
        new GratuitousArp(GratuitousArp.Operation.REQUEST, MAC, IpAddress.parse("192.0.2.1")).encode(out);
        assertThat(MacAddress.get(out, 0)).isEqualTo(MacAddress.BROADCAST);
        assertThat(MacAddress.get(out, 6)).isEqualTo(MAC);
        assertThat(MacAddress.get(out, 22)).as("sender hardware address").isEqualTo(MAC);
        assertThat(out.getInt(28)).as("erratum 7949").isEqualTo(out.getInt(38)).isEqualTo(0xc0000201);
    }

    @Property(tries = 200)
    void a_flipped_bit_in_a_neighbour_advertisement_is_noticed(
            @ForAll @IntRange(min = 22 * 8, max = 86 * 8 - 1) int bit) {
        ByteBuf out = Unpooled.buffer();
        new UnsolicitedNeighborAdvertisement(MAC, IpAddress.parse("2001:db8::1"), true, true).encode(out);
        out.setByte(bit / 8, out.getByte(bit / 8) ^ 0x80 >>> bit % 8);
        assertThat(UnsolicitedNeighborAdvertisement.decode(out)).isEmpty();
    }

    @Property(tries = 500)
    void any_octets_are_an_announcement_or_none(@ForAll byte[] octets) {
        ByteBuf frame = Unpooled.wrappedBuffer(octets);
        assertThat(GratuitousArp.decode(frame)).isEmpty();
        assertThat(UnsolicitedNeighborAdvertisement.decode(frame)).isEmpty();
    }
}
