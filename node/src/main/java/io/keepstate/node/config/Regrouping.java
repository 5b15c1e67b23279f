// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.vrrp.Reconfiguration;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A group that goes on with other members, in another order, or by other rules. Those that stay keep the group's role; who
 * leaves resigns, who joins takes on the role that the group has. A router that becomes another one to the network (another
 * VRID, interface, ...) leaves and joins, be it under the same name.
 *
 * @param before what it was
 * @param group what it is to be
 * @param leaving as they were
 * @param joining as they will be
 */
public record Regrouping(
        VrrpGroup before, VrrpGroup group, List<VirtualRouterConfig> leaving, List<VirtualRouterConfig> joining) {
    /** Copies the lists. */
    public Regrouping {
        leaving = List.copyOf(leaving);
        joining = List.copyOf(joining);
    }

    /** The way from one to the other; empty if no member stays: then it is another group of the same name. */
    static Optional<Regrouping> between(VrrpGroup from, VrrpGroup to) {
        List<VirtualRouterConfig> leaving = from.routers().stream()
                .filter(router -> !becomesOneOf(router, to.routers()))
                .toList();
        if (leaving.size() == from.routers().size()) {
            return Optional.empty();
        }
        List<VirtualRouterConfig> joining = to.routers().stream()
                .filter(router -> from.routers().stream().noneMatch(old -> becomes(old, router)))
                .toList();
        return Optional.of(new Regrouping(from, to, leaving, joining));
    }

    /** Whether more than the configuration of single members differs. */
    boolean isNeeded() {
        return !leaving.isEmpty()
                || !joining.isEmpty()
                || !before.names().equals(group.names())
                || !before.rules().equals(group.rules());
    }

    /** The group as it was, without those that leave. */
    public VrrpGroup staying() {
        List<VirtualRouterConfig> staying = new ArrayList<>(before.routers());
        staying.removeAll(leaving);
        return new VrrpGroup(before.name(), staying, before.rules());
    }

    /** Those that leave, as a group of its own; empty if there are none. */
    public Optional<VrrpGroup> leavingPart() {
        return part(leaving);
    }

    /** Those that join, as a group of its own; empty if there are none. */
    public Optional<VrrpGroup> joiningPart() {
        return part(joining);
    }

    private Optional<VrrpGroup> part(List<VirtualRouterConfig> routers) {
        return routers.isEmpty() ? Optional.empty() : Optional.of(new VrrpGroup(group.name(), routers, group.rules()));
    }

    private static boolean becomesOneOf(VirtualRouterConfig router, List<VirtualRouterConfig> others) {
        return others.stream().anyMatch(other -> becomes(router, other));
    }

    private static boolean becomes(VirtualRouterConfig from, VirtualRouterConfig to) {
        return from.name().equals(to.name())
                && Reconfiguration.obstacles(from, to).isEmpty();
    }
}
