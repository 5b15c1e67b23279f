// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.UnicastPeer;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.List;
import java.util.Optional;

/**
 * Finds instances that would hear each other's adverts as their own: the same VRID, family and interface, unless unicast
 * peers or multicast groups keep them apart.
 */
final class RouterIds {
    private final Findings findings;

    RouterIds(Findings findings) {
        this.findings = findings;
    }

    void check(List<InstanceReader> read, List<InstanceConfig> built) {
        for (int i = 0; i < built.size(); i++) {
            for (int j = 0; j < i; j++) {
                VirtualRouterConfig second = built.get(i).router();
                VirtualRouterConfig first = built.get(j).router();
                if (clash(first, second)) {
                    findings.error(
                            at(read, second.name()),
                            "instance " + second.name() + " has the virtual_router_id " + second.virtualRouterId()
                                    + " of instance " + first.name() + " on the same interface "
                                    + first.interfaceName() + ": give it another one");
                    break;
                }
            }
        }
    }

    private static Token at(List<InstanceReader> read, String name) {
        return read.stream()
                .filter(instance -> instance.name.equals(name))
                .flatMap(instance -> Optional.ofNullable(instance.virtualRouterIdAt).stream())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static boolean clash(VirtualRouterConfig first, VirtualRouterConfig second) {
        return first.virtualRouterId() == second.virtualRouterId()
                && first.family() == second.family()
                && first.interfaceName().equals(second.interfaceName())
                && !first.name().equals(second.name())
                && !apart(first.transport(), second.transport());
    }

    private static boolean apart(Transport first, Transport second) {
        if (first instanceof Transport.Unicast one && second instanceof Transport.Unicast other) {
            List<?> peers = other.peers().stream().map(UnicastPeer::address).toList();
            return one.peers().stream().map(UnicastPeer::address).noneMatch(peers::contains);
        }
        return !first.equals(second); // unicast and multicast, or two groups
    }
}
