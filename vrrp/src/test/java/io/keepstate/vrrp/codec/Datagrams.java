// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Optional;

/** Packets for tests, as octets and as envelopes. */
public final class Datagrams {

    /** Offset of the VRRP message in an IPv4 datagram without authentication header. */
    public static final int MESSAGE = 20;

    public static final IpAddress SOURCE4 = IpAddress.parse("198.51.100.10");
    public static final IpAddress SOURCE6 = IpAddress.parse("fe80::10");

    private Datagrams() {}

    public static Advertisement version3(String... addresses) {
        return new Advertisement(
                Version.V3,
                51,
                200,
                100,
                List.of(addresses).stream().map(IpAddress::parse).toList(),
                Authentication.NONE,
                addresses[0].contains(":") ? ChecksumForm.PSEUDO_HEADER : ChecksumForm.MESSAGE_ONLY);
    }

    public static Advertisement version2(Authentication authentication, String... addresses) {
        return new Advertisement(
                Version.V2,
                51,
                200,
                100,
                List.of(addresses).stream().map(IpAddress::parse).toList(),
                authentication,
                addresses[0].contains(":") ? ChecksumForm.PSEUDO_HEADER : ChecksumForm.MESSAGE_ONLY);
    }

    /** To the group, TTL 255, identification 1. */
    public static ByteBuf packet(Advertisement advertisement) {
        return packet(
                advertisement,
                source(advertisement.family()),
                advertisement.family().vrrpGroup());
    }

    public static ByteBuf packet(Advertisement advertisement, IpAddress source, IpAddress destination) {
        return packet(advertisement, source, destination, unsigned(advertisement.authentication()), 0);
    }

    /** Signed by this authenticator at this time. */
    public static ByteBuf packet(
            Advertisement advertisement,
            IpAddress source,
            IpAddress destination,
            AdvertisementAuthenticator authenticator,
            long wallMillis) {
        try (AdvertisementPacket packet = new AdvertisementPacket(
                advertisement,
                source,
                destination,
                255,
                authenticator.signsWithHmac(),
                UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(1);
            assertThat(authenticator.sign(packet, wallMillis)).isTrue();
            return Unpooled.copiedBuffer(packet.octets());
        }
    }

    /** What a socket says of an IPv4 datagram to, or an IPv6 payload from, {@link #SOURCE6} to the group. */
    public static Envelope envelope(ByteBuf packet, AddressFamily family) {
        return family == AddressFamily.IPV4 ? ipv4(packet) : ipv6(packet, SOURCE6, AddressFamily.IPV6.vrrpGroup());
    }

    public static Envelope ipv4(ByteBuf datagram) {
        Envelope envelope = new Envelope();
        assertThat(envelope.setIpv4(datagram)).isNull();
        return envelope;
    }

    public static Envelope ipv6(ByteBuf payload, IpAddress source, IpAddress destination) {
        Envelope envelope = new Envelope();
        envelope.setIpv6(payload, source.high(), source.low(), destination.high(), destination.low(), 255);
        return envelope;
    }

    /** An IPv4 datagram around a message in hexadecimal, to the group, TTL 255. */
    public static ByteBuf datagram(String message) {
        byte[] octets = ByteBufUtil.decodeHexDump(message);
        ByteBuf datagram = Unpooled.buffer();
        datagram.writeByte(0x45)
                .writeByte(0xc0)
                .writeShort(MESSAGE + octets.length)
                .writeInt(0x00010000);
        datagram.writeByte(255).writeByte(112).writeShort(0);
        SOURCE4.write(datagram);
        AddressFamily.IPV4.vrrpGroup().write(datagram);
        return datagram.writeBytes(octets);
    }

    /** Makes the checksum of an IPv4 datagram's message right again, over this many octets of it. */
    public static ByteBuf repaired(ByteBuf datagram, int messageLength) {
        datagram.setShort(MESSAGE + 6, 0);
        datagram.setShort(MESSAGE + 6, InternetChecksum.finish(InternetChecksum.sum(datagram, MESSAGE, messageLength)));
        return datagram;
    }

    public static ByteBuf repaired(ByteBuf datagram) {
        return repaired(datagram, datagram.writerIndex() - MESSAGE);
    }

    public static IpAddress source(AddressFamily family) {
        return family == AddressFamily.IPV4 ? SOURCE4 : SOURCE6;
    }

    private static AdvertisementAuthenticator unsigned(Authentication authentication) {
        return new AdvertisementAuthenticator(authentication, Optional.empty(), 100, List.of());
    }
}
