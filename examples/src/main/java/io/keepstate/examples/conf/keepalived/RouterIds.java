// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.UnicastPeer;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds instances that would hear each other's adverts as their own: the same VRID, family and interface, unless unicast
 * peers or multicast groups keep them apart.
 */
final class RouterIds {
    /** Where adverts of one VRID are heard. */
    private record Segment(String interfaceName, AddressFamily family, int virtualRouterId) {}

    private final Findings findings;

    RouterIds(Findings findings) {
        this.findings = findings;
    }

    void check(List<InstanceReader> read, List<InstanceConfig> built) {
        Map<String, Token> lines = new HashMap<>();
        read.forEach(instance -> lines.put(instance.name, instance.virtualRouterIdAt));
        Map<Segment, List<VirtualRouterConfig>> heard = new HashMap<>();
        for (InstanceConfig instance : built) {
            VirtualRouterConfig router = instance.router();
            List<VirtualRouterConfig> others = heard.computeIfAbsent(
                    new Segment(router.interfaceName(), router.family(), router.virtualRouterId()),
                    segment -> new ArrayList<>());
            others.stream()
                    .filter(other -> !other.name().equals(router.name()))
                    .filter(other -> !apart(other.transport(), router.transport()))
                    .findFirst()
                    .ifPresent(other -> report(lines.getOrDefault(router.name(), read.get(0).block), other, router));
            others.add(router);
        }
    }

    private void report(Token at, VirtualRouterConfig first, VirtualRouterConfig second) {
        findings.error(
                at,
                "instance " + second.name() + " has the virtual_router_id " + second.virtualRouterId()
                        + " of instance " + first.name() + " on the same interface " + first.interfaceName()
                        + ": give it another one");
    }

    private static boolean apart(Transport first, Transport second) {
        if (first instanceof Transport.Unicast one && second instanceof Transport.Unicast other) {
            List<?> peers = other.peers().stream().map(UnicastPeer::address).toList();
            return one.peers().stream().map(UnicastPeer::address).noneMatch(peers::contains);
        }
        return !first.equals(second); // unicast and multicast, or two groups
    }
}
