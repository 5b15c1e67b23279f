// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/** The fate of the flows that an inactive node still has in its kernel. */
public sealed interface PurgeEvent extends NodeEvent {

    /** The timer runs. */
    record Armed(long afterMillis, String reason) implements PurgeEvent {
        @Override
        public String text() {
            return "purge of the kernel's flows in " + afterMillis + " ms (" + reason + ")";
        }
    }

    /** The timer was stopped, the flows stay. */
    record Cancelled(String reason) implements PurgeEvent {
        @Override
        public String text() {
            return "purge cancelled (" + reason + ")";
        }
    }

    /** The flows that pass the filter are gone. */
    record Done(int deleted, long millis) implements PurgeEvent {
        @Override
        public String text() {
            return "purged " + deleted + " flows from the kernel in " + millis + " ms";
        }
    }

    /** The flows could not all be deleted. */
    record Failed(String reason) implements PurgeEvent {
        @Override
        public String text() {
            return "purge failed: " + reason;
        }

        @Override
        public boolean isWarning() {
            return true;
        }
    }
}
