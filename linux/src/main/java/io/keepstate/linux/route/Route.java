// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.socket.IpFamily;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A route; immutable, made by {@link #via}, {@link #onLink} or {@link #builder}. Numbers are those of
 * {@code include/uapi/linux/rtnetlink.h}.
 *
 * @param type RTN_: 1 unicast, 6 blackhole, 7 unreachable, 8 prohibit, 9 throw...
 * @param destination network address; with prefix length 0 the default route of its family
 * @param from network of the source, IPv6 only, or null
 * @param hops where it leads; several share the packets; none for types that do not forward
 * @param source preferred source address, or null
 * @param tos type of service it is for, 0 for any
 * @param table routing table, 254 is main
 * @param metric lower wins; 0 is the family's default
 * @param scope RT_SCOPE_; {@link #SCOPE_BY_TYPE} for what type and hops make it
 * @param protocol who set it: 3 boot, 4 static, 18 keepalived
 * @param preference IPv6 router preference: 0 medium, 1 high, 3 low
 * @param metrics value by RTAX_ number: 2 MTU, 8 advertised MSS...
 * @param lockedMetrics bit set by RTAX_ number of those that must not be adapted
 * @param congestionControl name of TCP's congestion control, or null
 * @param realms IPv4: the realm of the source in the upper, that of the destination in the lower half; 0 for none
 * @param expiresSeconds IPv6: when the kernel takes it away; 0 for never
 */
public record Route(
        int type,
        InetAddress destination,
        int prefixLength,
        @Nullable InetAddress from,
        int fromPrefixLength,
        List<Hop> hops,
        @Nullable InetAddress source,
        int tos,
        long table,
        long metric,
        int scope,
        int protocol,
        int preference,
        Map<Integer, Long> metrics,
        int lockedMetrics,
        @Nullable String congestionControl,
        long realms,
        long expiresSeconds) {
    public static final int UNICAST = 1;
    public static final int LOCAL = 2;
    public static final int BROADCAST = 3;
    public static final int ANYCAST = 4;
    public static final int MULTICAST = 5;

    public static final long TABLE_MAIN = 254;
    public static final long TABLE_LOCAL = 255;
    public static final int PROTOCOL_STATIC = 4;
    /** The protocol number under which VRRP daemons mark their routes and rules. */
    public static final int PROTOCOL_VRRP = 18;

    public static final int SCOPE_BY_TYPE = -1;

    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int SCOPE_HOST = 254;

    public Route {
        hops = List.copyOf(hops);
        metrics = Map.copyOf(metrics);
    }

    /**
     * One way a route leads.
     *
     * @param gateway next hop, or null for a network that is on the link
     * @param interfaceIndex interface it leaves by, or 0 to let the gateway decide
     * @param weight share among several, 1 to 256
     * @param onLink take the gateway as reachable there whatever the addresses say
     */
    public record Hop(@Nullable InetAddress gateway, int interfaceIndex, int weight, boolean onLink) {
        public Hop {
            if (weight < 1 || weight > 256) {
                throw new IllegalArgumentException("weight " + weight + " of a next hop is not within 1..256");
            }
        }
    }

    /** A route in the main table by a gateway. */
    public static Route via(InetAddress destination, int prefixLength, InetAddress gateway) {
        return builder(destination, prefixLength).hop(gateway, 0).build();
    }

    /** A route in the main table to a network on the link. */
    public static Route onLink(InetAddress destination, int prefixLength, int interfaceIndex) {
        return builder(destination, prefixLength).hop(null, interfaceIndex).build();
    }

    /** Starts a unicast route in the main table. */
    public static RouteBuilder builder(InetAddress destination, int prefixLength) {
        return new RouteBuilder(destination, prefixLength);
    }

    public IpFamily family() {
        return IpFamily.of(destination);
    }

    /** The scope the kernel is told: IPv4 only, how far away the destination is at least (as ip-route(8) chooses it). */
    int effectiveScope() {
        if (scope != SCOPE_BY_TYPE) {
            return scope;
        }
        if (type == LOCAL) {
            return SCOPE_HOST;
        }
        if (type == BROADCAST || type == MULTICAST || type == ANYCAST) {
            return SCOPE_LINK;
        }
        boolean direct = type == UNICAST && hops.stream().allMatch(hop -> hop.gateway() == null);
        return direct ? SCOPE_LINK : SCOPE_UNIVERSE;
    }
}
