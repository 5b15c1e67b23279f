// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.node.Elections;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.InterfaceListener;
import io.keepstate.vrrp.linux.LinkNetworks;
import io.keepstate.vrrp.linux.SourceAddress;
import io.keepstate.vrrp.linux.SourceAddresses;
import io.keepstate.vrrp.linux.SourceAnnouncements;
import io.keepstate.vrrp.linux.VirtualMacInterfaces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows from which address each virtual router advertises, and tells the elections when that or a link changes. */
final class SourceWatch implements InterfaceListener {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);

    private final Rtnetlink rtnetlink;
    private final List<VirtualRouterConfig> routers;
    private final VirtualMacInterfaces virtualMacs;
    private final SourceAnnouncements returned;
    private boolean dynamicInterfaces;
    private final Map<String, Optional<IpAddress>> known = new HashMap<>();
    private final LinkNetworks networks = new LinkNetworks();
    private @Nullable Elections elections;

    SourceWatch(
            Rtnetlink rtnetlink,
            List<VirtualRouterConfig> routers,
            VirtualMacInterfaces virtualMacs,
            SourceAnnouncements returned,
            boolean dynamicInterfaces) {
        this.rtnetlink = rtnetlink;
        this.dynamicInterfaces = dynamicInterfaces;
        this.virtualMacs = virtualMacs;
        this.returned = returned;
        this.routers = new ArrayList<>(routers);
    }

    /** Whether interfaces may be missing from now on. */
    void dynamicInterfaces(boolean value) {
        dynamicInterfaces = value;
    }

    /** What is on the links, for the sockets; kept true here. */
    LinkNetworks networks() {
        return networks;
    }

    /** These routers will be the ones: what they need to know of their links is there before they ask. */
    void expect(List<VirtualRouterConfig> some) {
        List<VirtualRouterConfig> both = new ArrayList<>(routers);
        both.addAll(some);
        networks.read(rtnetlink, both);
    }

    /** A router is configured anew, on the same interface; it may advertise from another address now. */
    void configured(VirtualRouterConfig router) {
        routers.replaceAll(each -> each.name().equals(router.name()) ? router : each);
        networks.read(rtnetlink, routers);
        refresh(router, sources());
    }

    /**
     * Watches the routers of one more group.
     *
     * @param sources what {@link #source} found for each. A group whose routers had the same names may have been
     *     forgotten since, and with their names what was found
     */
    void add(VrrpGroup group, Map<VirtualRouterConfig, IpAddress> sources) {
        routers.addAll(group.routers());
        networks.read(rtnetlink, routers);
        sources.forEach((router, source) -> {
            boolean missing = source.equals(SourceAddress.unspecified(router.family()));
            known.put(router.name(), missing ? Optional.empty() : Optional.of(source));
        });
    }

    /** Forgets the routers of a group. */
    void remove(VrrpGroup group) {
        for (VirtualRouterConfig router : group.routers()) {
            routers.removeIf(each -> each.name().equals(router.name()));
            known.remove(router.name());
        }
    }

    void tells(Elections some) {
        elections = some;
        networks.read(rtnetlink, routers);
    }

    /** Tells of the routers that have no address to advertise from yet. */
    void tellMissing() {
        Elections told = elections;
        if (told != null) {
            known.forEach((router, source) -> {
                if (source.isEmpty()) {
                    told.onSource(router, source);
                }
            });
        }
    }

    /** The address this router advertises from, as of now; the unspecified one if it has to wait for one. */
    IpAddress source(VirtualRouterConfig router) throws NodeStartException {
        checkInterfaces(router);
        Optional<IpAddress> found = sources().of(router);
        known.put(router.name(), found);
        if (found.isEmpty()) {
            LOG.warn(
                    "virtual router {}: interface {} has no {} address to advertise from; waiting for one that is not"
                            + " virtual",
                    router.name(),
                    router.interfaceName(),
                    router.family());
        }
        return found.orElse(SourceAddress.unspecified(router.family()));
    }

    private void checkInterfaces(VirtualRouterConfig router) throws NodeStartException {
        Set<String> names = Surroundings.used(router);
        names.removeAll(router.virtualMacInterfaces()); // made when the router comes, if they are not there yet
        for (String name : names) {
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
                        .or(() -> known.getOrDefault(router.name(), Optional.empty()))
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
        networks.read(rtnetlink, routers);
        SourceAddresses now = sources();
        routers.stream()
                .filter(router -> SourceAddresses.dependOn(interfaceName, router))
                .forEach(router -> refresh(router, now));
    }

    /** Beside the virtual addresses of all routers there are now: to gather them is nothing beside a dump of the kernel's. */
    private SourceAddresses sources() {
        return new SourceAddresses(
                rtnetlink,
                routers.stream()
                        .flatMap(router -> router.allAddresses().stream())
                        .toList());
    }

    private void refresh(VirtualRouterConfig router, SourceAddresses now) {
        Elections told = elections;
        if (told == null) {
            return;
        }
        Optional<IpAddress> found = now.of(router);
        if (!found.equals(known.put(router.name(), found))) {
            told.onSource(router.name(), found);
        }
    }
}
