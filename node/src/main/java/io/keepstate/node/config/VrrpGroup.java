// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.SyncGroupRules;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Virtual routers that are active together or not at all (keepalived's vrrp_sync_group): losing one leg moves all. A
 * virtual router that stands alone is a group of one.
 *
 * @param name for logs and events, unique in the node
 * @param routers at least one, in the order in which they become active
 * @param rules how they move together
 */
public record VrrpGroup(String name, List<VirtualRouterConfig> routers, SyncGroupRules rules) {

    /** Checks that there is a name and a router. */
    public VrrpGroup {
        routers = List.copyOf(routers);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a group needs a name");
        }
        if (routers.isEmpty()) {
            throw new IllegalArgumentException("group '" + name + "' has no virtual router");
        }
    }

    /** A group with the default rules. */
    public VrrpGroup(String name, List<VirtualRouterConfig> routers) {
        this(name, routers, SyncGroupRules.DEFAULT);
    }

    /** A group of one, named like its router. */
    public static VrrpGroup of(VirtualRouterConfig router) {
        return new VrrpGroup(router.name(), List.of(router));
    }

    /** All addresses of all routers, in order. */
    public List<VirtualAddress> addresses() {
        List<VirtualAddress> all = new ArrayList<>();
        routers.forEach(router -> all.addAll(router.allAddresses()));
        return List.copyOf(all);
    }

    /** The names of all routers, in order. */
    public List<String> names() {
        return routers.stream().map(VirtualRouterConfig::name).toList();
    }

    /** The same with this router in the place of the one of its name. */
    public VrrpGroup with(VirtualRouterConfig router) {
        return new VrrpGroup(
                name,
                routers.stream()
                        .map(each -> each.name().equals(router.name()) ? router : each)
                        .toList(),
                rules);
    }

    /** The same as the VRRP module knows it. */
    public SyncGroupConfig toSyncGroup() {
        return new SyncGroupConfig(name, routers, rules);
    }
}
