// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.testkit.arbitraries.AdvertisementArbitraries;
import io.keepstate.testkit.arbitraries.DatagramArbitraries;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementCodec;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.ChecksumMode;
import io.keepstate.vrrp.codec.Decoded;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is sent is what is received; what is not an advertisement has a reason. */
class AdvertisementProperties {
    private static final IpAddress SOURCE4 = IpAddress.parse("10.15.7.101");
    private static final IpAddress SOURCE6 = IpAddress.parse("fe80::101");

    @Provide
    Arbitrary<Advertisement> advertisements() {
        return AdvertisementArbitraries.advertisements();
    }

    @Provide
    Arbitrary<byte[]> mutations() {
        return advertisementsOverIpv4()
                .map(AdvertisementProperties::packet)
                .flatMap(packet -> DatagramArbitraries.mutationsOf(List.of(packet)));
    }

    @Property(tries = 1000)
    void anAdvertisementSurvivesTheWire(@ForAll("advertisements") Advertisement sent) {
        assertThat(decode(packet(sent), sent.family())).isEqualTo(sent);
    }

    @Property(tries = 5000)
    void aMutatedPacketIsEitherRejectedWithAReasonOrAnotherAdvertisement(@ForAll("mutations") byte[] packet) {
        assertThat(decode(packet, AddressFamily.IPV4)).isInstanceOfAny(RejectReason.class, Advertisement.class);
    }

    @Property(tries = 5000)
    void noiseIsRejectedWithAReason(@ForAll("noise") byte[] packet) {
        assertThat(decode(packet, AddressFamily.IPV4)).isInstanceOf(RejectReason.class);
    }

    @Provide
    Arbitrary<byte[]> noise() {
        return DatagramArbitraries.noise();
    }

    private static Arbitrary<Advertisement> advertisementsOverIpv4() {
        return AdvertisementArbitraries.advertisements().filter(each -> each.family() == AddressFamily.IPV4);
    }

    private static byte[] packet(Advertisement advertisement) {
        IpAddress source = advertisement.family() == AddressFamily.IPV4 ? SOURCE4 : SOURCE6;
        try (AdvertisementPacket packet =
                new AdvertisementPacket(advertisement, source, UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(1);
            return ByteBufUtil.getBytes(packet.octets());
        }
    }

    private static Decoded decode(byte[] octets, AddressFamily family) {
        Envelope envelope = new Envelope();
        if (family == AddressFamily.IPV6) {
            IpAddress group = family.vrrpGroup();
            envelope.setIpv6(
                    Unpooled.wrappedBuffer(octets),
                    SOURCE6.high(),
                    SOURCE6.low(),
                    group.high(),
                    group.low(),
                    Envelope.HOP_LIMIT);
        } else {
            RejectReason reason = envelope.setIpv4(Unpooled.wrappedBuffer(octets));
            if (reason != null) {
                return reason;
            }
        }
        return AdvertisementCodec.decode(envelope, ChecksumMode.AUTO);
    }
}
