// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/**
 * Whether a group may take the role from an active node of lower priority: not before this node is in sync.
 *
 * @param open whether preemption is allowed now
 * @param reason which condition decided
 */
public record GateEvent(String group, boolean open, String reason) implements NodeEvent {
    @Override
    public String text() {
        return group + ": preemption " + (open ? "allowed" : "held") + " (" + reason + ")";
    }
}
