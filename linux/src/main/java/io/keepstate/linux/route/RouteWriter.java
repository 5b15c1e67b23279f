// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.socket.IpFamily;
import java.net.InetAddress;

/** Writes the body of RTM_NEWROUTE and RTM_DELROUTE ({@code include/uapi/linux/rtnetlink.h}). */
final class RouteWriter {
    private static final int RTA_DST = 1;
    private static final int RTA_SRC = 2;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_FLOW = 11;
    private static final int RTA_TABLE = 15;
    private static final int RTA_VIA = 18;
    private static final int RTA_PREF = 20;
    private static final int RTA_EXPIRES = 23;

    private static final int RTAX_LOCK = 1;
    private static final int RTAX_CC_ALGO = 16;
    private static final int RTNH_F_ONLINK = 4;

    private RouteWriter() {}

    static void write(RequestWriter message, Route route) {
        boolean multipath = route.hops().size() > 1;
        boolean onLink = route.hops().size() == 1 && route.hops().get(0).onLink();
        // struct rtmsg: family, destination and source length, tos, table (8 bits), protocol, scope, type, flags
        message.octet(route.family().number())
                .octet(route.prefixLength())
                .octet(route.fromPrefixLength())
                .octet(route.tos())
                .octet(0)
                .octet(route.protocol())
                .octet(route.effectiveScope())
                .octet(route.type())
                .word(onLink ? RTNH_F_ONLINK : 0)
                .attribute(RTA_TABLE, (int) route.table());
        if (route.prefixLength() > 0) {
            message.attribute(RTA_DST, route.destination());
        }
        InetAddress from = route.from();
        if (from != null && route.fromPrefixLength() > 0) {
            message.attribute(RTA_SRC, from);
        }
        InetAddress source = route.source();
        if (source != null) {
            message.attribute(RTA_PREFSRC, source);
        }
        if (route.metric() != 0) {
            message.attribute(RTA_PRIORITY, (int) route.metric());
        }
        if (route.preference() != 0) {
            message.attributeOctet(RTA_PREF, route.preference());
        }
        if (route.realms() != 0) {
            message.attribute(RTA_FLOW, (int) route.realms());
        }
        if (route.expiresSeconds() != 0) {
            message.attribute(RTA_EXPIRES, (int) route.expiresSeconds());
        }
        writeMetrics(message, route);
        if (multipath) {
            writeHops(message, route);
        } else {
            route.hops().forEach(hop -> writeHop(message, route.family(), hop));
        }
        message.end();
    }

    private static void writeHop(RequestWriter message, IpFamily family, Route.Hop hop) {
        gateway(message, family, hop);
        if (hop.interfaceIndex() != 0) {
            message.attribute(RTA_OIF, hop.interfaceIndex());
        }
    }

    private static void writeHops(RequestWriter message, Route route) {
        int all = message.open(RTA_MULTIPATH);
        for (Route.Hop hop : route.hops()) {
            // struct rtnexthop: length, flags, weight less one, interface; its attributes follow and count.
            int at = message.openNextHop(hop.onLink() ? RTNH_F_ONLINK : 0, hop.weight() - 1, hop.interfaceIndex());
            gateway(message, route.family(), hop);
            message.close(at);
        }
        message.close(all);
    }

    private static void gateway(RequestWriter message, IpFamily family, Route.Hop hop) {
        InetAddress gateway = hop.gateway();
        if (gateway == null) {
            return;
        }
        if (IpFamily.of(gateway) == family) {
            message.attribute(RTA_GATEWAY, gateway);
        } else {
            message.attributeVia(RTA_VIA, IpFamily.of(gateway).number(), gateway);
        }
    }

    private static void writeMetrics(RequestWriter message, Route route) {
        String congestionControl = route.congestionControl();
        if (route.metrics().isEmpty() && congestionControl == null) {
            return;
        }
        int all = message.open(RTA_METRICS);
        if (route.lockedMetrics() != 0) {
            message.attribute(RTAX_LOCK, route.lockedMetrics());
        }
        route.metrics().forEach((number, value) -> message.attribute(number, value.intValue()));
        if (congestionControl != null) {
            message.attribute(RTAX_CC_ALGO, congestionControl);
        }
        message.close(all);
    }
}
