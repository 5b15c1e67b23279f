// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;

/**
 * Something tracked is another way than before, or known for the first time.
 *
 * @param what the thing
 * @param value what is known of it
 */
public record TrackEvent(Tracked what, TrackValue value) implements NodeEvent {
    @Override
    public String text() {
        return what.kind() == Tracked.Kind.FILE
                ? what + " says " + value.number()
                : what + (value.status() == TrackValue.Status.UP ? " works" : " failed");
    }

    @Override
    public boolean isWarning() {
        return value.status() == TrackValue.Status.DOWN;
    }
}
