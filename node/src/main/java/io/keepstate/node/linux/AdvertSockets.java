// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.node.port.AdvertSink;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.linux.AdvertisementSockets;
import io.keepstate.vrrp.linux.LinkNetworks;
import java.util.Map;

/** The sockets of all virtual routers of a node. Belongs to the VRRP loop. */
final class AdvertSockets implements AdvertSink, AutoCloseable {
    private final AdvertisementSockets sockets;

    /** None yet; what is on a link is asked there. */
    AdvertSockets(LinkNetworks networks) {
        sockets = new AdvertisementSockets(networks);
    }

    /** Opens the socket of a router in the calling thread's network namespace, now or when its interface comes. */
    void openOrAwait(VirtualRouter router) {
        sockets.openOrAwait(router);
    }

    @Override
    public void configured(VirtualRouter router) {
        sockets.onConfigured(router);
    }

    /** Lets a router go, on the VRRP loop. */
    void remove(VirtualRouter router) {
        sockets.remove(router);
    }

    /** Prepares the first adverts; before the loop runs. */
    void rehearse() {
        sockets.rehearse();
    }

    void register(EventLoop loop) {
        sockets.register(loop);
    }

    /** Hands over what has arrived for routers whose time has come. */
    void receiveDue(long nowNanos) {
        sockets.receiveDue(nowNanos);
    }

    @Override
    public void send(VirtualRouter router, Advertisement advertisement) {
        sockets.send(router, advertisement);
    }

    @Override
    public void gather() {
        sockets.gather();
    }

    @Override
    public void flush() {
        sockets.flush();
    }

    @Override
    public void interfaceReplaced(String interfaceName) {
        sockets.onInterfaceReplaced(interfaceName);
    }

    /** Packets that failed a check, by reason, of all sockets and routers; from any thread. */
    Map<RejectReason, Long> rejects() {
        return sockets.rejects();
    }

    /** Packets for one router that failed a check, by reason; from any thread. */
    Map<RejectReason, Long> rejects(VirtualRouter router) {
        return sockets.rejects(router);
    }

    @Override
    public void close() {
        sockets.close();
    }
}
