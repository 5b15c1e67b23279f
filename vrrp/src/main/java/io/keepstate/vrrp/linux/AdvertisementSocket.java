// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.PacketInfo;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.RawHandler;
import io.keepstate.linux.socket.RawSocket;
import io.keepstate.vrrp.AdvertisementReceiver;
import io.keepstate.vrrp.RejectCounters;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Protocol 112 on one interface, for one address family: a raw socket that is a member of the VRRP group, and all virtual
 * routers that speak there. It hears what is sent to the group on that interface and nothing else, not even itself.
 *
 * <p>Neither sending nor receiving the same advertisement again allocates. An error of a send is counted; the next
 * advertisement is the repair. Needs CAP_NET_RAW. Confined to one thread.
 */
public final class AdvertisementSocket implements Pollable, AutoCloseable {

    /**
     * How long packets may gather after some were read. The first one after a silence is read at once, and whoever fires
     * timers reads before; so this delays nothing that counts, and hundreds of routers cost a tenth of the wake-ups.
     */
    public static final long PAUSE_NANOS = 1_000_000L;

    private static final int VRIDS = 256;
    private static final int TRAFFIC_CLASS = 0xc0;
    private static final int MAX_IDENTIFICATION = 0xffff;

    private final AddressFamily family;
    private final String interfaceName;
    private final int interfaceIndex;
    private final RawSocket socket;
    private final Endpoint group;
    private final Station[] stations = new Station[VRIDS];
    private final Envelope envelope = new Envelope();
    private final RejectCounters rejects = new RejectCounters();
    /** Made once: a method reference written where it is used would be a new object for every burst. */
    private final RawHandler handler = this::onPacket;

    private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private int identification;
    private long sendErrors;
    private int lastSendErrno;
    /** The time of the burst being received. */
    private long nowNanos;

    private AdvertisementSocket(AddressFamily family, Link link, RawSocket socket) {
        this.family = family;
        this.interfaceName = link.name();
        this.interfaceIndex = link.index();
        this.socket = socket;
        this.group = Inet.endpoint(family.vrrpGroup(), link.index());
    }

    /**
     * Opens the socket in the calling thread's network namespace and joins the group.
     *
     * @throws io.keepstate.linux.libc.LinuxException EPERM without CAP_NET_RAW; says which option failed otherwise
     */
    public static AdvertisementSocket open(AddressFamily family, Link link) {
        RawSocket socket = RawSocket.open(Inet.family(family), Envelope.PROTOCOL);
        try {
            AdvertisementSocket opened = new AdvertisementSocket(family, link, socket);
            opened.prepare();
            return opened;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void prepare() {
        socket.bindToDevice(interfaceName);
        socket.multicast().join(group, interfaceIndex);
        // Bound to the group: nothing that was sent to an address of this host is delivered here.
        socket.bind(group);
        socket.multicast().sendOn(interfaceIndex);
        socket.multicast().loop(false);
        socket.multicast().hops(Envelope.HOP_LIMIT);
        socket.trafficClass(TRAFFIC_CLASS);
        socket.dontRoute();
        if (family == AddressFamily.IPV4) {
            socket.headerIncluded();
        }
        // IPv6: the checksum is ours in both directions (no IPV6_CHECKSUM): a wrong one is to be counted, not to
        // vanish.
    }

    /** The descriptor to wait on for reading. */
    @Override
    public int fd() {
        return socket.fd();
    }

    /** The interface it is bound to. */
    public String interfaceName() {
        return interfaceName;
    }

    /** The family it speaks. */
    public AddressFamily family() {
        return family;
    }

    /**
     * Hands advertisements for this router's VRID to it from now on.
     *
     * @throws IllegalArgumentException if the VRID is taken on this interface
     */
    public void add(VirtualRouter router) {
        int virtualRouterId = router.config().virtualRouterId();
        Station taken = stations[virtualRouterId];
        if (taken != null) {
            throw new IllegalArgumentException("virtual router " + router.name() + ": VRID " + virtualRouterId + " on "
                    + interfaceName + " is already that of " + taken.router.name() + "; give one of them another");
        }
        stations[virtualRouterId] = new Station(router);
    }

    /**
     * Sends an advertisement of one of its routers, from that router's source address.
     *
     * @return whether the kernel took it
     */
    public boolean send(VirtualRouter router, Advertisement advertisement) {
        Station station = stations[router.config().virtualRouterId()];
        if (station == null || station.router != router) {
            throw new IllegalArgumentException(router.name() + " is not a router of " + interfaceName);
        }
        OutgoingPacket outgoing = station.packet(advertisement, router.sourceAddress());
        identification = identification == MAX_IDENTIFICATION ? 1 : identification + 1;
        outgoing.packet.stamp(identification);
        ByteBuf octets = outgoing.packet.octets();
        int sent = transmit(octets, outgoing.from);
        if (sent < 0) {
            sendErrors++;
            lastSendErrno = -sent;
        }
        return sent >= 0;
    }

    /** Answers a negative error number for every failure: none may come between an election and its consequences. */
    private int transmit(ByteBuf octets, Endpoint from) {
        try {
            return family == AddressFamily.IPV4 ? socket.send(octets, group) : socket.send(octets, group, from);
        } catch (LinuxException e) {
            return -e.errno();
        }
    }

    /**
     * Gives queued packets to the routers they are for.
     *
     * @param budget how many to take at most, so that a flood cannot keep timers waiting
     * @return how many were taken
     */
    public int receive(long atNanos, int budget) {
        nowNanos = atNanos;
        return socket.receive(handler, budget);
    }

    private void onPacket(ByteBuf packet, PacketInfo info) {
        if (family == AddressFamily.IPV4) {
            RejectReason reason = envelope.setIpv4(packet);
            if (reason != null) {
                rejects.count(reason);
                return;
            }
        } else {
            envelope.setIpv6(
                    packet,
                    info.sourceHigh(),
                    info.sourceLow(),
                    info.destinationHigh(),
                    info.destinationLow(),
                    info.hopLimit());
        }
        int virtualRouterId = envelope.virtualRouterId();
        Station station = virtualRouterId < 0 ? null : stations[virtualRouterId];
        if (station == null) {
            rejects.count(virtualRouterId < 0 ? RejectReason.TRUNCATED : RejectReason.WRONG_VRID);
            return;
        }
        Reception reception = station.receiver.receive(envelope);
        if (reception instanceof Heard heard) {
            station.router.onAdvertisement(heard.advertisement(), heard.source(), nowNanos);
        }
    }

    /** Packets that were for none of its routers, or not even datagrams of protocol 112. */
    public RejectCounters rejects() {
        return rejects;
    }

    /** Packets for one of its routers that failed a check. */
    public RejectCounters rejects(VirtualRouter router) {
        Station station = stations[router.config().virtualRouterId()];
        if (station == null) {
            throw new IllegalArgumentException(router.name() + " is not a router of " + interfaceName);
        }
        return station.receiver.rejects();
    }

    /** Advertisements that the kernel refused to send. */
    public long sendErrors() {
        return sendErrors;
    }

    /** The error number of the last send that failed; 0 if none did. */
    public int lastSendErrno() {
        return lastSendErrno;
    }

    /** Leaves the group and frees all packets. */
    @Override
    public void close() {
        socket.close();
        for (Station station : stations) {
            if (station != null) {
                station.close();
            }
        }
    }

    /** One router's place on the socket: its checks, and its packets ready to send. */
    private final class Station {
        /** The packets in use: the advertisement, and the resignation; a third one means the oldest changed. */
        private static final int PACKETS = 2;

        final VirtualRouter router;
        final AdvertisementReceiver receiver;
        private final @Nullable OutgoingPacket[] packets = new OutgoingPacket[PACKETS];
        private int oldest;

        Station(VirtualRouter router) {
            this.router = router;
            this.receiver = new AdvertisementReceiver(router.config());
        }

        OutgoingPacket packet(Advertisement advertisement, IpAddress source) {
            for (OutgoingPacket each : packets) {
                if (each != null && each.says(advertisement, source)) {
                    return each;
                }
            }
            OutgoingPacket replaced = packets[oldest];
            if (replaced != null) {
                replaced.packet.close();
            }
            OutgoingPacket made =
                    new OutgoingPacket(advertisement, source, Inet.endpoint(source, interfaceIndex), allocator);
            packets[oldest] = made;
            oldest = (oldest + 1) % PACKETS;
            return made;
        }

        void close() {
            for (int i = 0; i < PACKETS; i++) {
                OutgoingPacket each = packets[i];
                if (each != null) {
                    each.packet.close();
                    packets[i] = null;
                }
            }
        }
    }
}
