// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementAuthenticator;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Optional;

/**
 * What became of an advertisement that a router wanted to send.
 *
 * @param source the address it left from
 * @param destination the address it went to
 * @param ttl its TTL or hop limit
 * @param datagram its octets, IP header first
 */
record SentPacket(IpAddress source, IpAddress destination, int ttl, ByteBuf datagram) {

    /** To the group, or to each unicast peer. */
    static List<IpAddress> destinations(VirtualRouterConfig config) {
        if (config.transport() instanceof Transport.Unicast unicast) {
            return unicast.peers().stream().map(peer -> peer.address()).toList();
        }
        Optional<IpAddress> group =
                config.transport() instanceof Transport.Multicast multicast ? multicast.group() : Optional.empty();
        return List.of(group.orElse(config.family().vrrpGroup()));
    }

    /** Builds, stamps and signs it, as the sockets of a real router do. */
    static SentPacket of(
            Advertisement advertisement,
            IpAddress source,
            IpAddress destination,
            VirtualRouterConfig config,
            AdvertisementAuthenticator authenticator,
            int identification,
            long wallMillis) {
        int ttl = config.transport() instanceof Transport.Unicast unicast
                ? unicast.ttl().orElse(Envelope.HOP_LIMIT)
                : Envelope.HOP_LIMIT;
        try (AdvertisementPacket packet = new AdvertisementPacket(
                advertisement,
                source,
                destination,
                ttl,
                authenticator.signsWithHmac(),
                UnpooledByteBufAllocator.DEFAULT)) {
            packet.stamp(identification);
            authenticator.sign(packet, wallMillis);
            byte[] octets = ByteBufUtil.getBytes(packet.octets());
            byte[] datagram =
                    source.family() == AddressFamily.IPV4 ? octets : IpDatagram.of(source, destination, ttl, octets);
            return new SentPacket(source, destination, ttl, Unpooled.wrappedBuffer(datagram));
        }
    }
}
