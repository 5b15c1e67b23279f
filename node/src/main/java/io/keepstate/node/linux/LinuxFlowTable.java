// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.CommitCounts;
import io.keepstate.conntrack.CommitOutcome;
import io.keepstate.conntrack.CommitPipeline;
import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.DefaultTimeouts;
import io.keepstate.conntrack.EventHandler;
import io.keepstate.conntrack.EventStream;
import io.keepstate.conntrack.EventType;
import io.keepstate.conntrack.TableDump;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.ExpectationTable;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.port.FlowVisitor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernel's connection table over ctnetlink. Belongs to the sync loop. */
final class LinuxFlowTable implements FlowTable, AutoCloseable {
    private static final int EVENT_BUDGET = 4096;
    /** Parts of a dump in one slice: some 500 flows, two milliseconds. */
    private static final int DUMP_BUDGET = 4;

    private static final int WRITE_BUDGET = 1024;
    /** Writes handed to the pipeline; the rest waits here, and a dump whose flows are being deleted waits too. */
    private static final int PIPELINE_FILL = 8192;

    private final Conntrack conntrack;
    private final LinuxExpectationTable expectations;
    private final @Nullable EventStream stream;
    private final CommitPipeline pipeline;
    private final DefaultTimeouts timeouts = DefaultTimeouts.read();
    private final EventHandler onEvent = new EventHandler() {
        @Override
        public void onEvent(EventType type, Flow flow, long originPortId) {
            hand(type, flow);
        }

        @Override
        public void onExpectation(EventType type, Expectation expectation, long originPortId) {
            expectations.onEvent(type, expectation, now);
        }
    };
    private final Map<Long, Batch> batches = new HashMap<>();
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private @Nullable FlowEvents events;
    private @Nullable TableDump dump;
    private @Nullable FlowVisitor dumpVisitor;
    private Completion dumpDone = Completion.IGNORED;
    private long nextTag;
    private long now;

    /**
     * Opens the table of the calling thread's network namespace.
     *
     * @param follow what to hear of while it happens
     * @throws io.keepstate.conntrack.ConntrackUnavailableException without kernel support or without the right
     */
    LinuxFlowTable(ConntrackOptions options, Follow follow) {
        conntrack = Conntrack.open(options.withDropOwnEvents(true));
        try {
            expectations = new LinuxExpectationTable(conntrack.expectations());
            stream = follow == Follow.NOTHING ? null : subscribe(follow);
            pipeline = conntrack.newPipeline(this::onOutcome);
        } catch (RuntimeException e) {
            conntrack.close();
            throw e;
        }
    }

    /** What a table tells while it happens. */
    enum Follow {
        /** Nothing: whoever wants to know asks for a dump. */
        NOTHING,
        /** Events of flows. */
        FLOWS,
        /** Events of flows and of expectations. */
        FLOWS_AND_EXPECTATIONS
    }

    private EventStream subscribe(Follow follow) {
        EnumSet<EventType> all = EnumSet.allOf(EventType.class);
        boolean both = follow == Follow.FLOWS_AND_EXPECTATIONS;
        return conntrack.subscribe(all, both ? all : EnumSet.noneOf(EventType.class));
    }

    /** The stream of events, to be watched for reading; null if the table follows nothing. */
    @Nullable
    EventStream stream() {
        return stream;
    }

    /** The expectations of the same network namespace. */
    ExpectationTable expectations() {
        return expectations;
    }

    /** What became of the writes so far. */
    CommitCounts writes() {
        return pipeline.counts();
    }

    /** Hands over the events that have arrived. */
    int readEvents(long nowNanos) {
        FlowEvents sink = events;
        EventStream from = stream;
        if (sink == null || from == null) {
            return 0;
        }
        now = nowNanos;
        int read = from.receive(onEvent, EVENT_BUDGET);
        if (read == EventStream.OVERRUN) {
            sink.overrun(nowNanos);
            return 1;
        }
        return read;
    }

    @Override
    public void subscribe(FlowEvents sink) {
        events = sink;
    }

    @Override
    public boolean dump(FlowVisitor visitor, Completion done) {
        if (dump != null) {
            return false;
        }
        dumpVisitor = visitor;
        dumpDone = done;
        try {
            dump = conntrack.startDump(DumpFilter.ALL);
        } catch (LinuxException e) {
            done.done(String.valueOf(e.getMessage()));
        }
        return true;
    }

    /** A question that the kernel does not answer is as good as none: whoever asks has what the events told. */
    @Override
    public @Nullable Flow find(FlowKey key) {
        try {
            return conntrack.get(key).orElse(null);
        } catch (LinuxException e) {
            return null;
        }
    }

    @Override
    public void commit(List<Flow> flows, CommitResult result) {
        add(new Batch(nextTag++, List.copyOf(flows), result, null));
    }

    @Override
    public void delete(List<FlowKey> keys, Completion done) {
        List<Flow> flows = new ArrayList<>(keys.size());
        for (FlowKey key : keys) {
            flows.add(Flow.builder(key.original()).zone(key.zone()).build());
        }
        add(new Batch(nextTag++, flows, null, done));
    }

    @Override
    public int doWork(long nowNanos, int budget) {
        now = nowNanos;
        int work = readDump();
        fillPipeline();
        return work + pipeline.doWork(nowNanos, Math.max(budget, WRITE_BUDGET));
    }

    @Override
    public long nextDeadline() {
        boolean dumping = dump != null && waiting.isEmpty();
        return dumping ? now : Math.min(pipeline.nextDeadline(), waiting.isEmpty() ? Long.MAX_VALUE : now);
    }

    @Override
    public void close() {
        TableDump open = dump;
        if (open != null) {
            open.close();
            dump = null;
        }
        conntrack.close();
    }

    private void hand(EventType type, Flow flow) {
        FlowEvents sink = events;
        if (sink == null) {
            return;
        }
        switch (type) {
            case NEW -> sink.created(flow, now);
            case UPDATE -> sink.updated(flow, now);
            case DESTROY -> sink.destroyed(flow, now);
        }
    }

    private int readDump() {
        TableDump running = dump;
        FlowVisitor visitor = dumpVisitor;
        if (running == null || visitor == null || !waiting.isEmpty()) {
            return 0;
        }
        int flows = running.doWork(visitor::visit, DUMP_BUDGET);
        if (running.isDone()) {
            running.close();
            dump = null;
            dumpDone.done(running.errno() == 0 ? null : "dump: " + Errno.describe(running.errno()));
        }
        return flows;
    }

    private void add(Batch batch) {
        if (batch.flows.isEmpty()) {
            batch.finish();
            return;
        }
        waiting.add(batch);
        fillPipeline();
    }

    private void fillPipeline() {
        while (!waiting.isEmpty() && pipeline.pending() < PIPELINE_FILL) {
            Batch batch = waiting.remove();
            batches.put(batch.tag, batch);
            for (Flow flow : batch.flows) {
                boolean taken = batch.result == null
                        ? pipeline.submitDelete(batch.tag, flow)
                        : pipeline.submitCreate(batch.tag, flow, timeouts.secondsFor(flow));
                if (!taken) {
                    onOutcome(batch.tag, flow, CommitOutcome.CANCELLED, 0);
                }
            }
        }
    }

    private void onOutcome(long tag, Flow flow, CommitOutcome outcome, int errno) {
        Batch batch = batches.get(tag);
        if (batch != null && batch.settle(flow, outcome, errno)) {
            batches.remove(tag);
            batch.finish();
        }
    }

    /** Flows given together, answered together: a commit has a result, a deletion a completion. */
    private static final class Batch {
        final long tag;
        final List<Flow> flows;
        final @Nullable CommitResult result;
        final @Nullable Completion done;
        int succeeded;
        int failed;

        @Nullable
        String failure;

        Batch(long tag, List<Flow> flows, @Nullable CommitResult result, @Nullable Completion done) {
            this.tag = tag;
            this.flows = flows;
            this.result = result;
            this.done = done;
        }

        /** Whether this was the last one. */
        boolean settle(Flow flow, CommitOutcome outcome, int errno) {
            if (outcome.isSuccess()) {
                succeeded++;
            } else {
                failed++;
                String reason = errno == 0 ? outcome.name().toLowerCase(Locale.ROOT) : Errno.name(errno);
                failure = reason;
                if (result != null) {
                    result.refused(flow, reason);
                }
            }
            return succeeded + failed == flows.size();
        }

        void finish() {
            if (result != null) {
                result.done(succeeded, failed);
            }
            if (done != null) {
                done.done(failed == 0 ? null : failed + " flows could not be deleted (" + failure + ")");
            }
        }
    }
}
