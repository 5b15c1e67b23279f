// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.socket.Endpoint;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBufAllocator;

/** A packet with what it was built from, to know when it can be sent again. */
final class OutgoingPacket {

    final AdvertisementPacket packet;
    final Endpoint from;
    private final Advertisement advertisement;
    private final IpAddress source;

    OutgoingPacket(Advertisement advertisement, IpAddress source, Endpoint from, ByteBufAllocator allocator) {
        this.advertisement = advertisement;
        this.source = source;
        this.from = from;
        this.packet = new AdvertisementPacket(advertisement, source, allocator);
    }

    /** Equal values come as the same objects in steady state, so this is two comparisons of references. */
    boolean says(Advertisement other, IpAddress otherSource) {
        return advertisement.equals(other) && source.equals(otherSource);
    }
}
