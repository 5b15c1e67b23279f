// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.port.FlowVisitor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection table of one machine, without NAT, timers or packets: what the traffic of a simulation makes in it, and
 * what a node commits to it. It answers like the kernel's socket does: events queue up until they are read, more than the
 * buffer holds are lost and only the overrun is told; a dump comes in slices while the table goes on changing, and its next
 * part is made when the one before is taken, so that events are newer; a node does not hear of what it did itself.
 */
public final class SimulatedKernel implements FlowTable {
    /** Events that fit the receive buffer of the reference setup: 2 MiB at 1280 octets each. */
    public static final int DEFAULT_EVENT_LIMIT = 1638;

    /** Flows of one part of a dump, and parts taken in one turn; of the kernel's some 130, and 4. */
    private static final int DUMP_PART = 32;

    private static final int DUMP_SLICE = 4;

    private final Map<FlowKey, Flow> table = new LinkedHashMap<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
    /** What was asked for and is not done yet. */
    private final ArrayDeque<Runnable> writes = new ArrayDeque<>();

    private final int eventLimit;
    private int writesATurn = Integer.MAX_VALUE;
    private @Nullable FlowEvents subscriber;
    private boolean overrun;
    private @Nullable Dump dump;

    /** One event on its way to the reader. */
    @FunctionalInterface
    private interface Event {
        void tell(FlowEvents listener, long nowNanos);
    }

    private final class Dump {
        final Iterator<FlowKey> keys = new ArrayList<>(table.keySet()).iterator();
        final FlowVisitor visitor;
        final Completion done;
        private List<Flow> waiting = nextPart();

        Dump(FlowVisitor visitor, Completion done) {
            this.visitor = visitor;
            this.done = done;
        }

        /** The part that lies in the socket; the next one is made with it. Nothing in it: that was all. */
        List<Flow> take() {
            List<Flow> taken = waiting;
            waiting = nextPart();
            return taken;
        }

        private List<Flow> nextPart() {
            List<Flow> part = new ArrayList<>(DUMP_PART);
            while (part.size() < DUMP_PART && keys.hasNext()) {
                Flow flow = table.get(keys.next());
                if (flow != null) {
                    part.add(flow);
                }
            }
            return part;
        }
    }

    /** An empty table whose event buffer holds so many events. */
    public SimulatedKernel(int eventLimit) {
        this.eventLimit = eventLimit;
    }

    /** From now on it does so much of what it is asked for in a turn, in the order of asking; all at once before. */
    public void writesATurn(int some) {
        writesATurn = some;
    }

    /** A packet made a flow. */
    public void open(Flow flow) {
        table.put(flow.key(), flow);
        tell((listener, now) -> listener.created(flow, now));
    }

    /** A packet changed a flow; one that is not there is left alone. */
    public void change(Flow flow) {
        if (table.replace(flow.key(), flow) != null) {
            tell((listener, now) -> listener.updated(flow, now));
        }
    }

    /** A flow ended; the event carries its tuples and nothing else, as the kernel's does. */
    public void close(FlowKey key) {
        Flow flow = table.remove(key);
        if (flow != null) {
            Flow tuples = Flow.builder(flow.original())
                    .reply(flow.reply())
                    .zone(flow.zone())
                    .build();
            tell((listener, now) -> listener.destroyed(tuples, now));
        }
    }

    /** All flows, in order of their making; a copy. */
    public Collection<Flow> flows() {
        return List.copyOf(table.values());
    }

    /** Whether this flow is in the table. */
    public boolean holds(FlowKey key) {
        return table.containsKey(key);
    }

    @Override
    public void subscribe(FlowEvents listener) {
        subscriber = listener;
    }

    @Override
    public boolean dump(FlowVisitor visitor, Completion done) {
        if (dump != null) {
            return false;
        }
        dump = new Dump(visitor, done);
        return true;
    }

    @Override
    public @Nullable Flow find(FlowKey key) {
        return table.get(key);
    }

    @Override
    public void commit(List<Flow> batch, CommitResult result) {
        batch.forEach(flow -> write(() -> create(flow)));
        write(() -> answers.add(() -> result.done(batch.size(), 0)));
    }

    @Override
    public void delete(List<FlowKey> batch, Completion done) {
        batch.forEach(key -> write(() -> table.remove(key)));
        write(() -> answers.add(() -> done.done(null)));
    }

    private void write(Runnable change) {
        if (writesATurn == Integer.MAX_VALUE) {
            change.run();
        } else {
            writes.add(change);
        }
    }

    @Override
    public int doWork(long nowNanos, int budget) {
        int done = 0;
        FlowEvents listener = subscriber;
        if (overrun && listener != null) {
            overrun = false;
            listener.overrun(nowNanos);
        }
        for (; listener != null && done < budget && !events.isEmpty(); done++) {
            events.remove().tell(listener, nowNanos);
        }
        for (int left = writesATurn; left > 0 && !writes.isEmpty(); left--) {
            writes.remove().run();
        }
        for (int waiting = answers.size(); waiting > 0; waiting--, done++) {
            answers.remove().run();
        }
        return done + dumpSlice();
    }

    @Override
    public long nextDeadline() {
        boolean work = overrun || !events.isEmpty() || !writes.isEmpty() || !answers.isEmpty() || dump != null;
        return work ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** A committed flow has both tuples, as every flow of the kernel; one that is there already is updated. */
    private void create(Flow flow) {
        Flow whole = flow.reply() == null
                ? flow.toBuilder().reply(flow.original().inverted()).build()
                : flow;
        table.put(whole.key(), whole);
    }

    private int dumpSlice() {
        Dump running = dump;
        if (running == null) {
            return 0;
        }
        int visited = 0;
        for (int parts = 0; parts < DUMP_SLICE; parts++) {
            List<Flow> part = running.take();
            if (part.isEmpty()) {
                dump = null;
                running.done.done(null);
                break;
            }
            part.forEach(running.visitor::visit);
            visited += part.size();
        }
        return visited;
    }

    private void tell(Event event) {
        if (subscriber == null) {
            return;
        }
        if (events.size() >= eventLimit) {
            overrun = true;
        } else {
            events.add(event);
        }
    }
}
