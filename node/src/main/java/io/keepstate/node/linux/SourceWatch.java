// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.InterfaceListener;
import io.keepstate.vrrp.linux.SourceAddress;
import io.keepstate.vrrp.linux.VirtualMacInterfaces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Knows from which address each virtual router advertises, and tells the duty when that or a link changes. */
final class SourceWatch implements InterfaceListener {
    private final Rtnetlink rtnetlink;
    private final List<VirtualRouterConfig> routers;
    private final List<VirtualAddress> virtualAddresses;
    private final VirtualMacInterfaces virtualMacs;
    private final Map<String, Optional<IpAddress>> sources = new HashMap<>();
    private @Nullable SyncDuty duty;

    SourceWatch(
            Rtnetlink rtnetlink,
            List<VirtualRouterConfig> routers,
            List<VirtualAddress> virtualAddresses,
            VirtualMacInterfaces virtualMacs) {
        this.rtnetlink = rtnetlink;
        this.virtualMacs = virtualMacs;
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

    void tells(SyncDuty some) {
        duty = some;
    }

    /** The address this router advertises from, as of now. */
    IpAddress source(VirtualRouterConfig router) throws NodeStartException {
        if (rtnetlink.link(router.interfaceName()).isEmpty()) {
            throw StartError.noInterface("virtual router " + router.name(), router.interfaceName());
        }
        Optional<IpAddress> found = SourceAddress.find(rtnetlink, router, virtualAddresses);
        sources.put(router.name(), found);
        return found.orElseThrow(() -> new NodeStartException("virtual router " + router.name() + ": interface "
                + router.interfaceName() + " has no " + router.family()
                + " address to advertise from; give it one that is not virtual"));
    }

    @Override
    public void onLink(String interfaceName, boolean up, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        SyncDuty told = duty;
        if (told != null) {
            told.onLink(interfaceName, up);
        }
    }

    @Override
    public void onReplaced(String interfaceName, int index, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        SyncDuty told = duty;
        if (told != null && index != 0) {
            told.onInterfaceReplaced(interfaceName);
        }
    }

    @Override
    public void onAddresses(String interfaceName, long nowNanos) {
        virtualMacs.onChange(interfaceName, nowNanos);
        SyncDuty told = duty;
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
