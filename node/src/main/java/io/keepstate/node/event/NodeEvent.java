// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/** Something an operator may want to know, as a value with a line of text. */
public sealed interface NodeEvent
        permits RoleChanged,
                GroupRemoved,
                GroupChanged,
                RouterChanged,
                PriorityEvent,
                TrackEvent,
                TakeoverEvent,
                HandoverEvent,
                PurgeEvent,
                GateEvent,
                PeerEvent,
                SyncEvent,
                LimitReached {

    /** One line for a log, without time or level. */
    String text();

    /** Whether somebody should look into it. */
    default boolean isWarning() {
        return false;
    }
}
