// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.List;

/**
 * The configuration of a sync group. A virtual router on its own is a group of one.
 *
 * @param name how operators call it
 * @param members its members in the order of the configuration, at least one
 * @param rules how it behaves
 */
public record SyncGroupConfig(String name, List<VirtualRouterConfig> members, SyncGroupRules rules) {

    /** Refuses a group without members. */
    public SyncGroupConfig {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("sync group " + name + " has no members");
        }
    }

    /** A group with the default rules. */
    public SyncGroupConfig(String name, List<VirtualRouterConfig> members) {
        this(name, members, SyncGroupRules.DEFAULT);
    }

    /** The group of a virtual router on its own, with that router's name. */
    public static SyncGroupConfig of(VirtualRouterConfig member) {
        return new SyncGroupConfig(member.name(), List.of(member));
    }
}
