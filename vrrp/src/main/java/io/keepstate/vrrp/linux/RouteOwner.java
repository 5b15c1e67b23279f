// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.route.Route;
import io.keepstate.linux.route.RouteBuilder;
import io.keepstate.linux.route.RoutingRule;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.NextHop;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRule;
import io.keepstate.vrrp.codec.AddressFamily;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Puts virtual routes and rules into the kernel and takes them out, idempotently like {@link AddressOwner}: one that is there
 * counts as added, as keepalived does it. Needs CAP_NET_ADMIN. Confined to one thread, the one of its rtnetlink.
 */
final class RouteOwner {

    /** Rules without a priority can be there several times; more than this many nobody left behind. */
    private static final int SAME_RULES = 16;

    private final Rtnetlink rtnetlink;

    /** Works through this connection, which stays the caller's. */
    RouteOwner(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    /** Adds routes in order; answers those that are not there now, and why. */
    List<HoldingFailure> addRoutes(List<VirtualRoute> routes) {
        List<HoldingFailure> failures = new ArrayList<>();
        for (VirtualRoute route : routes) {
            int errno = add(route);
            if (errno != 0 && errno != Errno.EEXIST) {
                failures.add(HoldingFailure.of(route, errno));
            }
        }
        return failures;
    }

    /** Adds a route; answers 0 if it was not there, EEXIST if it was, or why it could not be added. */
    int add(VirtualRoute route) {
        InterfaceIndexes indexes = new InterfaceIndexes(rtnetlink);
        if (!hasInterfaces(route, indexes)) {
            return Errno.ENODEV;
        }
        Route request = request(route, indexes);
        return switch (route.order()) {
            case PREPEND -> rtnetlink.prependRoute(request);
            case APPEND -> rtnetlink.appendRoute(request);
            case ADD -> rtnetlink.addRoute(request);
        };
    }

    /** Removes routes in reverse order; answers those that are still there, and why. */
    List<HoldingFailure> removeRoutes(List<VirtualRoute> routes) {
        List<HoldingFailure> failures = new ArrayList<>();
        InterfaceIndexes indexes = new InterfaceIndexes(rtnetlink);
        for (VirtualRoute route : reversed(routes)) {
            if (!hasInterfaces(route, indexes)) {
                continue; // a route leaves with its interface
            }
            int errno = rtnetlink.removeRoute(request(route, indexes));
            if (errno != 0 && errno != Errno.ESRCH && errno != Errno.ENODEV && errno != Errno.ENETUNREACH) {
                failures.add(HoldingFailure.of(route, errno));
            }
        }
        return failures;
    }

    /** Adds rules in order; answers those that are not there now, and why. */
    List<HoldingFailure> addRules(List<VirtualRule> rules) {
        List<HoldingFailure> failures = new ArrayList<>();
        for (VirtualRule rule : rules) {
            int errno = add(rule);
            if (errno != 0 && errno != Errno.EEXIST) {
                failures.add(HoldingFailure.of(rule, errno));
            }
        }
        return failures;
    }

    /** Adds a rule; answers 0 if it was not there, EEXIST if it was, or why it could not be added. */
    int add(VirtualRule rule) {
        return rtnetlink.addRule(request(rule));
    }

    /** Removes rules in reverse order; answers those that are still there, and why. */
    List<HoldingFailure> removeRules(List<VirtualRule> rules) {
        List<HoldingFailure> failures = new ArrayList<>();
        for (VirtualRule rule : reversed(rules)) {
            RoutingRule request = request(rule);
            int errno = 0;
            for (int i = 0; i < SAME_RULES && errno == 0; i++) {
                errno = rtnetlink.removeRule(request);
            }
            if (errno != 0 && errno != Errno.ENOENT && errno != Errno.ESRCH) {
                failures.add(HoldingFailure.of(rule, errno));
            }
        }
        return failures;
    }

    /** The number under which the kernel knows who set a route. */
    static int protocol(VirtualRoute route) {
        return route.protocol().orElse(Route.PROTOCOL_VRRP);
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        Collections.reverse(copy);
        return copy;
    }

    private static boolean hasInterfaces(VirtualRoute route, InterfaceIndexes indexes) {
        return route.nextHops().stream()
                .flatMap(hop -> hop.interfaceName().stream())
                .allMatch(name -> indexes.index(name) != 0);
    }

    private static Route request(VirtualRoute route, InterfaceIndexes indexes) {
        boolean local = route.type() == VirtualRoute.Type.LOCAL
                || route.type() == VirtualRoute.Type.BROADCAST
                || route.type() == VirtualRoute.Type.ANYCAST;
        RouteBuilder builder = Route.builder(
                        Inet.address(route.to().address()), route.to().length())
                .type(route.type().number())
                .source(route.source().map(Inet::address).orElse(null))
                .tos(route.tos().orElse(0))
                .table(route.table().orElse(local ? Route.TABLE_LOCAL : Route.TABLE_MAIN))
                .metric(route.metric().orElse(0))
                .scope(route.scope().orElse(Route.SCOPE_BY_TYPE))
                .protocol(protocol(route))
                .preference(route.preference().orElse(0))
                .congestionControl(route.congestionControl().orElse(null));
        route.realms().ifPresent(builder::realms);
        route.expiresSeconds().ifPresent(builder::expires);
        route.from().ifPresent(from -> builder.from(Inet.address(from.address()), from.length()));
        route.metrics()
                .forEach((metric, value) ->
                        builder.metric(metric.number(), value, route.locked().contains(metric)));
        for (NextHop hop : route.nextHops()) {
            builder.hop(new Route.Hop(
                    hop.via().map(Inet::address).orElse(null),
                    hop.interfaceName().map(indexes::index).orElse(0),
                    hop.weight(),
                    hop.onLink()));
        }
        return builder.build();
    }

    private static RoutingRule request(VirtualRule rule) {
        RoutingRule.Builder builder = RoutingRule.builder(
                        Inet.family(rule.family()), rule.action().number(), rule.target())
                .protocol(rule.protocol().orElse(Route.PROTOCOL_VRRP));
        if (rule.inverted()) {
            builder.inverted();
        }
        rule.from().ifPresent(it -> builder.from(Inet.address(it.address()), it.length()));
        rule.to().ifPresent(it -> builder.to(Inet.address(it.address()), it.length()));
        rule.tos().ifPresent(builder::tos);
        rule.firewallMark()
                .ifPresent(it -> builder.firewallMark(it, rule.firewallMask().orElse(0xffff_ffffL)));
        rule.incomingInterface().ifPresent(builder::incomingInterface);
        rule.outgoingInterface().ifPresent(builder::outgoingInterface);
        rule.priority().ifPresent(builder::priority);
        rule.suppressPrefixLength().ifPresent(builder::suppressPrefixLength);
        rule.suppressGroup().ifPresent(builder::suppressGroup);
        rule.tunnelId().ifPresent(builder::tunnelId);
        if (rule.family() == AddressFamily.IPV4) {
            rule.realms().ifPresent(builder::realms);
        }
        if (rule.layer3Master()) {
            builder.layer3Master();
        }
        rule.userIds().ifPresent(it -> builder.userIds(it.first(), it.last()));
        rule.ipProtocol().ifPresent(builder::ipProtocol);
        rule.sourcePorts().ifPresent(it -> builder.sourcePorts((int) it.first(), (int) it.last()));
        rule.destinationPorts().ifPresent(it -> builder.destinationPorts((int) it.first(), (int) it.last()));
        return builder.build();
    }
}
