// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Token;
import java.util.List;

/**
 * One {@code vrrp_sync_group}: instances that change state together. What the group tracks is among what its members track.
 *
 * @param name the group's name
 * @param members names of the instances, in file order
 * @param scripts the scripts run when the group changes state
 * @param priorityChanges {@code notify_priority_changes}: its members' changes of priority are told
 * @param at where the block begins
 */
public record SyncGroupConfig(
        String name, List<String> members, NotifyConfig scripts, boolean priorityChanges, Token at) {
    /** Copies the members. */
    public SyncGroupConfig {
        members = List.copyOf(members);
    }

    /** The same group with other scripts. */
    public SyncGroupConfig withScripts(NotifyConfig other) {
        return new SyncGroupConfig(name, members, other, priorityChanges, at);
    }
}
