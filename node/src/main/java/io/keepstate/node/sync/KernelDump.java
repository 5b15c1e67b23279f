// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.EventsDuringDump;
import io.keepstate.cache.Handle;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.Origin;
import io.keepstate.flow.Flow;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the internal cache what the kernel's table is: reads the table while events keep coming, then sweeps the
 * entries that neither the dump nor an event renewed. What is swept is told to the peer, which would keep it for ever.
 * What is read is told only if somebody asked for the differences, and then only where it differs from the cache; or if
 * it found no room before, so that the peer cannot know it.
 * Entries are told apart by tuple and zone. Of a flow that an event told of meanwhile the event is believed.
 *
 * <p>Requests that come while a dump runs get one of their own, after it, together: whoever asks wants to see what
 * happened before the question.
 */
final class KernelDump {
    /** Entries looked at in one slice of a sweep. */
    private static final int SLICE = 4096;

    private final FlowTable table;
    private final FlowFilter.Matcher filter;
    private final InternalCache internal;
    private final EventsDuringDump duringDump;
    private final Outlet outlet;
    private List<Completion> waiting = new ArrayList<>();
    private List<Completion> served = new ArrayList<>();
    private @Nullable Cursor sweep;
    private boolean running;
    private boolean differencesWanted;
    private boolean tellsDifferences;
    private int mark;
    private long now;
    private int visited;
    private long done;
    private long differences;

    KernelDump(
            FlowTable table,
            FlowFilter.Matcher filter,
            InternalCache internal,
            EventsDuringDump duringDump,
            Outlet outlet) {
        this.table = table;
        this.filter = filter;
        this.internal = internal;
        this.duringDump = duringDump;
        this.outlet = outlet;
    }

    /** Asks for a dump that begins after now. */
    void request(Completion completion) {
        waiting.add(completion);
    }

    /** As {@link #request}, and the peer is told what the cache did not know. */
    void requestDifferences(Completion completion) {
        eventsWereLost();
        waiting.add(completion);
    }

    /** The next dump, whoever asks for it, tells the peer what the cache did not know: nothing else will. */
    void eventsWereLost() {
        differencesWanted = true;
    }

    /** Flows and changes that only a dump showed. */
    long differences() {
        return differences;
    }

    /** Whether a dump runs or waits. */
    boolean isBusy() {
        return running || !waiting.isEmpty();
    }

    /** Dumps that were completed. */
    long completed() {
        return done;
    }

    void doWork(long nowNanos) {
        now = nowNanos;
        if (!running && !waiting.isEmpty()) {
            begin();
        }
        Cursor cursor = sweep;
        if (cursor != null) {
            internal.forEachNotRenewed(mark, cursor, SLICE, handle -> outlet.offer(internal.expire(handle)));
            if (cursor.isDone()) {
                sweep = null;
                internal.swept();
                done++;
                finish(null);
            }
        }
    }

    long nextDeadline() {
        return sweep != null || (!running && !waiting.isEmpty()) ? now : Long.MAX_VALUE;
    }

    private void begin() {
        mark = internal.mark();
        visited = 0;
        List<Completion> asked = waiting;
        boolean wanted = differencesWanted;
        // Before the call: a table that cannot even be asked says so inside it.
        running = true;
        served = asked;
        waiting = new ArrayList<>();
        tellsDifferences = wanted;
        differencesWanted = false;
        duringDump.begin();
        if (!table.dump(this::visit, this::dumped)) {
            duringDump.end();
            running = false;
            served = new ArrayList<>();
            waiting = asked;
            differencesWanted = wanted;
        }
    }

    private void visit(Flow flow) {
        visited++;
        if (duringDump.isOutdated(flow) || !filter.accepts(flow)) {
            return;
        }
        if (tellsDifferences) {
            long handle = internal.onDump(flow, now);
            differences += handle == Handle.NONE ? 0 : 1;
            outlet.offer(handle);
        } else {
            outlet.offer(internal.onUpdate(flow, Origin.COMMIT, now));
        }
    }

    private void dumped(@Nullable String failure) {
        boolean eventsWon = duringDump.end();
        if (failure == null) {
            sweep = new Cursor();
            if (!eventsWon) {
                requestDifferences(Completion.IGNORED);
            }
        } else {
            // Half a dump says nothing about what is missing in it.
            differencesWanted |= tellsDifferences;
            finish(failure + " (after " + visited + " flows)");
        }
    }

    private void finish(@Nullable String failure) {
        running = false;
        List<Completion> told = served;
        served = new ArrayList<>();
        told.forEach(completion -> completion.done(failure));
    }
}
