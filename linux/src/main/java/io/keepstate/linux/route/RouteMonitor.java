// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.socket.NetlinkSocket;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.SocketFilter;
import io.netty.buffer.ByteBuf;

/**
 * Watches links and addresses of the namespace it was opened in. Open it before the first {@link Rtnetlink#links}, so
 * that no change falls between.
 *
 * <p>Confined to one thread.
 */
public final class RouteMonitor implements Pollable, AutoCloseable {
    /** Answer of {@link #receive}: changes were missed; read links and addresses again. */
    public static final int OVERRUN = NetlinkSocket.OVERRUN;

    private static final int RTNLGRP_LINK = 1;
    private static final int RTNLGRP_IPV4_IFADDR = 5;
    private static final int RTNLGRP_IPV6_IFADDR = 9;

    private final NetlinkSocket socket = NetlinkSocket.openForEvents(NetlinkSocket.ROUTE);
    private long malformed;

    private RouteMonitor() {
        try {
            socket.join(RTNLGRP_LINK);
            socket.join(RTNLGRP_IPV4_IFADDR);
            socket.join(RTNLGRP_IPV6_IFADDR);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Opens in the calling thread's network namespace. */
    public static RouteMonitor open() {
        return new RouteMonitor();
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** Asks for a receive buffer; answers what the kernel made of it (twice the request, unless capped). */
    public int receiveBuffer(int bytes) {
        return socket.receiveBuffer(bytes);
    }

    /** Does not report what these sockets change, each known by its {@link Rtnetlink#portId}. */
    public void ignoreChangesBy(long... portIds) {
        socket.attachFilter(SocketFilter.dropNetlinkFrom(portIds));
    }

    /**
     * Hands over what is queued, up to a budget of datagrams.
     *
     * @return how many datagrams came, or {@link #OVERRUN}
     */
    public int receive(RouteListener listener, int budget) {
        return socket.receive(
                datagram ->
                        RouteMessages.forEach(datagram, (in, type, at, end) -> dispatch(listener, in, type, at, end)),
                budget);
    }

    private void dispatch(RouteListener listener, ByteBuf in, int type, int at, int end) {
        if (RouteMessages.isBridgePort(in, at, end)) {
            return;
        }
        switch (type) {
            case RouteMessages.RTM_NEWLINK, RouteMessages.RTM_DELLINK -> {
                Link link = RouteMessages.link(in, at, end);
                if (link == null) {
                    malformed++;
                } else if (type == RouteMessages.RTM_NEWLINK) {
                    listener.onLink(link);
                } else {
                    listener.onLinkGone(link);
                }
            }
            case RouteMessages.RTM_NEWADDR, RouteMessages.RTM_DELADDR -> {
                InterfaceAddress address = RouteMessages.address(in, at, end);
                if (address == null) {
                    malformed++;
                } else if (type == RouteMessages.RTM_NEWADDR) {
                    listener.onAddress(address);
                } else {
                    listener.onAddressGone(address);
                }
            }
            default -> malformed++;
        }
    }

    /** How often the kernel reported missed changes. */
    public long overruns() {
        return socket.overruns();
    }

    /** Messages that could not be read. */
    public long malformed() {
        return malformed;
    }

    @Override
    public void close() {
        socket.close();
    }
}
