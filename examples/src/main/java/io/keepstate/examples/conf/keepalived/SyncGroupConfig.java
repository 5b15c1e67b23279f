// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.List;

/**
 * One {@code vrrp_sync_group}: instances that change state together.
 *
 * @param name the group's name
 * @param members names of the instances, in file order
 * @param scripts the scripts run when the group changes state
 * @param line where the block begins
 */
public record SyncGroupConfig(String name, List<String> members, NotifyConfig scripts, int line) {
    /** Copies the members. */
    public SyncGroupConfig {
        members = List.copyOf(members);
    }
}
