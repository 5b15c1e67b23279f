// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.List;
import java.util.Optional;

/** What follows, in a {@link VrrpRuntime}, from changes of its interfaces: for virtual MACs, routers and sockets. */
final class RuntimeInterfaces implements InterfaceListener {
    private final Rtnetlink rtnetlink;
    private final VirtualMacInterfaces virtualMacs;
    private final AdvertisementSockets sockets;
    private final SourceAnnouncements returned;
    private final List<VirtualAddress> virtualAddresses;
    private final LinkNetworks networks;
    private List<VirtualRouter> routers = List.of();
    private Surroundings surroundings = new Surroundings(routers);

    RuntimeInterfaces(
            Rtnetlink rtnetlink,
            VirtualMacInterfaces virtualMacs,
            AdvertisementSockets sockets,
            SourceAnnouncements returned,
            List<VirtualAddress> virtualAddresses,
            LinkNetworks networks) {
        this.rtnetlink = rtnetlink;
        this.virtualMacs = virtualMacs;
        this.sockets = sockets;
        this.returned = returned;
        this.virtualAddresses = virtualAddresses;
        this.networks = networks;
    }

    /** The routers there are, which are told from now on. */
    void tells(List<VirtualRouter> some, Surroundings ofThem) {
        routers = List.copyOf(some);
        surroundings = ofThem;
        readNetworks();
    }

    /** What is on the links, by the addresses there are and what the routers are now. */
    void readNetworks() {
        networks.read(rtnetlink, routers.stream().map(VirtualRouter::config).toList());
    }

    /** The address a router advertises from; empty if its interface has none, or is not there. */
    Optional<IpAddress> source(VirtualRouterConfig config) {
        return SourceAddress.find(rtnetlink, config, virtualAddresses);
    }

    @Override
    public void onLink(String interfaceName, boolean up, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        surroundings.onLink(interfaceName, up, nowNanos);
        if (up) {
            routers.forEach(each -> returned.onLinkBack(interfaceName, each.config(), each.sourceAddress(), nowNanos));
        }
    }

    @Override
    public void onReplaced(String interfaceName, int index, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        if (index != 0) {
            sockets.onInterfaceReplaced(interfaceName);
            // It may have come with its addresses, as one that was renamed does.
            onAddresses(interfaceName, nowNanos);
        }
    }

    @Override
    public void onAddresses(String interfaceName, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        readNetworks();
        SourceAddresses sources = new SourceAddresses(rtnetlink, virtualAddresses);
        for (VirtualRouter router : routers) {
            if (SourceAddresses.dependOn(interfaceName, router.config())) {
                surroundings.onSource(router.name(), sources.of(router.config()), nowNanos);
            }
        }
    }
}
