// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import org.jspecify.annotations.Nullable;

/**
 * A group that lost its role took its addresses down.
 *
 * @param millis since the loss of the role
 * @param failure null, or what went wrong
 */
public record HandoverEvent(
        String group, long millis, @Nullable String failure) implements NodeEvent {
    @Override
    public String text() {
        return failure == null
                ? group + ": addresses down after " + millis + " ms"
                : group + ": addresses could not be removed: " + failure;
    }

    @Override
    public boolean isWarning() {
        return failure != null;
    }
}
