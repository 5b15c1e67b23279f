// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

/** What the sync side notices and the roles of a node depend on. */
public interface SyncObserver {
    /** For those without roles. */
    SyncObserver NONE = new SyncObserver() {
        @Override
        public void peerAnswered(boolean answered) {}

        @Override
        public void stateMessage(boolean newFlow, int known, long nowNanos) {}

        @Override
        public void initialDumpDone(int flows, long nowNanos) {}
    };

    /** The peer answered our hello, or its session is no more. */
    void peerAnswered(boolean answered);

    /**
     * A state message was applied.
     *
     * @param newFlow whether it made an entry that was not there
     * @param known entries of the external cache after it
     */
    void stateMessage(boolean newFlow, int known, long nowNanos);

    /** The kernel's table was read for the first time; so many flows pass the filter. */
    void initialDumpDone(int flows, long nowNanos);
}
