// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Addresses, routes and policy rules that a host has whoever is active (keepalived: static_ipaddress, static_routes,
 * static_rules). A virtual router that tracks the group of an entry ({@link Tracked.Kind#TRACK_GROUP}) is in fault while the
 * entry is missing.
 *
 * @param addresses put up first, for ever
 * @param routes then
 * @param rules last
 */
public record StaticEntries(
        List<Entry<VirtualAddress>> addresses, List<Entry<VirtualRoute>> routes, List<Entry<VirtualRule>> rules) {

    /** No entries. */
    public static final StaticEntries NONE = new StaticEntries(List.of(), List.of(), List.of());

    /**
     * One entry.
     *
     * @param what the address, route or rule
     * @param trackGroup the group whose trackers need it; absent if nobody does
     */
    public record Entry<T>(T what, Optional<String> trackGroup) {}

    /** Copies the lists. */
    public StaticEntries {
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    /** Whether there is nothing to put up. */
    public boolean isEmpty() {
        return addresses.isEmpty() && routes.isEmpty() && rules.isEmpty();
    }

    /** The groups that entries name, as routers track them. */
    public Set<Tracked> groups() {
        Set<Tracked> groups = new LinkedHashSet<>();
        Stream.of(addresses, routes, rules)
                .flatMap(List::stream)
                .flatMap(entry -> entry.trackGroup().stream())
                .forEach(name -> groups.add(group(name)));
        return groups;
    }

    /** A group, as routers track it. */
    public static Tracked group(String name) {
        return new Tracked(Tracked.Kind.TRACK_GROUP, name);
    }
}
