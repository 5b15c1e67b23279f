// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.vrrp.Reconfiguration;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What differs between two configurations of a running node. A virtual router that is the same one to the network (VRID,
 * family, interface, destination: {@link Reconfiguration}) and in a group of the same members is configured anew and keeps
 * all it has; a group that is not as before in this sense is removed and added. Pure.
 *
 * @param removed names of groups that go, in order
 * @param added groups that come, in order
 * @param configured routers of the groups that stay, with what they are to be from now on; only those that differ
 */
public record ConfigurationChange(List<String> removed, List<VrrpGroup> added, List<VirtualRouterConfig> configured) {
    /** Copies the lists. */
    public ConfigurationChange {
        removed = List.copyOf(removed);
        added = List.copyOf(added);
        configured = List.copyOf(configured);
    }

    /** The way from one to the other. */
    public static ConfigurationChange between(NodeConfiguration from, NodeConfiguration to) {
        Map<String, VrrpGroup> before = new LinkedHashMap<>();
        from.groups().forEach(group -> before.put(group.name(), group));
        List<VrrpGroup> added = new ArrayList<>();
        List<VirtualRouterConfig> configured = new ArrayList<>();
        for (VrrpGroup group : to.groups()) {
            VrrpGroup same = before.get(group.name());
            if (same != null && canBecome(same, group)) {
                before.remove(group.name());
                for (int i = 0; i < group.routers().size(); i++) {
                    if (!group.routers().get(i).equals(same.routers().get(i))) {
                        configured.add(group.routers().get(i));
                    }
                }
            } else {
                added.add(group);
            }
        }
        return new ConfigurationChange(List.copyOf(before.keySet()), added, configured);
    }

    /** Whether nothing differs. */
    public boolean isEmpty() {
        return removed.isEmpty() && added.isEmpty() && configured.isEmpty();
    }

    private static boolean canBecome(VrrpGroup from, VrrpGroup to) {
        if (from.routers().size() != to.routers().size() || !from.rules().equals(to.rules())) {
            return false;
        }
        for (int i = 0; i < from.routers().size(); i++) {
            VirtualRouterConfig old = from.routers().get(i);
            VirtualRouterConfig changed = to.routers().get(i);
            if (!old.name().equals(changed.name())
                    || !Reconfiguration.obstacles(old, changed).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
