// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.Role;
import io.keepstate.vrrp.TransitionReason;
import io.keepstate.vrrp.VirtualRouterConfig;
import org.jspecify.annotations.Nullable;

/** What the VRRP side tells the sync side. */
public sealed interface ToSync {

    /**
     * A group changed its role. Only the newest one of a group counts.
     *
     * @param group its name
     * @param role the new role
     * @param cause why
     * @param reason why, for people
     * @param holdNumber names the hold on preemption that this change began; see {@link ToVrrp.AllowPreemption}
     * @param atNanos when
     */
    record RoleChange(String group, Role role, TransitionReason cause, String reason, int holdNumber, long atNanos)
            implements ToSync {}

    /** Another router advertised while the group is active: announce its addresses again. */
    record Reannounce(String group) implements ToSync {}

    /** Something an operator should read. */
    record Note(String text) implements ToSync {}

    /** Something for the listeners of the node. */
    record Report(NodeEvent event) implements ToSync {}

    /**
     * A virtual router has another configuration: what it holds must follow, at once if its group is active.
     *
     * @param group the group it moves with
     * @param router all of its configuration
     */
    record Configured(String group, VirtualRouterConfig router) implements ToSync {}

    /**
     * An order was carried out, or not.
     *
     * @param number that of the {@link ToVrrp.Ordered}
     * @param failure null, or one sentence
     */
    record Answer(long number, @Nullable String failure) implements ToSync {}
}
