// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.Link;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.PacketInfo;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.RawHandler;
import io.keepstate.linux.socket.RawSocket;
import io.keepstate.vrrp.AdvertisementReceiver;
import io.keepstate.vrrp.RejectCounters;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Envelope;
import io.keepstate.vrrp.codec.Heard;
import io.keepstate.vrrp.codec.Reception;
import io.keepstate.vrrp.codec.RejectReason;
import io.netty.buffer.ByteBuf;

/**
 * Protocol 112, or 51 (authentication header), at one place: one interface, one family, one multicast group or one own
 * unicast address; and all virtual routers that speak there. It hears what is sent to that address on that interface and
 * nothing else, not even itself. A second raw socket sends, and hears nothing.
 *
 * <p>Neither sending nor receiving the same advertisement again allocates (signing does). An error of a send is counted; the
 * next advertisement is the repair. Needs CAP_NET_RAW. Confined to one thread.
 */
public final class AdvertisementSocket implements Pollable, AutoCloseable {

    private static final long SHORTEST_PAUSE_NANOS = 1_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 8_000_000L;
    /** Of the shortest interval: what a pause may make an advertisement late. */
    private static final int PAUSES_PER_INTERVAL = 16;
    /** A few routers are worth no pause to speak of, hundreds are. */
    private static final long PAUSE_NANOS_PER_ROUTER = 25_000L;

    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final long NANOS_PER_CENTI = 10_000_000L;

    /** With one socket per virtual MAC there may be hundreds: few slots, no longer than any advertisement. */
    private static final int SLOTS = 16;

    private static final int IPV4_SLOT_BYTES = 1280;
    private static final int IPV6_SLOT_BYTES = 4608;

    private final SocketPlace place;
    private final Stations stations;
    private final Envelope envelope = new Envelope();
    private final RejectCounters rejects = new RejectCounters();
    /** Made once: a method reference written where it is used would be a new object for every burst. */
    private final RawHandler handler = this::onPacket;

    private int interfaceIndex;
    private RawSocket receiver;
    private final AdvertisementSender sender;
    /** The shortest interval of its routers, configured or heard. */
    private int shortestCentis = Integer.MAX_VALUE;
    /** Of the packets that the receiver found too long: those already counted among the rejected ones. */
    private long oversized;

    /** The times of the burst being received. */
    private long nowNanos;

    private long wallMillis;

    private AdvertisementSocket(SocketPlace place, int interfaceIndex) {
        this.place = place;
        this.stations = new Stations(place);
        this.interfaceIndex = interfaceIndex;
        this.receiver = openReceiver(interfaceIndex);
        try {
            this.sender = new AdvertisementSender(place, interfaceIndex);
        } catch (RuntimeException e) {
            receiver.close();
            throw e;
        }
    }

    /**
     * Opens sockets for the VRRP group in the calling thread's network namespace.
     *
     * @throws io.keepstate.linux.libc.LinuxException EPERM without CAP_NET_RAW; says which option failed otherwise
     */
    public static AdvertisementSocket open(AddressFamily family, Link link) {
        return open(SocketPlace.ofGroup(family, link.name()), link);
    }

    /** Opens sockets where this virtual router speaks; its interface is the one it advertises on, or its virtual MAC. */
    public static AdvertisementSocket open(VirtualRouterConfig config, Link link) {
        return open(SocketPlace.of(config), link);
    }

    static AdvertisementSocket open(SocketPlace place, Link link) {
        if (!place.interfaceName().equals(link.name())) {
            throw new IllegalArgumentException(place + " cannot be opened on " + link.name());
        }
        return open(place, link.index());
    }

    static AdvertisementSocket open(SocketPlace place, int interfaceIndex) {
        return new AdvertisementSocket(place, interfaceIndex);
    }

    private RawSocket openReceiver(int index) {
        int slotBytes = family() == AddressFamily.IPV4 ? IPV4_SLOT_BYTES : IPV6_SLOT_BYTES;
        RawSocket socket = RawSocket.open(Inet.family(family()), place.protocol(), SLOTS, slotBytes);
        try {
            socket.bindToDevice(place.interfaceName());
            // All routers of an interface may speak at the same moment, and be heard after a pause.
            socket.receiveBuffer(RECEIVE_BUFFER);
            Endpoint address = Inet.endpoint(place.address(), index);
            if (place.isMulticast()) {
                socket.multicast().join(address, index);
                // Bound to the group: nothing that was sent to an address of this host is delivered here.
                socket.bind(address);
            } else {
                socket.multicast().joinedOnly();
                if (!place.isAnyAddress()) {
                    socket.freeBind();
                    socket.bind(address);
                }
            }
            // IPv6: the checksum is ours in both directions (no IPV6_CHECKSUM): a wrong one is to be counted, not to
            // vanish.
            return socket;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Opens both sockets again, on the interface that has taken the place of one that was deleted. What waits for
     * {@link #fd} must stop before and begin again after. If that fails nothing has changed.
     */
    void reopen(int newInterfaceIndex) {
        RawSocket fresh = openReceiver(newInterfaceIndex);
        try {
            sender.reopen(newInterfaceIndex);
        } catch (RuntimeException e) {
            fresh.close();
            throw e;
        }
        receiver.close();
        receiver = fresh;
        oversized = 0;
        interfaceIndex = newInterfaceIndex;
        stations.moveTo(newInterfaceIndex);
    }

    /** The descriptor to wait on for reading. */
    @Override
    public int fd() {
        return receiver.fd();
    }

    SocketPlace place() {
        return place;
    }

    /** The interface it is bound to. */
    public String interfaceName() {
        return place.interfaceName();
    }

    /** Number of that interface when the sockets were opened. */
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /** The family it speaks. */
    public AddressFamily family() {
        return place.family();
    }

    /**
     * Hands advertisements for this router's VRID to it from now on.
     *
     * @throws IllegalArgumentException if the VRID is taken here, by a router whose unicast peers are not all others
     */
    public void add(VirtualRouter router) {
        stations.add(router, interfaceIndex);
        shortestCentis = Math.min(shortestCentis, router.config().intervalCentis());
    }

    /** The router was configured anew: checks and destinations follow; sequence numbers and counters go on. */
    void refresh(VirtualRouter router) {
        stations.refresh(router, interfaceIndex);
        shortestCentis = Math.min(shortestCentis, router.config().intervalCentis());
    }

    /** Hears nothing more for this router, and frees its packets; nothing happens if it is none of its routers. */
    public void remove(VirtualRouter router) {
        stations.remove(router);
    }

    /**
     * Sends an advertisement of one of its routers, from that router's source address: to the group, or to each unicast peer.
     *
     * @return whether the kernel took it, for all destinations, as far as it was asked: after {@link #gather} it is not
     */
    public boolean send(VirtualRouter router, Advertisement advertisement) {
        return sender.send(stations.of(router), advertisement);
    }

    /**
     * Builds what its routers will say when they are active, and goes the way it will take but for the sending: the first
     * advertisement of an election must not wait for code that never ran.
     */
    void rehearse() {
        for (Station station : stations.all()) {
            sender.rehearse(station);
        }
    }

    /** Keeps what is sent from now on until {@link #flush}. */
    public void gather() {
        sender.gather();
    }

    /** Sends what was kept, in few system calls, and from now on everything at once. */
    public void flush() {
        sender.flush();
    }

    /**
     * Gives queued packets to the routers they are for.
     *
     * @param budget how many to take at most, so that a flood cannot keep timers waiting
     * @return how many were taken
     */
    public int receive(long atNanos, int budget) {
        nowNanos = atNanos;
        wallMillis = System.currentTimeMillis();
        int taken = receiver.receive(handler, budget);
        countOversized();
        return taken;
    }

    /**
     * How long packets may gather after some were read: so much as a router may hear late, at most a sixteenth of the shortest
     * interval. The first packet after a silence is read at once, and whoever fires timers reads before; so nothing that
     * counts is delayed by more, and hundreds of routers cost a tenth of the wake-ups.
     */
    long pauseNanos() {
        long most = Math.min(LONGEST_PAUSE_NANOS, shortestCentis * NANOS_PER_CENTI / PAUSES_PER_INTERVAL);
        return Math.max(SHORTEST_PAUSE_NANOS, Math.min(most, stations.size() * PAUSE_NANOS_PER_ROUTER));
    }

    /** What is too long for a slot is longer than any advertisement; the socket cuts it off and hands nothing over. */
    private void countOversized() {
        for (long now = receiver.truncated(); oversized < now; oversized++) {
            rejects.count(RejectReason.LENGTH_MISMATCH);
        }
    }

    /** Whether a timer of one of its routers has expired: what has arrived may make that moot and is to be heard first. */
    boolean isDue(long atNanos) {
        return stations.isDue(atNanos);
    }

    private void onPacket(ByteBuf packet, PacketInfo info) {
        if (family() == AddressFamily.IPV4) {
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
        Station station = virtualRouterId < 0 ? null : stations.addressee(virtualRouterId, envelope);
        if (station == null) {
            rejects.count(virtualRouterId < 0 ? RejectReason.TRUNCATED : RejectReason.WRONG_VRID);
            return;
        }
        Reception reception = station.receiver.receive(envelope, wallMillis);
        if (reception instanceof Heard heard) {
            station.lastSource = heard.source();
            shortestCentis = Math.min(shortestCentis, heard.advertisement().intervalCentis());
            station.router.onAdvertisement(heard.advertisement(), heard.source(), nowNanos);
        }
    }

    /** Packets that were for none of its routers, or not even datagrams of its protocol. */
    public RejectCounters rejects() {
        return rejects;
    }

    /** What checks the packets for one of its routers; another one after {@link #refresh}. */
    AdvertisementReceiver receiver(VirtualRouter router) {
        return stations.of(router).receiver;
    }

    /** Packets for one of its routers that failed a check. */
    public RejectCounters rejects(VirtualRouter router) {
        return receiver(router).rejects();
    }

    /** Advertisements that the kernel refused to send, each destination counted. */
    public long sendErrors() {
        return sender.errors();
    }

    /**
     * The error number of the last send that failed; 0 if none did. ERANGE: the sequence numbers of the authentication header
     * are used up.
     */
    public int lastSendErrno() {
        return sender.lastErrno();
    }

    /** Leaves the group and frees all packets. */
    @Override
    public void close() {
        receiver.close();
        sender.close();
        stations.close();
    }

    @Override
    public String toString() {
        return place.toString();
    }
}
