// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.socket.NetlinkSocket;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.SocketFilter;
import io.netty.buffer.ByteBuf;

/**
 * Watches links, addresses, routes and policy rules of the namespace it was opened in. Open it before the first {@link Rtnetlink#links}, so
 * that no change falls between.
 *
 * <p>Confined to one thread.
 */
public final class RouteMonitor implements Pollable, AutoCloseable {
    /** Answer of {@link #receive}: changes were missed; read links and addresses again. */
    public static final int OVERRUN = NetlinkSocket.OVERRUN;

    private static final int RTNLGRP_LINK = 1;
    private static final int RTNLGRP_IPV4_IFADDR = 5;
    private static final int RTNLGRP_IPV4_ROUTE = 7;
    private static final int RTNLGRP_IPV4_RULE = 8;
    private static final int RTNLGRP_IPV6_IFADDR = 9;
    private static final int RTNLGRP_IPV6_ROUTE = 11;
    private static final int RTNLGRP_IPV6_RULE = 19;

    /** {@code struct rtmsg} and {@code struct fib_rule_hdr} have the same length. */
    private static final int ROUTE_HEADER = 12;

    private static final int ROUTE_PROTOCOL = 5;
    private static final int FRA_PROTOCOL = 21;

    private final NetlinkSocket socket = NetlinkSocket.openForEvents(NetlinkSocket.ROUTE);
    private long malformed;

    private RouteMonitor(int... groups) {
        try {
            for (int group : groups) {
                socket.join(group);
            }
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Watches links and addresses of the calling thread's network namespace. */
    public static RouteMonitor open() {
        return new RouteMonitor(RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR);
    }

    /** Watches links alone. */
    public static RouteMonitor openForLinks() {
        return new RouteMonitor(RTNLGRP_LINK);
    }

    /**
     * Watches for addresses that go, nothing else; {@link #watchRoutes} and {@link #watchRules} add routes and rules that go.
     */
    public static RouteMonitor openForLosses() {
        RouteMonitor monitor = new RouteMonitor(RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR);
        monitor.socket.attachFilter(SocketFilter.onlyNetlinkTypes(
                RouteMessages.RTM_DELADDR, RouteMessages.RTM_DELROUTE, RouteMessages.RTM_DELRULE));
        return monitor;
    }

    /** Watches routes as well, which on a router that speaks BGP can be very many events. */
    public void watchRoutes() {
        socket.join(RTNLGRP_IPV4_ROUTE);
        socket.join(RTNLGRP_IPV6_ROUTE);
    }

    /** Watches policy rules as well. */
    public void watchRules() {
        socket.join(RTNLGRP_IPV4_RULE);
        socket.join(RTNLGRP_IPV6_RULE);
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** Asks for a receive buffer; answers what the kernel made of it (twice the request, unless capped). */
    public int receiveBuffer(int bytes) {
        return socket.receiveBuffer(bytes);
    }

    /** Does not report the addresses that these sockets add and renew, but all they remove. */
    public void ignoreAddressesAddedBy(long... portIds) {
        socket.attachFilter(SocketFilter.dropNetlink(RouteMessages.RTM_NEWADDR, portIds));
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
            case RouteMessages.RTM_NEWROUTE, RouteMessages.RTM_NEWRULE -> {}
            case RouteMessages.RTM_DELROUTE, RouteMessages.RTM_DELRULE -> {
                int header = at + RouteMessages.NLMSG_HEADER;
                if (header + ROUTE_HEADER > end) {
                    malformed++;
                } else if (type == RouteMessages.RTM_DELROUTE) {
                    listener.onRouteGone(in.getUnsignedByte(header + ROUTE_PROTOCOL));
                } else {
                    listener.onRuleGone(ruleProtocol(new Attributes(in, header + ROUTE_HEADER, end)));
                }
            }
            default -> malformed++;
        }
    }

    private static int ruleProtocol(Attributes attributes) {
        while (attributes.advance()) {
            if (attributes.type() == FRA_PROTOCOL) {
                return attributes.integer();
            }
        }
        return 0;
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
