// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.CommitCursor;
import io.keepstate.cache.ExternalCache;
import io.keepstate.flow.Flow;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.takeover.StateTransfer.CommitDone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the external cache into the kernel, most valuable flows and masters first, in batches of which a few are under way
 * at a time. Entries stay in the cache.
 */
final class CommitRun {
    /** Batches given to the kernel and not answered; more would only fill buffers, the kernel takes one at a time. */
    private static final int MAX_OUTSTANDING = 4;

    private final FlowTable table;
    private final ExternalCache external;
    private final Map<String, Long> refusals = new TreeMap<>();
    private @Nullable CommitCursor cursor;
    private List<CommitDone> done = new ArrayList<>();
    private int outstanding;
    private int committed;
    private int refused;
    private int run;
    private long now;
    private long totalCommitted;

    CommitRun(FlowTable table, ExternalCache external) {
        this.table = table;
        this.external = external;
    }

    boolean isRunning() {
        return !done.isEmpty();
    }

    /**
     * Starts a commit, or joins the one that runs: its walk takes in what was added meanwhile.
     *
     * @return false when one was running already
     */
    boolean start(CommitDone completion) {
        boolean joins = isRunning();
        done.add(completion);
        if (joins && cursor != null) {
            return false;
        }
        if (!joins) {
            run++;
            outstanding = 0;
        }
        // A run that was stopped and has answers to come begins anew.
        cursor = external.startCommit();
        committed = 0;
        refused = 0;
        return !joins;
    }

    /** Gives no further batches to the kernel; the answer comes with what was reached. */
    void stop() {
        cursor = null;
        finishIfDone();
    }

    void doWork(long nowNanos) {
        now = nowNanos;
        CommitCursor walk = cursor;
        while (walk != null && outstanding < MAX_OUTSTANDING && !walk.isDone()) {
            List<Flow> batch = new ArrayList<>(FlowTable.BATCH);
            external.forEachToCommit(walk, FlowTable.BATCH, handle -> {
                Flow flow = external.flowFor(handle, now);
                if (flow != null) {
                    batch.add(flow);
                }
            });
            if (batch.isEmpty()) {
                break;
            }
            outstanding++;
            table.commit(batch, new Result(run));
        }
        finishIfDone();
    }

    long nextDeadline() {
        CommitCursor walk = cursor;
        boolean more = walk != null && !walk.isDone() && outstanding < MAX_OUTSTANDING;
        return more ? now : Long.MAX_VALUE;
    }

    /** Refused flows by reason, since the start. */
    Map<String, Long> refusals() {
        return Map.copyOf(refusals);
    }

    /** Committed flows since the start. */
    long totalCommitted() {
        return totalCommitted;
    }

    private void finishIfDone() {
        CommitCursor walk = cursor;
        if (isRunning() && outstanding == 0 && (walk == null || walk.isDone())) {
            List<CommitDone> told = done;
            done = new ArrayList<>();
            cursor = null;
            told.forEach(completion -> completion.done(committed, refused));
        }
    }

    /** The answers to one batch. */
    private final class Result implements CommitResult {
        private final int ofRun;

        Result(int ofRun) {
            this.ofRun = ofRun;
        }

        @Override
        public void refused(Flow flow, String reason) {
            refusals.merge(reason, 1L, Long::sum);
        }

        @Override
        public void done(int taken, int notTaken) {
            totalCommitted += taken;
            if (ofRun == run) {
                outstanding--;
                committed += taken;
                refused += notTaken;
            }
        }
    }
}
