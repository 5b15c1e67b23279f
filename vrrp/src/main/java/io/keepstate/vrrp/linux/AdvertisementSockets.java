// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Registration;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.NetworkInterfaces;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.RejectReason;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of all virtual routers of a process, shared by those that speak at the same place: the same interface, family
 * and group or own address. Opened on one thread, then confined to the one of the loop they are registered with.
 */
public final class AdvertisementSockets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdvertisementSockets.class);
    private static final int BUDGET = 512;
    /** Enough for the first compiler of the Java machine. */
    private static final int REHEARSALS = 300;

    private final List<AdvertisementSocket> sockets = new ArrayList<>();
    private final IdentityHashMap<AdvertisementSocket, Registration> registrations = new IdentityHashMap<>();
    private final IdentityHashMap<VirtualRouter, AdvertisementSocket> socketOf = new IdentityHashMap<>();
    /** Routers whose interface does not exist yet. */
    private final List<VirtualRouter> waiting = new ArrayList<>();

    private final SharedRejects rejects = new SharedRejects();
    private final LinkNetworks networks;

    private @Nullable EventLoop loop;

    /**
     * None yet.
     *
     * @param networks what is on a link, for routers that hear nobody else; whoever watches interfaces keeps it true
     */
    public AdvertisementSockets(LinkNetworks networks) {
        this.networks = networks;
    }

    /**
     * Opens the socket of a router in the calling thread's network namespace, or finds the one it shares.
     *
     * @throws IllegalStateException if the interface does not exist, with a sentence
     * @throws IllegalArgumentException if its VRID is taken there
     */
    public void open(VirtualRouter router, Rtnetlink rtnetlink) {
        SocketPlace place = SocketPlace.of(router.config());
        Link link = rtnetlink
                .link(place.interfaceName())
                .orElseThrow(() -> new IllegalStateException("virtual router " + router.name()
                        + ": there is no interface " + place.interfaceName() + "; create it or correct the name"));
        open(router, link.index());
    }

    /**
     * As {@link #open}, or, where there is no such interface, when {@link #onInterfaceReplaced} tells that there is one; until
     * then nothing is heard or sent for the router. On the thread that opens, or later on that of the loop.
     *
     * @throws IllegalArgumentException if its VRID is taken there
     */
    public void openOrAwait(VirtualRouter router) {
        int index = NetworkInterfaces.find(SocketPlace.of(router.config()).interfaceName());
        if (index == 0) {
            waiting.add(router);
        } else {
            open(router, index);
        }
    }

    private void open(VirtualRouter router, int interfaceIndex) {
        AdvertisementSocket socket = socket(SocketPlace.of(router.config()), interfaceIndex);
        socket.add(router);
        socketOf.put(router, socket);
        checkSource(router, socket);
        rejects.add(router, socket.rejects(router));
        EventLoop running = loop;
        if (running != null && !registrations.containsKey(socket)) {
            register(socket, running);
        }
    }

    /** A router was configured anew, on the same loop. */
    public void onConfigured(VirtualRouter router) {
        AdvertisementSocket socket = socketOf.get(router);
        if (socket != null) {
            socket.refresh(router);
            checkSource(router, socket);
        }
    }

    private void checkSource(VirtualRouter router, AdvertisementSocket socket) {
        String name = router.config().interfaceName();
        socket.receiver(router)
                .requireOnLinkSource(router.config().onLinkSource() ? source -> networks.contains(name, source) : null);
    }

    /** Hears and sends nothing more for a router, on the same loop; the socket of the last one at its place is closed. */
    public void remove(VirtualRouter router) {
        waiting.remove(router);
        AdvertisementSocket socket = socketOf.remove(router);
        if (socket == null) {
            return;
        }
        rejects.remove(router);
        socket.remove(router);
        if (!socketOf.containsValue(socket)) {
            Registration registration = registrations.remove(socket);
            if (registration != null) {
                registration.close();
            }
            sockets.remove(socket);
            rejects.remove(socket);
            socket.close();
        }
    }

    private AdvertisementSocket socket(SocketPlace place, int interfaceIndex) {
        for (AdvertisementSocket each : sockets) {
            if (each.place().equals(place)) {
                return each;
            }
        }
        AdvertisementSocket opened = AdvertisementSocket.open(place, interfaceIndex);
        sockets.add(opened);
        rejects.add(opened, opened.rejects());
        return opened;
    }

    /** Lets a loop wait for all of them. */
    public void register(EventLoop eventLoop) {
        loop = eventLoop;
        sockets.forEach(socket -> register(socket, eventLoop));
    }

    private void register(AdvertisementSocket socket, EventLoop eventLoop) {
        registrations.put(
                socket,
                eventLoop.registerPaced(
                        socket,
                        socket.toString(),
                        socket::pauseNanos,
                        (readiness, now) -> socket.receive(now, BUDGET)));
    }

    /**
     * Hands over what has arrived for routers whose timer has expired: a loop that slept may have advertisements waiting that
     * make the timer moot.
     *
     * @return packets taken
     */
    public int receiveDue(long nowNanos) {
        int taken = 0;
        for (int i = 0; i < sockets.size(); i++) {
            AdvertisementSocket socket = sockets.get(i);
            if (socket.isDue(nowNanos)) {
                taken += socket.receive(nowNanos, BUDGET);
            }
        }
        return taken;
    }

    /** Sends an advertisement of a router; see {@link AdvertisementSocket#send}. */
    public boolean send(VirtualRouter router, Advertisement advertisement) {
        AdvertisementSocket socket = socketOf.get(router);
        return socket != null && socket.send(router, advertisement);
    }

    /** Prepares the first advertisements, so that they leave without delay; sends nothing. Before the loop runs. */
    public void rehearse() {
        for (int round = 0; round * sockets.size() < REHEARSALS; round++) {
            sockets.forEach(AdvertisementSocket::rehearse);
            if (sockets.isEmpty()) {
                return;
            }
        }
    }

    /** Keeps what is sent from now on until {@link #flush}: of all routers whose timers fire in the same turn. */
    public void gather() {
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).gather();
        }
    }

    /** Sends what was kept, in few system calls, and from now on everything at once. */
    public void flush() {
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).flush();
        }
    }

    /**
     * Told that an interface was made, perhaps anew under its old name: the sockets that were opened on it are opened again,
     * and those of routers that waited for it are opened.
     */
    public void onInterfaceReplaced(String interfaceName) {
        for (AdvertisementSocket socket : sockets) {
            if (socket.interfaceName().equals(interfaceName)) {
                follow(socket);
            }
        }
        for (VirtualRouter router : List.copyOf(waiting)) {
            if (SocketPlace.of(router.config()).interfaceName().equals(interfaceName)) {
                begin(router, interfaceName);
            }
        }
    }

    private void begin(VirtualRouter router, String interfaceName) {
        int index = NetworkInterfaces.find(interfaceName);
        if (index == 0) {
            return;
        }
        try {
            open(router, index);
            waiting.remove(router);
            LOG.info("virtual router {}: interface {} is there now", router.name(), interfaceName);
        } catch (LinuxException | IllegalArgumentException e) {
            LOG.warn("virtual router {}: cannot be heard on the new interface {}", router.name(), interfaceName, e);
        }
    }

    private void follow(AdvertisementSocket socket) {
        int index = NetworkInterfaces.find(socket.interfaceName());
        if (index == 0 || index == socket.interfaceIndex()) {
            return;
        }
        Registration registration = registrations.remove(socket);
        if (registration != null) {
            registration.close();
        }
        try {
            socket.reopen(index);
            LOG.info("{} opened again: the interface was made anew", socket);
        } catch (LinuxException e) {
            LOG.warn("{} cannot be opened again on the new interface", socket, e);
        }
        EventLoop running = loop;
        if (running != null) {
            register(socket, running);
        }
    }

    /** All of them, for their counters; on the thread of the loop. */
    public List<AdvertisementSocket> sockets() {
        return List.copyOf(sockets);
    }

    /** Packets that failed a check, by reason, of all sockets and routers; from any thread. */
    public Map<RejectReason, Long> rejects() {
        return rejects.total();
    }

    /** Packets for one router that failed a check, by reason; from any thread. */
    public Map<RejectReason, Long> rejects(VirtualRouter router) {
        return rejects.of(router);
    }

    /** Advertisements that the kernel refused to send; on the thread of the loop. */
    public long sendErrors() {
        long errors = 0;
        for (AdvertisementSocket socket : sockets) {
            errors += socket.sendErrors();
        }
        return errors;
    }

    @Override
    public void close() {
        sockets.forEach(AdvertisementSocket::close);
        sockets.clear();
    }
}
