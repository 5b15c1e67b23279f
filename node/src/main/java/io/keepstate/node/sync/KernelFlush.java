// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.InternalCache;
import io.keepstate.cache.Origin;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.takeover.PurgeTimer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the flows that pass the filter from the kernel, and from the internal cache, without telling the peer. One at a
 * time; a second request joins the one that waits, and what one of them spares the other one may still want deleted.
 */
final class KernelFlush {
    private static final String STOPPED = "stopped, the flows are needed";

    private final FlowTable table;
    private final FlowFilter.Matcher filter;
    private final InternalCache internal;
    private List<Request> waiting = new ArrayList<>();
    private List<Request> served = new ArrayList<>();
    private List<FlowKey> batch = new ArrayList<>();
    private boolean running;
    private boolean dumping;
    private boolean stopped;
    private int outstanding;
    private int deleted;
    private @Nullable String failure;
    private long now;
    private long completed;

    private record Request(Predicate<FlowKey> spared, PurgeTimer.Purge.Done done) {}

    KernelFlush(FlowTable table, FlowFilter.Matcher filter, InternalCache internal) {
        this.table = table;
        this.filter = filter;
        this.internal = internal;
    }

    /**
     * Asks for a flush that begins after now.
     *
     * @param spared flows that are left, though they pass the filter
     */
    void request(Predicate<FlowKey> spared, PurgeTimer.Purge.Done done) {
        waiting.add(new Request(spared, done));
    }

    /** Deletes nothing more: somebody needs what is still there. Whoever waits is told so. */
    void stop() {
        List<Request> notBegun = waiting;
        waiting = new ArrayList<>();
        if (running) {
            stopped = true;
            batch = new ArrayList<>();
            failure = STOPPED;
        }
        notBegun.forEach(request -> request.done().done(0, STOPPED));
    }

    long completed() {
        return completed;
    }

    void doWork(long nowNanos) {
        now = nowNanos;
        if (!running && !waiting.isEmpty()) {
            failure = null;
            deleted = 0;
            stopped = false;
            dumping = true;
            running = true;
            List<Request> asked = waiting;
            served = asked;
            waiting = new ArrayList<>();
            if (!table.dump(this::visit, this::dumped)) {
                running = false;
                dumping = false;
                served = new ArrayList<>();
                waiting = asked;
            }
        }
    }

    long nextDeadline() {
        return !running && !waiting.isEmpty() ? now : Long.MAX_VALUE;
    }

    private void visit(Flow flow) {
        if (stopped || !filter.accepts(flow) || isSpared(flow.key())) {
            return;
        }
        batch.add(flow.key());
        internal.onDestroy(flow, Origin.FLUSH);
        if (batch.size() == FlowTable.BATCH) {
            send();
        }
    }

    private boolean isSpared(FlowKey key) {
        for (Request request : served) {
            if (!request.spared().test(key)) {
                return false;
            }
        }
        return true;
    }

    private void dumped(@Nullable String error) {
        dumping = false;
        note(error);
        send();
        finishIfDone();
    }

    private void send() {
        if (batch.isEmpty()) {
            return;
        }
        List<FlowKey> sent = batch;
        batch = new ArrayList<>();
        outstanding++;
        table.delete(sent, error -> {
            outstanding--;
            if (error == null) {
                deleted += sent.size();
            }
            note(error);
            finishIfDone();
        });
    }

    private void note(@Nullable String error) {
        if (failure == null) {
            failure = error;
        }
    }

    private void finishIfDone() {
        if (!running || dumping || outstanding > 0) {
            return;
        }
        running = false;
        completed++;
        finish();
    }

    private void finish() {
        List<Request> told = served;
        served = new ArrayList<>();
        told.forEach(request -> request.done().done(deleted, failure));
    }
}
