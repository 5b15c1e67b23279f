// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import java.util.List;

/**
 * A group is no longer part of the node: another configuration does without it. Its addresses are gone.
 *
 * @param group its name
 * @param routers names of its virtual routers
 */
public record GroupRemoved(String group, List<String> routers) implements NodeEvent {
    /** Copies the names. */
    public GroupRemoved {
        routers = List.copyOf(routers);
    }

    @Override
    public String text() {
        return group + ": removed";
    }
}
