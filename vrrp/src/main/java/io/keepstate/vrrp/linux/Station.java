// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.socket.Endpoint;
import io.keepstate.vrrp.AdvertisementReceiver;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.UnicastPeer;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementAuthenticator;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One virtual router's place on a socket: whom it talks to, its checks, and its packets ready to send. Several routers may
 * have one VRID there if they have different unicast peers; they form a chain.
 */
final class Station implements AutoCloseable {

    /** The packets in use: the advertisement, and the resignation; a third one means the oldest changed. */
    private static final int PACKETS = 2;

    final VirtualRouter router;
    final AdvertisementReceiver receiver;
    final AdvertisementAuthenticator authenticator;
    /** The next router of the same VRID. */
    @Nullable
    Station next;

    /** Who was heard last: of several routers with one VRID, the one that is meant again. */
    @Nullable
    IpAddress lastSource;

    /** The batch of its sender that its packets were put into last. */
    long batch = -1;

    /** What its checks and packets were made for. */
    private final VirtualRouterConfig madeFor;

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final List<IpAddress> destinations;
    private final IpAddress[] peers;
    private final int ttl;
    private final @Nullable OutgoingPackets[] packets = new OutgoingPackets[PACKETS];
    private int oldest;
    private Endpoint[] endpoints;
    private int interfaceIndex;

    Station(VirtualRouter router, SocketPlace place, int interfaceIndex) {
        this(router, new AdvertisementReceiver(router.config()), place, interfaceIndex);
    }

    /** What takes the place of one that is outdated; to its peers it is the same sender. */
    Station(Station outdated, SocketPlace place, int interfaceIndex) {
        this(outdated.router, outdated.receiver.reconfigured(outdated.router.config()), place, interfaceIndex);
        lastSource = madeFor.transport().equals(outdated.madeFor.transport()) ? outdated.lastSource : null;
    }

    private Station(VirtualRouter router, AdvertisementReceiver receiver, SocketPlace place, int interfaceIndex) {
        VirtualRouterConfig config = router.config();
        this.router = router;
        this.madeFor = config;
        this.receiver = receiver;
        this.authenticator = receiver.authenticator();
        this.destinations = config.transport() instanceof Transport.Unicast unicast
                ? unicast.peers().stream().map(UnicastPeer::address).toList()
                : List.of(place.address());
        this.peers = place.isMulticast() ? new IpAddress[0] : destinations.toArray(IpAddress[]::new);
        this.ttl = config.transport() instanceof Transport.Unicast unicast
                ? unicast.ttl().orElse(Envelope.HOP_LIMIT)
                : Envelope.HOP_LIMIT;
        this.interfaceIndex = interfaceIndex;
        this.endpoints = endpoints();
    }

    /** Whether the router was configured anew in a way that its checks and destinations do not know. */
    boolean isOutdated() {
        VirtualRouterConfig config = router.config();
        return config.version() != madeFor.version()
                || config.intervalCentis() != madeFor.intervalCentis()
                || config.checksumMode() != madeFor.checksumMode()
                || !config.authentication().equals(madeFor.authentication())
                || !config.hmac().equals(madeFor.hmac())
                || !config.transport().equals(madeFor.transport())
                || config.dualVersion() != madeFor.dualVersion();
    }

    /** The interface has another number now. */
    void moveTo(int newInterfaceIndex) {
        interfaceIndex = newInterfaceIndex;
        endpoints = endpoints();
        close();
    }

    int destinations() {
        return endpoints.length;
    }

    Endpoint destination(int i) {
        return endpoints[i];
    }

    /** TTL or hop limit of what it sends. */
    int ttl() {
        return ttl;
    }

    /** Whether one of its unicast peers sent this; allocates nothing. */
    boolean hasPeer(Envelope envelope) {
        for (IpAddress peer : peers) {
            if (envelope.isFrom(peer)) {
                return true;
            }
        }
        return false;
    }

    OutgoingPackets packets(Advertisement advertisement, IpAddress source) {
        for (OutgoingPackets each : packets) {
            if (each != null && each.says(advertisement, source)) {
                return each;
            }
        }
        OutgoingPackets replaced = packets[oldest];
        if (replaced != null) {
            replaced.close();
        }
        OutgoingPackets made = new OutgoingPackets(
                advertisement,
                source,
                Inet.endpoint(source, interfaceIndex),
                destinations,
                ttl,
                authenticator.signsWithHmac(),
                allocator);
        packets[oldest] = made;
        oldest = (oldest + 1) % PACKETS;
        return made;
    }

    /** Frees the packets; they are built again when needed. */
    @Override
    public void close() {
        for (int i = 0; i < PACKETS; i++) {
            OutgoingPackets each = packets[i];
            if (each != null) {
                each.close();
                packets[i] = null;
            }
        }
    }

    private Endpoint[] endpoints() {
        return destinations.stream()
                .map(address -> Inet.endpoint(address, interfaceIndex))
                .toArray(Endpoint[]::new);
    }
}
