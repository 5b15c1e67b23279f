// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.IpPrefix;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The networks of interfaces as of the last {@linkplain #read look} at their addresses: who is in one of them is on the link
 * ({@link io.keepstate.vrrp.ElectionRules#onLinkSource}). Virtual addresses do not count, since they come and go with the role.
 *
 * <p>Thread-safe: read by the thread that watches interfaces, asked by the one of the sockets.
 */
public final class LinkNetworks {
    private volatile Map<String, List<IpPrefix>> byInterface = Map.of();

    /** Looks anew, if one of these routers cares; these are all there are. */
    public void read(Rtnetlink rtnetlink, Collection<VirtualRouterConfig> routers) {
        Set<String> wanted = routers.stream()
                .filter(VirtualRouterConfig::onLinkSource)
                .map(VirtualRouterConfig::interfaceName)
                .collect(Collectors.toSet());
        byInterface = wanted.isEmpty() ? Map.of() : read(rtnetlink, wanted, virtual(routers));
    }

    private static Set<IpAddress> virtual(Collection<VirtualRouterConfig> routers) {
        return routers.stream()
                .flatMap(router -> router.allAddresses().stream())
                .map(VirtualAddress::address)
                .collect(Collectors.toSet());
    }

    private static Map<String, List<IpPrefix>> read(Rtnetlink rtnetlink, Set<String> wanted, Set<IpAddress> virtual) {
        List<InterfaceAddress> addresses = rtnetlink.addresses();
        Map<String, List<IpPrefix>> networks = new HashMap<>();
        for (String name : wanted) {
            int index = rtnetlink.link(name).map(Link::index).orElse(0);
            List<IpPrefix> ofLink = new ArrayList<>();
            for (InterfaceAddress each : addresses) {
                if (each.interfaceIndex() == index && !virtual.contains(IpAddress.of(each.address()))) {
                    ofLink.add(network(each));
                }
            }
            networks.put(name, List.copyOf(ofLink));
        }
        return Map.copyOf(networks);
    }

    /** Where there is a peer the prefix is the peer's (ip-address(8)). */
    private static IpPrefix network(InterfaceAddress held) {
        InetAddress peer = held.peer();
        return IpPrefix.networkOf(IpAddress.of(peer == null ? held.address() : peer), held.prefixLength());
    }

    /** Whether an address is on the link of this interface; allocates nothing. */
    public boolean contains(String interfaceName, IpAddress address) {
        if (address.isLinkLocal()) {
            return true;
        }
        List<IpPrefix> networks = byInterface.getOrDefault(interfaceName, List.of());
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }
}
