// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import io.keepstate.node.port.Completion;
import java.util.function.BooleanSupplier;

/**
 * The state transfer of a node as one of its groups sees it. A commit takes in the flows of all groups and is shared by
 * those that are being taken over; a group that needs it no more does not stop it while another one waits for it.
 *
 * <p>Not thread-safe: the sync loop owns it.
 */
public final class SharedTransfer implements StateTransfer {
    private final StateTransfer all;
    private final BooleanSupplier anotherCommitting;

    /**
     * A group's share.
     *
     * @param anotherCommitting whether another group waits for the commit
     */
    public SharedTransfer(StateTransfer all, BooleanSupplier anotherCommitting) {
        this.all = all;
        this.anotherCommitting = anotherCommitting;
    }

    @Override
    public boolean present() {
        return all.present();
    }

    @Override
    public void commit(CommitDone done) {
        all.commit(done);
    }

    @Override
    public void stopCommit() {
        if (!anotherCommitting.getAsBoolean()) {
            all.stopCommit();
        }
    }

    @Override
    public void resyncFromKernel(Completion done) {
        all.resyncFromKernel(done);
    }

    @Override
    public void flushExternal() {
        all.flushExternal();
    }

    @Override
    public void bulk() {
        all.bulk();
    }
}
