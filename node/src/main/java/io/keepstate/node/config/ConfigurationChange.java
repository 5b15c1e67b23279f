// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.vrrp.Reconfiguration;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What differs between two configurations of a running node. A virtual router that is the same one to the network (VRID,
 * family, interface, destination: {@link Reconfiguration}) and in a group of the same name is configured anew and keeps
 * all it has, be the other members as before or not; a group of which no member stays in this sense is removed and added.
 * Pure.
 *
 * @param removed names of groups that go, in order
 * @param added groups that come, in order
 * @param regrouped groups that stay, with other members, in another order, or by other rules
 * @param configured routers of the groups that stay, with what they are to be from now on; only those that differ
 */
public record ConfigurationChange(
        List<String> removed, List<VrrpGroup> added, List<Regrouping> regrouped, List<VirtualRouterConfig> configured) {
    /** Copies the lists. */
    public ConfigurationChange {
        removed = List.copyOf(removed);
        added = List.copyOf(added);
        regrouped = List.copyOf(regrouped);
        configured = List.copyOf(configured);
    }

    /** The way from one to the other. */
    public static ConfigurationChange between(NodeConfiguration from, NodeConfiguration to) {
        Map<String, VrrpGroup> before = new LinkedHashMap<>();
        from.groups().forEach(group -> before.put(group.name(), group));
        List<VrrpGroup> added = new ArrayList<>();
        List<Regrouping> regrouped = new ArrayList<>();
        List<VirtualRouterConfig> configured = new ArrayList<>();
        for (VrrpGroup group : to.groups()) {
            VrrpGroup same = before.get(group.name());
            Optional<Regrouping> way = same == null ? Optional.empty() : Regrouping.between(same, group);
            if (same == null || way.isEmpty()) {
                added.add(group);
                continue;
            }
            before.remove(group.name());
            Regrouping regrouping = way.get();
            if (regrouping.isNeeded()) {
                regrouped.add(regrouping);
            }
            List<VirtualRouterConfig> known = new ArrayList<>(same.routers());
            known.addAll(regrouping.joining());
            group.routers().stream().filter(router -> !known.contains(router)).forEach(configured::add);
        }
        return new ConfigurationChange(List.copyOf(before.keySet()), added, regrouped, configured);
    }

    /** Whether nothing differs. */
    public boolean isEmpty() {
        return removed.isEmpty() && added.isEmpty() && regrouped.isEmpty() && configured.isEmpty();
    }

    /** Those of the routers before that are there no more, or are other ones under the same name. */
    public List<VirtualRouterConfig> gone(NodeConfiguration before) {
        List<VirtualRouterConfig> gone = new ArrayList<>();
        before.groups().stream()
                .filter(group -> removed.contains(group.name()))
                .forEach(group -> gone.addAll(group.routers()));
        regrouped.forEach(each -> gone.addAll(each.leaving()));
        return gone;
    }
}
