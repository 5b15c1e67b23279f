// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.node.SyncDuty;
import io.keepstate.node.sync.StateSync;
import io.keepstate.node.sync.SyncedExpectations;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What conntrackd's requests do to a node, each on its sync loop. {@code done} is run once the work is done, or at once
 * where the node has nothing to do it with.
 */
final class SyncRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

    private SyncRequests() {}

    /** Flows first: expectations need their masters. */
    static void commit(SyncDuty duty, Runnable done) {
        commitFlows(duty, () -> commitExpectations(duty, done));
    }

    static void commitFlows(SyncDuty duty, Runnable done) {
        duty.stopPurge("a commit was asked for");
        long began = System.nanoTime();
        withSync(
                duty,
                done,
                sync -> sync.commitFlows((flows, refused) -> {
                    LOG.info("Committed {} new entries", flows);
                    if (refused > 0) {
                        LOG.info("{} entries can't be committed", refused);
                    }
                    LOG.info("commit has taken {} seconds", seconds(System.nanoTime() - began));
                    done.run();
                }));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%d.%06d", nanos / 1_000_000_000L, nanos % 1_000_000_000L / 1000);
    }

    static void commitExpectations(SyncDuty duty, Runnable done) {
        withExpectations(
                duty,
                done,
                some -> some.commit((taken, refused) -> {
                    LOG.info("Committed {} new expectations", taken);
                    if (refused > 0) {
                        LOG.info("{} expectations can't be committed", refused);
                    }
                    done.run();
                }));
    }

    static void resyncKernel(SyncDuty duty, Runnable done) {
        withSync(duty, done, sync -> sync.resyncFromKernel(failure -> done.run()));
    }

    static void resyncKernelExpectations(SyncDuty duty, Runnable done) {
        withExpectations(duty, done, some -> some.resyncFromKernel(failure -> done.run()));
    }

    static void flushKernel(SyncDuty duty, Runnable done) {
        withSync(duty, done, sync -> sync.flushKernel((deleted, failure) -> flushKernelExpectations(duty, done)));
    }

    static void flushKernelFlows(SyncDuty duty, Runnable done) {
        withSync(duty, done, sync -> sync.flushKernel((deleted, failure) -> done.run()));
    }

    static void flushKernelExpectations(SyncDuty duty, Runnable done) {
        withExpectations(duty, done, some -> some.flushKernel(failure -> done.run()));
    }

    static void flushCaches(SyncDuty duty) {
        if (isCommitting(duty)) {
            return;
        }
        duty.cancelPurge("the caches were flushed");
        withSync(duty, sync -> {
            sync.flushInternal();
            sync.flushExternal();
        });
    }

    static void flushFlowCaches(SyncDuty duty) {
        if (isCommitting(duty)) {
            return;
        }
        duty.cancelPurge("the caches were flushed");
        withSync(duty, sync -> {
            sync.flushInternalFlows();
            sync.flushExternalFlows();
        });
    }

    /** {@code -f internal} is of flows alone, as conntrackd has it; {@code -f} empties all four caches. */
    static void flushInternal(SyncDuty duty) {
        duty.cancelPurge("the internal cache was flushed");
        withSync(duty, StateSync::flushInternalFlows);
    }

    /** Of flows alone, too. */
    static void flushExternal(SyncDuty duty) {
        if (!isCommitting(duty)) {
            withSync(duty, StateSync::flushExternalFlows);
        }
    }

    /** Half a commit would be the rest lost: conntrackd refuses to empty what it is committing, too. */
    private static boolean isCommitting(SyncDuty duty) {
        StateSync sync = duty.sync();
        boolean committing = sync != null && sync.isCommitting();
        if (committing) {
            LOG.error("ignoring flush command, commit still in progress");
        }
        return committing;
    }

    static void sendBulk(SyncDuty duty) {
        withSync(duty, StateSync::bulk);
    }

    static void requestResync(SyncDuty duty) {
        withSync(duty, sync -> sync.requestResync("asked for", System.nanoTime()));
    }

    static void resetTimers(SyncDuty duty) {
        duty.purgeLater("asked for");
    }

    private static void withSync(SyncDuty duty, Consumer<StateSync> work) {
        withSync(duty, () -> {}, work);
    }

    /** Does something with the sync side of a node, or something else if it only elects. */
    static void withSync(SyncDuty duty, Runnable otherwise, Consumer<StateSync> work) {
        StateSync sync = duty.sync();
        if (sync == null) {
            otherwise.run();
        } else {
            work.accept(sync);
        }
    }

    private static void withExpectations(SyncDuty duty, Runnable otherwise, Consumer<SyncedExpectations> work) {
        StateSync sync = duty.sync();
        Optional<SyncedExpectations> some = sync == null ? Optional.empty() : sync.expectations();
        some.ifPresentOrElse(work, otherwise);
    }
}
