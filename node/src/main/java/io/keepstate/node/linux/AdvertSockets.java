// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.node.port.AdvertSink;
import io.keepstate.vrrp.RejectCounters;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.linux.AdvertisementSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The sockets of all virtual routers of a node: one per interface and family. Belongs to the VRRP loop. */
final class AdvertSockets implements AdvertSink, AutoCloseable {
    private static final int BUDGET = 64;

    private final List<AdvertisementSocket> sockets = new ArrayList<>();
    private final IdentityHashMap<VirtualRouter, AdvertisementSocket> socketOf = new IdentityHashMap<>();

    /** Opens the socket of a router, whose interface exists, in the calling thread's network namespace. */
    void open(VirtualRouter router, Rtnetlink rtnetlink) {
        Link link = rtnetlink.link(router.config().interfaceName()).orElseThrow();
        AdvertisementSocket socket = socket(router.config().family(), link);
        socket.add(router);
        socketOf.put(router, socket);
    }

    void register(EventLoop loop) {
        for (AdvertisementSocket socket : sockets) {
            loop.registerPaced(
                    socket,
                    "vrrp " + socket.family() + " on " + socket.interfaceName(),
                    AdvertisementSocket.PAUSE_NANOS,
                    (readiness, now) -> socket.receive(now, BUDGET));
        }
    }

    /** Hands over what has arrived. */
    void receive(long nowNanos) {
        for (AdvertisementSocket socket : sockets) {
            socket.receive(nowNanos, BUDGET);
        }
    }

    @Override
    public void send(VirtualRouter router, Advertisement advertisement) {
        AdvertisementSocket socket = socketOf.get(router);
        if (socket != null) {
            socket.send(router, advertisement);
        }
    }

    /** Packets that failed a check, by reason, of all sockets and routers; from any thread. */
    Map<RejectReason, Long> rejects() {
        EnumMap<RejectReason, Long> sum = new EnumMap<>(RejectReason.class);
        for (AdvertisementSocket socket : sockets) {
            add(sum, socket.rejects());
        }
        socketOf.forEach((router, socket) -> add(sum, socket.rejects(router)));
        return Map.copyOf(sum);
    }

    /** Packets for one router that failed a check, by reason; from any thread. */
    Map<RejectReason, Long> rejects(VirtualRouter router) {
        AdvertisementSocket socket = socketOf.get(router);
        return socket == null ? Map.of() : socket.rejects(router).snapshot();
    }

    private static void add(Map<RejectReason, Long> sum, RejectCounters counters) {
        counters.snapshot().forEach((reason, count) -> sum.merge(reason, count, Long::sum));
    }

    @Override
    public void close() {
        sockets.forEach(AdvertisementSocket::close);
        sockets.clear();
    }

    private AdvertisementSocket socket(AddressFamily family, Link link) {
        for (AdvertisementSocket socket : sockets) {
            if (socket.family() == family && socket.interfaceName().equals(link.name())) {
                return socket;
            }
        }
        AdvertisementSocket opened = AdvertisementSocket.open(family, link);
        sockets.add(opened);
        return opened;
    }
}
