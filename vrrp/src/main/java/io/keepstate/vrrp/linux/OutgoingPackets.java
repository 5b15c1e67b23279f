// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.socket.Endpoint;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/** An advertisement as packets, one per destination, with what they were built from, to know when they can be sent again. */
final class OutgoingPackets implements AutoCloseable {

    final Endpoint from;
    private final Advertisement advertisement;
    private final IpAddress source;
    private final AdvertisementPacket[] packets;

    OutgoingPackets(
            Advertisement advertisement,
            IpAddress source,
            Endpoint from,
            List<IpAddress> destinations,
            int ttl,
            boolean trailer,
            ByteBufAllocator allocator) {
        this.advertisement = advertisement;
        this.source = source;
        this.from = from;
        this.packets = destinations.stream()
                .map(to -> new AdvertisementPacket(advertisement, source, to, ttl, trailer, allocator))
                .toArray(AdvertisementPacket[]::new);
    }

    /** Equal values come as the same objects in steady state, so this is two comparisons of references. */
    boolean says(Advertisement other, IpAddress otherSource) {
        return advertisement.equals(other) && source.equals(otherSource);
    }

    AdvertisementPacket packet(int destination) {
        return packets[destination];
    }

    @Override
    public void close() {
        for (AdvertisementPacket packet : packets) {
            packet.close();
        }
    }
}
