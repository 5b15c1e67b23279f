// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import java.util.List;

/**
 * A change of which keepalived's users are told.
 *
 * @param subject whom it is about
 * @param name the instance's or group's name
 * @param state what it has become, or what has happened to it
 * @param priority the instance's effective priority; 0 for a group
 */
public record Notification(Subject subject, String name, State state, int priority) {
    /** Whom a change is about. */
    public enum Subject {
        /** A single instance. */
        INSTANCE,
        /** A sync group. */
        GROUP
    }

    /** The words that keepalived has for changes. */
    public enum State {
        /** Active. */
        MASTER,
        /** Standing by. */
        BACKUP,
        /** Unable to be active. */
        FAULT,
        /** The daemon ends. */
        STOP,
        /** No longer in the configuration. */
        DELETED,
        /** Active, and another router of lower priority advertises as well. */
        MASTER_RX_LOWER_PRI,
        /** Active, with a new priority. */
        MASTER_PRIORITY,
        /** Standing by, with a new priority. */
        BACKUP_PRIORITY;

        /** Whether it is a state to be in; the others go to pipes, and to scripts of their own, only. */
        public boolean isRole() {
            return compareTo(DELETED) <= 0;
        }
    }

    /** What the generic script finds after its own arguments. */
    public List<String> arguments() {
        return List.of(subject.name(), name, state.name(), Integer.toString(priority));
    }

    /** The line that a named pipe gets, with its end. */
    public String line() {
        return subject + " \"" + name + "\" " + state + " " + priority + "\n";
    }
}
