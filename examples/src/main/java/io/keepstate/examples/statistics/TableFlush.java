// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.linux.libc.LinuxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code -F}: deletes the kernel's flows that pass the filter, as a reading of the table showed them. What the filter leaves
 * to others stays. Confined to the collecting thread.
 */
final class TableFlush {
    private static final Logger LOG = LoggerFactory.getLogger(CollectorLoop.class);
    /** Deletions of one slice, each with its answer: some two milliseconds. */
    private static final int SLICE = 128;

    private final Conntrack conntrack;
    private final Deque<FlowKey> doomed = new ArrayDeque<>();
    private final List<Runnable> asked = new ArrayList<>();
    private final List<Runnable> served = new ArrayList<>();
    private boolean reading;
    private long completed;

    TableFlush(Conntrack conntrack) {
        this.conntrack = conntrack;
    }

    /** Asks for a flush by the next reading; {@code done} is run when the flows are gone. */
    void request(Runnable done) {
        asked.add(done);
    }

    /** A reading of the table has begun. */
    void readingBegins() {
        reading = !asked.isEmpty();
        served.addAll(asked);
        asked.clear();
    }

    /** A flow of the reading that passes the filter. */
    void onTable(Flow flow) {
        if (reading) {
            doomed.add(flow.key());
        }
    }

    /** The reading is over; what it did not show stays. */
    void readingEnds() {
        reading = false;
    }

    /** One slice; the ends of the flows come as events. Answers how many were deleted. */
    int doWork() {
        int deleted = 0;
        for (; deleted < SLICE && !doomed.isEmpty(); deleted++) {
            delete(doomed.remove());
        }
        if (!reading && doomed.isEmpty() && !served.isEmpty()) {
            completed += served.size();
            served.forEach(Runnable::run);
            served.clear();
        }
        return deleted;
    }

    /** Whether {@link #doWork} has something to do at once. */
    boolean isDue() {
        return !doomed.isEmpty();
    }

    /** Requests that were served. */
    long completed() {
        return completed;
    }

    private void delete(FlowKey key) {
        try {
            conntrack.delete(Flow.builder(key.original()).zone(key.zone()).build());
        } catch (LinuxException e) {
            LOG.warn("a flow could not be deleted: {}", e.getMessage());
        }
    }
}
