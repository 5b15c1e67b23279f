// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.IpPrefix;
import io.keepstate.vrrp.NextHop;
import io.keepstate.vrrp.RouteMetric;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one line of {@code virtual_routes}: the words of ip-route(8). */
final class RouteReader {
    private static final Map<String, VirtualRoute.Type> TYPES = Arrays.stream(VirtualRoute.Type.values())
            .collect(Collectors.toMap(type -> type.name().toLowerCase(Locale.ROOT), Function.identity()));
    private static final Map<String, RouteMetric> METRICS =
            Arrays.stream(RouteMetric.values()).collect(Collectors.toMap(RouteMetric::word, Function.identity()));
    private static final Map<String, Integer> PREFERENCES = Map.of("medium", 0, "high", 1, "low", 3);

    private final WordCursor words;
    private final RouteNames names;
    private final boolean ipv6;

    /** What one next hop collects. */
    private static final class Hop {
        Optional<IpAddress> via = Optional.empty();
        Optional<String> device = Optional.empty();
        int weight = 1;
        boolean onLink;

        boolean isEmpty() {
            return via.isEmpty() && device.isEmpty();
        }
    }

    private VirtualRoute.Type type = VirtualRoute.Type.UNICAST;
    private @Nullable IpPrefix destination;
    private Hop hop = new Hop();
    private boolean inNextHop;

    private RouteReader(WordCursor words, RouteNames names) {
        this.words = words;
        this.names = names;
        this.ipv6 = words.contains("inet6") || words.hasIpv6Address();
    }

    /** Reads a line; empty after reporting an error. */
    static Optional<VirtualRoute> read(List<Token> line, RouteNames names, Findings findings) {
        WordCursor words = new WordCursor(line, findings);
        try {
            return Optional.of(new RouteReader(words, names).route());
        } catch (IllegalArgumentException e) {
            findings.error(words.last(), "in the route " + Arguments.text(line) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private VirtualRoute route() {
        // The destination decides what the builder is made of, and may stand behind other words.
        IpPrefix to = new RouteReader(words.copy(), names).findDestination();
        VirtualRoute.Builder route = VirtualRoute.builder(to);
        while (words.hasNext()) {
            word(words.next(), route);
        }
        if (!hop.isEmpty()) {
            addHop(route);
        }
        return route.type(type).build();
    }

    private IpPrefix findDestination() {
        VirtualRoute.Builder unused = VirtualRoute.builder(IpPrefix.all(family()));
        while (words.hasNext()) {
            word(words.next(), unused);
        }
        if (destination == null) {
            throw new IllegalArgumentException("it has no destination: begin with one such as 192.0.2.0/24 or default");
        }
        return destination;
    }

    private AddressFamily family() {
        return ipv6 ? AddressFamily.IPV6 : AddressFamily.IPV4;
    }

    private void word(String word, VirtualRoute.Builder route) {
        RouteMetric metric = METRICS.get(word);
        if (metric != null) {
            metric(metric, route);
            return;
        }
        if (TYPES.containsKey(word)) {
            type = TYPES.get(word);
            return;
        }
        switch (word) {
            case "to" -> destination = prefix(words.value());
            case "src" -> route.source(IpAddress.parse(words.value()));
            case "from" -> route.from(prefix(words.value()));
            case "via", "gw" -> via();
            case "or" -> {
                // keepalived's old word for a second next hop, on the same interface
                Hop first = hop;
                addHop(route);
                hop.device = first.device;
                via();
            }
            case "dev", "oif" -> hop.device = Optional.of(words.value());
            case "onlink" -> hop.onLink = true;
            case "weight" -> weight();
            case "nexthop" -> {
                inNextHop = true;
                if (!hop.isEmpty()) {
                    addHop(route);
                }
            }
            case "table" -> route.table(named(RouteNames.Kind.TABLE));
            case "tos", "dsfield" -> route.tos((int) named(RouteNames.Kind.TOS));
            case "metric", "priority", "preference" -> route.metric(words.number(0, 0xffff_ffffL));
            case "scope" -> route.scope((int) named(RouteNames.Kind.SCOPE));
            case "proto", "protocol" -> route.protocol((int) named(RouteNames.Kind.PROTOCOL));
            case "pref" -> preference(route);
            case "congctl" -> {
                words.accept("lock");
                route.congestionControl(words.value());
            }
            case "no_track" -> route.tracked(false);
            case "append" -> route.order(VirtualRoute.Order.APPEND);
            case "prepend" -> route.order(VirtualRoute.Order.PREPEND);
            case "add" -> route.order(VirtualRoute.Order.ADD);
            case "realms" -> route.realms(words.realms(names));
            case "expires" -> route.expires(words.number(1, 0xffff_ffffL));
            case "inet", "inet6" -> {
                // the family was looked for before
            }
            case "track_group" -> words.ignored("it is for static routes, and", 1);
            case "ttl-propagate" -> words.unsupported("there is no MPLS here", 1);
            case "encap" -> words.unsupported("no route makes a tunnel here", words.left());
            case "vrf" -> words.unsupported("write `table' and the number of the VRF's table", 1);
            default -> destination(word);
        }
    }

    private void weight() {
        if (!inNextHop) {
            words.ignored("only a `nexthop' has a weight, it", 1);
            return;
        }
        hop.weight = (int) words.number(1, 256);
    }

    private void preference(VirtualRoute.Builder route) {
        if (!ipv6) {
            words.ignored("only IPv6 routes have a preference, it", 1);
            return;
        }
        route.preference(preference(words.value()));
    }

    private void destination(String word) {
        if (destination != null) {
            words.ignored("a route knows no such word, it", 0);
            return;
        }
        destination = prefix(word);
    }

    private void via() {
        if (!words.accept("inet6")) {
            words.accept("inet");
        }
        hop.via = Optional.of(IpAddress.parse(words.value()));
    }

    private void addHop(VirtualRoute.Builder route) {
        route.nextHop(new NextHop(hop.via, hop.device, hop.weight, hop.onLink));
        hop = new Hop();
    }

    private void metric(RouteMetric metric, VirtualRoute.Builder route) {
        boolean locked = words.accept("lock");
        String value = words.value();
        long number;
        if (metric == RouteMetric.FEATURES) {
            number = value.equals("ecn") ? 1 : Long.decode(value);
        } else {
            number = milliseconds(metric, value);
        }
        if (locked) {
            route.lockedMetric(metric, number);
        } else {
            route.metric(metric, number);
        }
    }

    /** rtt is kept in eighths and rttvar in quarters of a millisecond; a number may carry its unit. */
    private long milliseconds(RouteMetric metric, String value) {
        boolean time = metric == RouteMetric.RTT
                || metric == RouteMetric.RTT_VARIANCE
                || metric == RouteMetric.RETRANSMISSION_TIMEOUT;
        long factor = metric == RouteMetric.RTT ? 8 : metric == RouteMetric.RTT_VARIANCE ? 4 : 1;
        String digits = value;
        if (time && value.endsWith("ms")) {
            digits = value.substring(0, value.length() - 2);
        } else if (time && value.endsWith("s")) {
            digits = value.substring(0, value.length() - 1);
            factor *= 1_000;
        }
        if (!digits.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    "`" + value + "' is not a value of " + metric.word() + ": write a number");
        }
        return Long.parseLong(digits) * factor;
    }

    private IpPrefix prefix(String text) {
        return text.equals("default") || text.equals("any") || text.equals("all")
                ? IpPrefix.all(family())
                : text.equals("default6") ? IpPrefix.all(AddressFamily.IPV6) : IpPrefix.parse(text);
    }

    private long named(RouteNames.Kind kind) {
        return words.named(names, kind);
    }

    private static int preference(String word) {
        Integer number = PREFERENCES.get(word);
        if (number == null) {
            throw new IllegalArgumentException("`" + word + "' is no preference: write low, medium or high");
        }
        return number;
    }
}
