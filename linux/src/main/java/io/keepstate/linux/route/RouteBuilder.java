// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Route}: unicast, main table, protocol static, unless said otherwise. */
public final class RouteBuilder {
    private final InetAddress destination;
    private final int prefixLength;
    private final List<Route.Hop> hops = new ArrayList<>();
    private final Map<Integer, Long> metrics = new HashMap<>();
    private int type = Route.UNICAST;
    private @Nullable InetAddress from;
    private int fromPrefixLength;
    private @Nullable InetAddress source;
    private int tos;
    private long table = Route.TABLE_MAIN;
    private long metric;
    private int scope = Route.SCOPE_BY_TYPE;
    private int protocol = Route.PROTOCOL_STATIC;
    private int preference;
    private int lockedMetrics;
    private @Nullable String congestionControl;
    private long realms;
    private long expiresSeconds;

    RouteBuilder(InetAddress destination, int prefixLength) {
        this.destination = destination;
        this.prefixLength = prefixLength;
    }

    /** RTN_ number; a route that does not forward has no hops. */
    public RouteBuilder type(int value) {
        type = value;
        return this;
    }

    /** IPv6: only for packets from this network. */
    public RouteBuilder from(InetAddress network, int length) {
        from = network;
        fromPrefixLength = length;
        return this;
    }

    /** Adds a next hop of weight 1. */
    public RouteBuilder hop(@Nullable InetAddress gateway, int interfaceIndex) {
        return hop(new Route.Hop(gateway, interfaceIndex, 1, false));
    }

    public RouteBuilder hop(Route.Hop value) {
        hops.add(value);
        return this;
    }

    /** Preferred source address. */
    public RouteBuilder source(@Nullable InetAddress value) {
        source = value;
        return this;
    }

    public RouteBuilder tos(int value) {
        tos = value;
        return this;
    }

    public RouteBuilder table(long value) {
        table = value;
        return this;
    }

    public RouteBuilder metric(long value) {
        metric = value;
        return this;
    }

    public RouteBuilder scope(int value) {
        scope = value;
        return this;
    }

    public RouteBuilder protocol(int value) {
        protocol = value;
        return this;
    }

    /** IPv6 router preference. */
    public RouteBuilder preference(int value) {
        preference = value;
        return this;
    }

    /**
     * A property of the path.
     *
     * @param number RTAX_ number
     * @param locked whether it must not be adapted
     */
    public RouteBuilder metric(int number, long value, boolean locked) {
        metrics.put(number, value);
        if (locked) {
            lockedMetrics |= 1 << number;
        }
        return this;
    }

    public RouteBuilder congestionControl(@Nullable String value) {
        congestionControl = value;
        return this;
    }

    /** IPv4: the realm of the source in the upper, that of the destination in the lower half. */
    public RouteBuilder realms(long value) {
        realms = value;
        return this;
    }

    /** IPv6: the kernel takes it away after this time. */
    public RouteBuilder expires(long seconds) {
        expiresSeconds = seconds;
        return this;
    }

    public Route build() {
        return new Route(
                type,
                destination,
                prefixLength,
                from,
                fromPrefixLength,
                hops,
                source,
                tos,
                table,
                metric,
                scope,
                protocol,
                preference,
                metrics,
                lockedMetrics,
                congestionControl,
                realms,
                expiresSeconds);
    }
}
