// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import io.keepstate.vrrp.TransitionReason;

/**
 * A group changed its role. For {@link Role#ACTIVE} this is the election; {@link TakeoverEvent.Completed} tells when
 * state and addresses have followed.
 *
 * @param group name of the group
 * @param role the new one
 * @param cause why
 * @param reason why, in a few words, such as {@code the active node fell silent}
 */
public record RoleChanged(String group, Role role, TransitionReason cause, String reason) implements NodeEvent {
    @Override
    public String text() {
        return role == Role.ACTIVE
                ? "takeover of " + group + ": elected (" + reason + ")"
                : group + ": " + role.text() + " (" + reason + ")";
    }

    @Override
    public boolean isWarning() {
        return role == Role.FAULT;
    }
}
