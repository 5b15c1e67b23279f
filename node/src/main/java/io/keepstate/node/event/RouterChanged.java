// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import io.keepstate.vrrp.State;
import io.keepstate.vrrp.TransitionReason;

/**
 * A virtual router changed its state. The events of a group's members come in the order of their changes, before the
 * {@link RoleChanged} of the group. {@link State#ACTIVE} means that the election is won and advertisements go out; state
 * and addresses follow with the takeover of the group.
 *
 * @param router its name
 * @param group the group it moves with; its own name if it stands alone
 * @param from the state it had
 * @param to the state it has
 * @param priority the priority it has, trackers included
 * @param reason why
 * @param detail why, for people
 */
public record RouterChanged(
        String router, String group, State from, State to, int priority, TransitionReason reason, String detail)
        implements NodeEvent {
    @Override
    public String text() {
        return router + ": " + from + " -> " + to + " (" + detail + ")";
    }

    @Override
    public boolean isWarning() {
        return to == State.FAULT;
    }
}
