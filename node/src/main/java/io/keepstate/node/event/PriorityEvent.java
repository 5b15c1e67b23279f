// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

import io.keepstate.vrrp.State;

/** Something about the priority of a virtual router, its own or another's. */
public sealed interface PriorityEvent extends NodeEvent {

    /** The virtual router's name. */
    String router();

    /**
     * Its priority is another one: trackers, or somebody set it.
     *
     * @param state the state it is in
     */
    record Changed(String router, State state, int from, int to) implements PriorityEvent {
        @Override
        public String text() {
            return router + ": priority " + from + " -> " + to;
        }
    }

    /**
     * It is active, and heard one that loses against it.
     *
     * @param source who spoke
     * @param priority the priority it spoke with
     */
    record LoserHeard(String router, String source, int priority) implements PriorityEvent {
        @Override
        public String text() {
            return router + ": " + source + " advertises with priority " + priority + " although we are active";
        }

        @Override
        public boolean isWarning() {
            return true;
        }
    }
}
