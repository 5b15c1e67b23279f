// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/**
 * A long piece of work of the sync side ended or failed, or was asked for.
 *
 * @param what happened, as a line
 * @param warning whether it failed
 */
public record SyncEvent(String what, boolean warning) implements NodeEvent {

    /** Something went as it should. */
    public static SyncEvent info(String what) {
        return new SyncEvent(what, false);
    }

    /** Something went wrong. */
    public static SyncEvent warning(String what) {
        return new SyncEvent(what, true);
    }

    @Override
    public String text() {
        return what;
    }

    @Override
    public boolean isWarning() {
        return warning;
    }
}
