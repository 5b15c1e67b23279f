// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import io.keepstate.node.port.Completion;

/**
 * The steps of a takeover that move state, as the takeover sees them. All on the sync loop; an answer may come inside the
 * call or any time later.
 */
public interface StateTransfer {

    /** Told how a commit ended. */
    @FunctionalInterface
    interface CommitDone {
        /**
         * The commit ended.
         *
         * @param flows that are in the kernel
         * @param refused flows that are not
         */
        void done(int flows, int refused);
    }

    /** A node without synchronisation: there is no state, every step ends at once. */
    StateTransfer NONE = new StateTransfer() {
        @Override
        public boolean present() {
            return false;
        }

        @Override
        public void commit(CommitDone done) {
            done.done(0, 0);
        }

        @Override
        public void stopCommit() {}

        @Override
        public void resyncFromKernel(Completion done) {
            done.done(null);
        }

        @Override
        public void flushExternal() {}

        @Override
        public void bulk() {}
    };

    /** Whether there is any state to move. */
    boolean present();

    /** Puts the external cache into the kernel, most valuable flows first. */
    void commit(CommitDone done);

    /** Ends a running commit early; its {@link CommitDone} is told what was reached. */
    void stopCommit();

    /** Rebuilds the internal cache from the kernel. */
    void resyncFromKernel(Completion done);

    /** Empties the external cache. */
    void flushExternal();

    /** Begins to send the internal cache to the peer, at the pace the peer takes it. */
    void bulk();
}
