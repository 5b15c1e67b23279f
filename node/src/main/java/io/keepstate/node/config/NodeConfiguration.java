// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One firewall node: elections, state synchronisation, or both. With both, the node moves state before addresses; with
 * groups only it is a VRRP router; with sync only somebody else elects and the application says when to commit.
 *
 * @param groups may be empty if there is a sync part
 * @param sync absent for elections alone
 * @param takeover deadlines and policies
 * @param tracked the scripts, files and processes that virtual routers refer to, and how interfaces are watched
 * @param statics addresses, routes and rules that are there for as long as the node runs, whoever is active
 */
public record NodeConfiguration(
        List<VrrpGroup> groups,
        Optional<SyncConfiguration> sync,
        TakeoverPolicy takeover,
        TrackedObjects tracked,
        StaticEntries statics) {

    /** Checks that there is something to do, and that names and virtual router ids are unique. */
    public NodeConfiguration {
        groups = List.copyOf(groups);
        if (groups.isEmpty() && sync.isEmpty()) {
            throw new IllegalArgumentException("nothing to do: configure a VRRP group, a sync link, or both");
        }
        Set<String> groupNames = new HashSet<>();
        List<VirtualRouterConfig> routers = new ArrayList<>();
        for (VrrpGroup group : groups) {
            if (!groupNames.add(group.name())) {
                throw new IllegalArgumentException("two groups are named '" + group.name() + "'; rename one");
            }
            for (VirtualRouterConfig router : group.routers()) {
                if (routers.stream().anyMatch(router::clashesWith)) {
                    throw new IllegalArgumentException("virtual router '" + router.name() + "': virtual router id "
                            + router.virtualRouterId() + " is already used on " + router.interfaceName()
                            + "; give it another");
                }
                routers.add(router);
            }
        }
    }

    /** A node whose virtual routers track interfaces only. */
    public NodeConfiguration(List<VrrpGroup> groups, Optional<SyncConfiguration> sync, TakeoverPolicy takeover) {
        this(groups, sync, takeover, TrackedObjects.NONE, StaticEntries.NONE);
    }

    /** The same with these definitions of what is tracked. */
    public NodeConfiguration withTracked(TrackedObjects objects) {
        return new NodeConfiguration(groups, sync, takeover, objects, statics);
    }

    /** The same with these static entries. */
    public NodeConfiguration withStatics(StaticEntries entries) {
        return new NodeConfiguration(groups, sync, takeover, tracked, entries);
    }

    /** The virtual routers of all groups, in order. */
    public List<VirtualRouterConfig> routers() {
        return groups.stream().flatMap(group -> group.routers().stream()).toList();
    }

    /** Its groups as the VRRP module knows them. */
    public List<SyncGroupConfig> syncGroups() {
        return groups.stream().map(VrrpGroup::toSyncGroup).toList();
    }

    /** Groups and sync with the default takeover policy. */
    public static NodeConfiguration of(List<VrrpGroup> groups, SyncConfiguration sync) {
        return new NodeConfiguration(groups, Optional.of(sync), TakeoverPolicy.DEFAULT);
    }

    /** Elections alone. */
    public static NodeConfiguration of(List<VrrpGroup> groups) {
        return new NodeConfiguration(groups, Optional.empty(), TakeoverPolicy.DEFAULT);
    }

    /** Synchronisation alone. */
    public static NodeConfiguration of(SyncConfiguration sync) {
        return new NodeConfiguration(List.of(), Optional.of(sync), TakeoverPolicy.DEFAULT);
    }
}
