// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.event.Role;

/** What the VRRP side tells the sync side. */
public sealed interface ToSync {

    /**
     * A group changed its role. Only the newest one of a group counts.
     *
     * @param group its name
     * @param role the new role
     * @param reason for people
     * @param holdNumber names the hold on preemption that this change began; see {@link ToVrrp.AllowPreemption}
     * @param atNanos when
     */
    record RoleChange(String group, Role role, String reason, int holdNumber, long atNanos) implements ToSync {}

    /** Another router advertised while the group is active: announce its addresses again. */
    record Reannounce(String group) implements ToSync {}

    /** Something an operator should read. */
    record Note(String text) implements ToSync {}
}
