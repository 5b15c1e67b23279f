// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A route that a router holds while it is active (keepalived: virtual_routes). Make one with {@link #builder}.
 *
 * @param type where packets go
 * @param to the destination
 * @param from IPv6 only: the network of the source (source-specific routing)
 * @param source preferred source address
 * @param nextHops one, several (multipath), or none for a type that does not forward
 * @param tos type of service it is for (IPv4)
 * @param table routing table; empty for main (254), or for local routes local (255)
 * @param metric lower wins; empty for the family's default
 * @param scope RT_SCOPE_ number; empty for what the type and the next hop make it
 * @param protocol who set it; empty for 18, keepalived's number
 * @param preference IPv6 router preference: 0 medium, 1 high, 3 low
 * @param metrics mtu, advmss...
 * @param locked those of the metrics that path MTU discovery and TCP must not change
 * @param congestionControl name of the TCP congestion control
 * @param realms IPv4: the realm of the source in the upper, that of the destination in the lower half of 32 bits
 * @param expiresSeconds IPv6: when the kernel takes it away by itself
 * @param order where it goes among routes to the same destination with the same metric
 * @param tracked whether its loss while active is a loss of the role (false: {@code no_track})
 */
public record VirtualRoute(
        Type type,
        IpPrefix to,
        Optional<IpPrefix> from,
        Optional<IpAddress> source,
        List<NextHop> nextHops,
        OptionalInt tos,
        OptionalLong table,
        OptionalLong metric,
        OptionalInt scope,
        OptionalInt protocol,
        OptionalInt preference,
        Map<RouteMetric, Long> metrics,
        Set<RouteMetric> locked,
        Optional<String> congestionControl,
        OptionalLong realms,
        OptionalLong expiresSeconds,
        Order order,
        boolean tracked) {

    /** What happens to packets for the destination; numbers are RTN_ of {@code include/uapi/linux/rtnetlink.h}. */
    public enum Type {
        UNICAST(1, true),
        LOCAL(2, true),
        BROADCAST(3, true),
        ANYCAST(4, true),
        MULTICAST(5, true),
        /** Dropped silently. */
        BLACKHOLE(6, false),
        /** Dropped, the sender is told that the host is unreachable. */
        UNREACHABLE(7, false),
        /** Dropped, the sender is told that it is prohibited. */
        PROHIBIT(8, false),
        /** As if the table had no route: the next rule decides. */
        THROW(9, false);

        private final int number;
        private final boolean forwards;

        Type(int number, boolean forwards) {
            this.number = number;
            this.forwards = forwards;
        }

        /** Its RTN_ number. */
        public int number() {
            return number;
        }

        /** Whether it needs a next hop. */
        public boolean forwards() {
            return forwards;
        }
    }

    /** Where a route goes among others to the same destination with the same metric. */
    public enum Order {
        /** Before them: it is the one that is used. keepalived's default. */
        PREPEND,
        /** Behind them. */
        APPEND,
        /** Only if there is none; one that is there counts as this one. */
        ADD
    }

    /** Refuses what the kernel would, with a sentence. */
    public VirtualRoute {
        nextHops = List.copyOf(nextHops);
        metrics = Map.copyOf(metrics);
        locked = Set.copyOf(locked);
        String who = "virtual route to " + to + ": ";
        check(type.forwards() != nextHops.isEmpty(), who + noNextHop(type));
        AddressFamily family = to.family();
        for (NextHop hop : nextHops) {
            // An IPv4 route may lead by an IPv6 gateway (RTA_VIA), not the other way round.
            check(
                    hop.via().isEmpty() || hop.via().get().family() == family || family == AddressFamily.IPV4,
                    who + "gateway " + hop.via().orElse(to.address()) + " is of the other family");
        }
        check(
                source.isEmpty() || source.get().family() == family,
                who + "source " + source.orElse(to.address()) + " is of the other family");
        check(
                from.isEmpty() || (from.get().family() == family && family == AddressFamily.IPV6),
                who + "'from' is for IPv6 routes and of their family; use a rule for IPv4, or 'src'");
        check(metrics.keySet().containsAll(locked), who + "a locked metric needs a value");
        range(tos, 255, who + "tos");
        range(scope, 255, who + "scope");
        range(protocol, 255, who + "protocol");
        range(preference, 3, who + "preference");
        range(table, who + "table");
        range(metric, who + "metric");
        range(realms, who + "realms");
        range(expiresSeconds, who + "expires");
        check(realms.isEmpty() || family == AddressFamily.IPV4, who + "realms are for IPv4; remove them");
        check(expiresSeconds.isEmpty() || family == AddressFamily.IPV6, who + "expires is for IPv6; remove it");
    }

    private static String noNextHop(Type type) {
        return type.forwards()
                ? "it needs a gateway (via) or an interface (dev)"
                : "a route that does not forward takes neither via nor dev";
    }

    /** Starts a unicast route. */
    public static Builder builder(IpPrefix to) {
        return new Builder(to);
    }

    /** A route by a gateway. */
    public static VirtualRoute via(IpPrefix to, IpAddress gateway) {
        return builder(to).nextHop(NextHop.via(gateway)).build();
    }

    /** The family of the destination. */
    public AddressFamily family() {
        return to.family();
    }

    /** As ip-route(8) writes it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (type != Type.UNICAST) {
            text.append(type.name().toLowerCase(Locale.ROOT)).append(' ');
        }
        text.append(to.length() == 0 ? "default" : to.toString());
        from.ifPresent(it -> text.append(" from ").append(it));
        source.ifPresent(it -> text.append(" src ").append(it));
        for (NextHop hop : nextHops) {
            text.append(nextHops.size() > 1 ? " nexthop " : " ").append(hop);
        }
        table.ifPresent(it -> text.append(" table ").append(it));
        metric.ifPresent(it -> text.append(" metric ").append(it));
        return text.toString();
    }

    private static void range(OptionalInt value, int greatest, String what) {
        check(
                value.isEmpty() || (value.getAsInt() >= 0 && value.getAsInt() <= greatest),
                what + " " + value.orElse(0) + " must be 0 to " + greatest);
    }

    private static void range(OptionalLong value, String what) {
        check(
                value.isEmpty() || (value.getAsLong() >= 0 && value.getAsLong() <= 0xffff_ffffL),
                what + " " + value.orElse(0) + " must be 0 to 4294967295");
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }

    /** Collects a route; {@link #build} checks it as a whole. */
    public static final class Builder {
        private final IpPrefix to;
        private final List<NextHop> nextHops = new ArrayList<>();
        private final Map<RouteMetric, Long> metrics = new EnumMap<>(RouteMetric.class);
        private final Set<RouteMetric> locked = EnumSet.noneOf(RouteMetric.class);
        private Type type = Type.UNICAST;
        private Optional<IpPrefix> from = Optional.empty();
        private Optional<IpAddress> source = Optional.empty();
        private OptionalInt tos = OptionalInt.empty();
        private OptionalLong table = OptionalLong.empty();
        private OptionalLong metric = OptionalLong.empty();
        private OptionalInt scope = OptionalInt.empty();
        private OptionalInt protocol = OptionalInt.empty();
        private OptionalInt preference = OptionalInt.empty();
        private Optional<String> congestionControl = Optional.empty();
        private OptionalLong realms = OptionalLong.empty();
        private OptionalLong expiresSeconds = OptionalLong.empty();
        private Order order = Order.PREPEND;
        private boolean tracked = true;

        private Builder(IpPrefix to) {
            this.to = to;
        }

        /** The type; default unicast. */
        public Builder type(Type value) {
            type = value;
            return this;
        }

        /** IPv6: the network of the source. */
        public Builder from(IpPrefix value) {
            from = Optional.of(value);
            return this;
        }

        /** The preferred source address. */
        public Builder source(IpAddress value) {
            source = Optional.of(value);
            return this;
        }

        /** Adds a next hop. */
        public Builder nextHop(NextHop value) {
            nextHops.add(value);
            return this;
        }

        /** Type of service. */
        public Builder tos(int value) {
            tos = OptionalInt.of(value);
            return this;
        }

        /** Routing table. */
        public Builder table(long value) {
            table = OptionalLong.of(value);
            return this;
        }

        /** Metric, also called preference or priority. */
        public Builder metric(long value) {
            metric = OptionalLong.of(value);
            return this;
        }

        /** Scope. */
        public Builder scope(int value) {
            scope = OptionalInt.of(value);
            return this;
        }

        /** Who set it. */
        public Builder protocol(int value) {
            protocol = OptionalInt.of(value);
            return this;
        }

        /** IPv6 router preference. */
        public Builder preference(int value) {
            preference = OptionalInt.of(value);
            return this;
        }

        /** A metric that the kernel may adapt. */
        public Builder metric(RouteMetric what, long value) {
            metrics.put(what, value);
            return this;
        }

        /** A metric that stays as it is. */
        public Builder lockedMetric(RouteMetric what, long value) {
            locked.add(what);
            return metric(what, value);
        }

        /** TCP congestion control. */
        public Builder congestionControl(String value) {
            congestionControl = Optional.of(value);
            return this;
        }

        /** IPv4 realms: that of the source in the upper, that of the destination in the lower half. */
        public Builder realms(long value) {
            realms = OptionalLong.of(value);
            return this;
        }

        /** IPv6: the kernel takes it away after so many seconds. */
        public Builder expires(long seconds) {
            expiresSeconds = OptionalLong.of(seconds);
            return this;
        }

        /** Its place among routes to the same destination; default before them. */
        public Builder order(Order value) {
            order = value;
            return this;
        }

        /** False for {@code no_track}. */
        public Builder tracked(boolean value) {
            tracked = value;
            return this;
        }

        /**
         * The route.
         *
         * @throws IllegalArgumentException if it cannot work, with what and why
         */
        public VirtualRoute build() {
            return new VirtualRoute(
                    type,
                    to,
                    from,
                    source,
                    nextHops,
                    tos,
                    table,
                    metric,
                    scope,
                    protocol,
                    preference,
                    metrics,
                    locked,
                    congestionControl,
                    realms,
                    expiresSeconds,
                    order,
                    tracked);
        }
    }
}
