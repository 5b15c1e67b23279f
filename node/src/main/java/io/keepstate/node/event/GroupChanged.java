// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import java.util.List;

/**
 * A group of a running node has other members, or another order, and keeps its role.
 *
 * @param group its name
 * @param left names of the virtual routers that went; their addresses are gone. A router that became another one to the
 *     network leaves, and joins after that under the same name
 * @param joined names of those that came, and have the group's role
 */
public record GroupChanged(String group, List<String> left, List<String> joined) implements NodeEvent {
    /** Copies the names. */
    public GroupChanged {
        left = List.copyOf(left);
        joined = List.copyOf(joined);
    }

    @Override
    public String text() {
        if (left.isEmpty() && joined.isEmpty()) {
            return group + ": as configured now";
        }
        String without = left.isEmpty() ? "" : ", without " + String.join(", ", left);
        String with = joined.isEmpty() ? "" : ", with " + String.join(", ", joined);
        return group + ": other members" + without + with;
    }
}
