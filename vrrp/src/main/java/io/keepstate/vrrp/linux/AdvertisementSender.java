// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.socket.RawSocket;
import io.keepstate.linux.socket.SendBatch;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.AdvertisementPacket;
import io.keepstate.vrrp.codec.Envelope;

/**
 * The raw socket that speaks at one place, and hears nothing. Between {@link #gather} and {@link #flush} advertisements are
 * kept to leave by one system call: those of all routers whose time has come in the same turn.
 *
 * <p>Sending the same advertisement again allocates nothing (signing does). Confined to one thread.
 */
final class AdvertisementSender implements AutoCloseable {

    private static final int TRAFFIC_CLASS = 0xc0;
    private static final int MAX_IDENTIFICATION = 0xffff;
    private static final int BATCH = 64;

    private final SocketPlace place;
    private RawSocket socket;
    private SendBatch batch;
    private boolean gathering;
    /** Counts the batches: what a station put into the present one must not be written over. */
    private long batches;

    private int identification;
    private long errors;
    private int lastErrno;

    AdvertisementSender(SocketPlace place, int interfaceIndex) {
        this.place = place;
        socket = open(interfaceIndex);
        batch = socket.batch(BATCH);
    }

    private RawSocket open(int interfaceIndex) {
        RawSocket opened = RawSocket.openSender(Inet.family(place.family()), place.protocol());
        try {
            opened.bindToDevice(place.interfaceName());
            opened.trafficClass(TRAFFIC_CLASS);
            if (isIpv4()) {
                opened.headerIncluded();
            } else {
                // A configured source need not be an address of this interface.
                opened.freeBind();
            }
            if (place.isMulticast()) {
                opened.multicast().sendOn(interfaceIndex);
                opened.multicast().loop(false);
                opened.multicast().hops(Envelope.HOP_LIMIT);
                opened.dontRoute();
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Opens the socket again; what waits is sent by the old one. If that fails nothing has changed. */
    void reopen(int interfaceIndex) {
        RawSocket fresh = open(interfaceIndex);
        deliver();
        close();
        socket = fresh;
        batch = fresh.batch(BATCH);
    }

    /** Keeps what is sent from now on until {@link #flush}. */
    void gather() {
        gathering = true;
    }

    /** Sends what was kept, and from now on everything at once. */
    void flush() {
        gathering = false;
        deliver();
    }

    /**
     * Sends an advertisement of a station to all its destinations.
     *
     * @return whether the kernel took it, as far as it was asked already
     */
    boolean send(Station station, Advertisement advertisement) {
        if (station.batch == batches) {
            // Its packets wait to be sent; to stamp them again would change what they say.
            deliver();
        }
        OutgoingPackets outgoing = station.packets(advertisement, station.router.sourceAddress());
        identification = identification == MAX_IDENTIFICATION ? 1 : identification + 1;
        long wall = station.authenticator.hasSequence() ? System.currentTimeMillis() : 0;
        long before = errors;
        for (int i = 0; i < station.destinations(); i++) {
            AdvertisementPacket packet = outgoing.packet(i);
            packet.stamp(identification);
            if (station.authenticator.sign(packet, wall)) {
                add(station, packet, i, outgoing);
            } else {
                fail(1, Errno.ERANGE);
            }
        }
        if (gathering) {
            station.batch = batches;
        } else {
            deliver();
        }
        return errors == before;
    }

    /** Does all that {@link #send} does but the sending; what was built is kept for it. */
    void rehearse(Station station) {
        deliver();
        for (Advertisement advertisement : station.router.advertisements()) {
            OutgoingPackets outgoing = station.packets(advertisement, station.router.sourceAddress());
            for (int i = 0; i < station.destinations(); i++) {
                AdvertisementPacket packet = outgoing.packet(i);
                packet.stamp(1);
                add(station, packet, i, outgoing);
            }
        }
        batch.rehearse();
    }

    private void add(Station station, AdvertisementPacket packet, int destination, OutgoingPackets outgoing) {
        if (batch.isFull()) {
            deliver();
        }
        if (isIpv4()) {
            batch.add(packet.octets(), station.destination(destination));
        } else {
            batch.add(packet.octets(), station.destination(destination), outgoing.from, station.ttl());
        }
    }

    /** No failure may come between an election and its consequences: it is counted. */
    private void deliver() {
        batches++;
        if (batch.size() > 0) {
            int refused = batch.send();
            if (refused > 0) {
                fail(refused, batch.lastErrno());
            }
        }
    }

    private void fail(int packets, int errno) {
        errors += packets;
        lastErrno = errno;
    }

    private boolean isIpv4() {
        return place.family() == AddressFamily.IPV4;
    }

    /** Advertisements that the kernel refused to send, each destination counted. */
    long errors() {
        return errors;
    }

    /** The error number of the last send that failed; 0 if none did. */
    int lastErrno() {
        return lastErrno;
    }

    @Override
    public void close() {
        socket.close();
        batch.close();
    }
}
