// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.node.Elections;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.InterfaceListener;
import io.keepstate.vrrp.linux.SourceAddress;
import io.keepstate.vrrp.linux.SourceAnnouncements;
import io.keepstate.vrrp.linux.VirtualMacInterfaces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows from which address each virtual router advertises, and tells the elections when that or a link changes. */
final class SourceWatch implements InterfaceListener {
    private final Rtnetlink rtnetlink;
    private final List<VirtualRouterConfig> routers;
    private final List<VirtualAddress> virtualAddresses;
    private final VirtualMacInterfaces virtualMacs;
    private final SourceAnnouncements returned;
    private final boolean dynamicInterfaces;
    private final Map<String, Optional<IpAddress>> sources = new HashMap<>();
    private @Nullable Elections elections;

    SourceWatch(
            Rtnetlink rtnetlink,
            List<VirtualRouterConfig> routers,
            List<VirtualAddress> virtualAddresses,
            VirtualMacInterfaces virtualMacs,
            SourceAnnouncements returned,
            boolean dynamicInterfaces) {
        this.rtnetlink = rtnetlink;
        this.dynamicInterfaces = dynamicInterfaces;
        this.virtualMacs = virtualMacs;
        this.returned = returned;
        this.routers = new ArrayList<>(routers);
        this.virtualAddresses = new ArrayList<>(virtualAddresses);
    }

    /** Watches the routers of one more group. */
    void add(VrrpGroup group) {
        routers.addAll(group.routers());
        virtualAddresses.addAll(group.addresses());
    }

    /** Forgets the routers of a group. */
    void remove(VrrpGroup group) {
        for (VirtualRouterConfig router : group.routers()) {
            routers.removeIf(known -> known.name().equals(router.name()));
            sources.remove(router.name());
        }
        virtualAddresses.removeAll(group.addresses());
    }

    void tells(Elections some) {
        elections = some;
    }

    /** Tells of the routers that have no address to advertise from yet. */
    void tellMissing() {
        Elections told = elections;
        if (told != null) {
            sources.forEach((router, source) -> {
                if (source.isEmpty()) {
                    told.onSource(router, source);
                }
            });
        }
    }

    /** The address this router advertises from, as of now; the unspecified one if it may wait for its interface. */
    IpAddress source(VirtualRouterConfig router) throws NodeStartException {
        checkInterfaces(router);
        Optional<IpAddress> found = SourceAddress.find(rtnetlink, router, virtualAddresses);
        sources.put(router.name(), found);
        if (dynamicInterfaces) {
            return found.orElse(SourceAddress.unspecified(router.family()));
        }
        return found.orElseThrow(() -> new NodeStartException("virtual router " + router.name() + ": interface "
                + router.interfaceName() + " has no " + router.family()
                + " address to advertise from; give it one that is not virtual"));
    }

    private void checkInterfaces(VirtualRouterConfig router) throws NodeStartException {
        for (String name : Surroundings.used(router)) {
            if (!dynamicInterfaces && rtnetlink.link(name).isEmpty()) {
                throw StartError.noInterface("virtual router " + router.name(), name);
            }
        }
    }

    @Override
    public void onLink(String interfaceName, boolean up, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        Elections told = elections;
        if (told != null) {
            told.onLink(interfaceName, up);
        }
        if (up) {
            for (VirtualRouterConfig router : routers) {
                router.sourceAddress()
                        .or(() -> sources.getOrDefault(router.name(), Optional.empty()))
                        .ifPresent(source -> returned.onLinkBack(interfaceName, router, source, nowNanos));
            }
        }
    }

    @Override
    public void onReplaced(String interfaceName, int index, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        Elections told = elections;
        if (told != null && index != 0) {
            told.onInterfaceReplaced(interfaceName);
            // It may have come with its addresses, as one that was renamed does.
            onAddresses(interfaceName, nowNanos);
        }
    }

    @Override
    public void onAddresses(String interfaceName, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        Elections told = elections;
        for (VirtualRouterConfig router : routers) {
            if (told == null || !router.interfaceName().equals(interfaceName)) {
                continue;
            }
            Optional<IpAddress> found = SourceAddress.find(rtnetlink, router, virtualAddresses);
            if (!found.equals(sources.put(router.name(), found))) {
                told.onSource(router.name(), found);
            }
        }
    }
}
