// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Advertisements that keepalived 2.2.7 put on a wire, in both directions. */
class AdvertisementFixtureTest {

    private static final int IPV6_HEADER = 40;

    static Stream<Fixture> fixtures() throws Exception {
        return Fixture.all("advertisement-");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void a_captured_frame_decodes_to_its_text(Fixture fixture) {
        Envelope envelope = envelope(fixture);
        Decoded decoded = AdvertisementCodec.decode(envelope, ChecksumMode.AUTO);
        assertThat(decoded).isInstanceOf(Advertisement.class);
        assertThat(lines(envelope, (Advertisement) decoded, fixture)).isEqualTo(fixture.lines());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void its_text_encodes_to_the_captured_frame(Fixture fixture) {
        Advertisement advertisement = advertisement(fixture);
        IpAddress source = IpAddress.parse(fixture.value("source"));
        try (AdvertisementPacket packet =
                new AdvertisementPacket(advertisement, source, UnpooledByteBufAllocator.DEFAULT)) {
            ByteBuf captured = fixture.datagram();
            if (advertisement.family() == AddressFamily.IPV4) {
                packet.stamp(fixture.number("identification"));
                // The capture has the padding of short Ethernet frames behind the datagram.
                captured =
                        captured.slice(captured.readerIndex(), captured.getUnsignedShort(captured.readerIndex() + 2));
            } else {
                captured.skipBytes(IPV6_HEADER);
            }
            assertThat(ByteBufUtil.hexDump(packet.octets())).isEqualTo(ByteBufUtil.hexDump(captured));
        }
    }

    private static Envelope envelope(Fixture fixture) {
        Envelope envelope = new Envelope();
        ByteBuf datagram = fixture.datagram();
        if (datagram.getByte(datagram.readerIndex()) >>> 4 == 4) {
            assertThat(envelope.setIpv4(datagram)).isNull();
        } else {
            int start = datagram.readerIndex();
            envelope.setIpv6(
                    datagram.slice(start + IPV6_HEADER, datagram.getUnsignedShort(start + 4)),
                    datagram.getLong(start + 8),
                    datagram.getLong(start + 16),
                    datagram.getLong(start + 24),
                    datagram.getLong(start + 32),
                    datagram.getUnsignedByte(start + 7));
        }
        return envelope;
    }

    private static List<String> lines(Envelope envelope, Advertisement advertisement, Fixture fixture) {
        List<String> lines = new ArrayList<>();
        lines.add("source " + envelope.source());
        lines.add("destination " + envelope.destination());
        lines.add("hop-limit " + envelope.hopLimit());
        if (envelope.family() == AddressFamily.IPV4) {
            lines.add(
                    "identification " + Unpooled.wrappedBuffer(fixture.frame()).getUnsignedShort(18));
        }
        lines.add("version " + advertisement.version().number());
        lines.add("vrid " + advertisement.virtualRouterId());
        lines.add("priority " + advertisement.priority());
        lines.add("interval-centis " + advertisement.intervalCentis());
        if (advertisement.version() == Version.V2) {
            Authentication authentication = advertisement.authentication();
            lines.add("authentication " + authentication.type() + " "
                    + HexFormat.of().toHexDigits(authentication.data()));
        }
        lines.add("checksum " + advertisement.checksumForm());
        advertisement.addresses().forEach(address -> lines.add("address " + address));
        return lines;
    }

    private static Advertisement advertisement(Fixture fixture) {
        Version version = fixture.number("version") == 2 ? Version.V2 : Version.V3;
        Authentication authentication = Authentication.NONE;
        if (version == Version.V2) {
            String[] fields = fixture.value("authentication").split(" ", 2);
            long data = HexFormat.fromHexDigitsToLong(fields[1]);
            authentication = fields[0].equals("1") ? new Authentication.Password(data) : Authentication.NONE;
        }
        return new Advertisement(
                version,
                fixture.number("vrid"),
                fixture.number("priority"),
                fixture.number("interval-centis"),
                fixture.values("address").stream().map(IpAddress::parse).toList(),
                authentication,
                ChecksumForm.valueOf(fixture.value("checksum")));
    }
}
