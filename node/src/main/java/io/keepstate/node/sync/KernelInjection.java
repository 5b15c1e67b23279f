// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.FlowTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The peer's flows and their ends with our kernel, in the order in which they are given here. That order matters also
 * between flows: what a flow that ended was translated to may be another's at once, and the kernel takes none that is
 * taken.
 *
 * <p>Belongs to the sync loop.
 */
final class KernelInjection {
    /** Changes with the kernel at most: more than it makes in a turn, few enough that a dump can go on beside them. */
    private static final int WINDOW = 4096;

    private final FlowTable table;
    private final Counts counts;
    private final Runnable whenIdle;
    private final RelatedFlows related = new RelatedFlows();
    private final Map<String, Long> refusals = new TreeMap<>();
    private Writes writes = new Writes();
    private List<FlowKey> ends = new ArrayList<>();
    private int underWay;
    private long now;

    /** What was put into the kernel, as {@code conntrackd -s} counts it. */
    static final class Counts {
        long created;
        long createFailed;
        long updated;
        long updateFailed;
        long destroyed;
        long destroyFailed;
        /** Messages that found no room on their way, each of them a failure of its kind. */
        long lost;
    }

    /** @param whenIdle told each time that the kernel has answered for everything */
    KernelInjection(FlowTable table, Counts counts, Runnable whenIdle) {
        this.table = table;
        this.counts = counts;
        this.whenIdle = whenIdle;
    }

    /** Whether the kernel should be given more. */
    boolean hasRoom() {
        return underWay < WINDOW;
    }

    /** Whether the kernel has answered for everything. */
    boolean isIdle() {
        return underWay == 0;
    }

    /** Flows that the kernel refused, by reason. */
    Map<String, Long> refusals() {
        return Map.copyOf(refusals);
    }

    /** A flow that is to be in the kernel, announced as new or as changed. */
    void write(Flow flow, boolean isNew, long nowNanos) {
        sendEnds();
        related.add(flow, nowNanos);
        underWay++;
        if (writes.add(flow, isNew) == FlowTable.BATCH) {
            sendWrites();
        }
    }

    /** A flow that is not to be there any more. */
    void end(FlowKey key) {
        sendWrites();
        related.remove(key);
        underWay++;
        ends.add(key);
        if (ends.size() == FlowTable.BATCH) {
            sendEnds();
        }
    }

    /** Hands over what waits for a full batch, and tries again what came before its master. */
    void doWork(long nowNanos) {
        now = nowNanos;
        send();
        List<Flow> again = related.takeDue(nowNanos);
        for (Flow flow : again) {
            underWay++;
            writes.add(flow, true);
        }
        sendWrites();
    }

    long nextDeadline() {
        return writes.flows.isEmpty() && ends.isEmpty() ? related.nextDeadline() : now;
    }

    /** Hands over what waits for a full batch. */
    void send() {
        sendEnds(); // either of them is empty
        sendWrites();
    }

    private void sendWrites() {
        if (!writes.flows.isEmpty()) {
            Writes batch = writes;
            writes = new Writes();
            table.commit(batch.flows, batch);
        }
    }

    private void sendEnds() {
        if (ends.isEmpty()) {
            return;
        }
        List<FlowKey> batch = ends;
        ends = new ArrayList<>();
        table.delete(batch, failure -> {
            if (failure == null) {
                counts.destroyed += batch.size();
            } else {
                counts.destroyFailed += batch.size();
            }
            answered(batch.size());
        });
    }

    private void answered(int changes) {
        underWay -= changes;
        if (isIdle()) {
            whenIdle.run();
        }
    }

    /** New and changed flows in one batch, counted apart. */
    private final class Writes implements CommitResult {
        final List<Flow> flows = new ArrayList<>();
        private final BitSet changed = new BitSet();
        private int newRefused;
        private int changedRefused;
        private int newTriedAgain;
        private int changedTriedAgain;

        int add(Flow flow, boolean isNew) {
            changed.set(flows.size(), !isNew);
            flows.add(flow);
            return flows.size();
        }

        @Override
        public void refused(Flow flow, String reason) {
            boolean wasChanged = isChanged(flow);
            newRefused += wasChanged ? 0 : 1;
            changedRefused += wasChanged ? 1 : 0;
            if (related.isTriedAgain(flow, reason, now)) {
                newTriedAgain += wasChanged ? 0 : 1;
                changedTriedAgain += wasChanged ? 1 : 0;
            } else {
                refusals.merge(reason, 1L, Long::sum);
            }
        }

        @SuppressWarnings("ReferenceEquality") // a batch may have the same flow twice, once of each kind
        private boolean isChanged(Flow flow) {
            for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
                if (flows.get(i) == flow) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void done(int committed, int refused) {
            related.settled(flows);
            int asChanged = changed.cardinality();
            counts.created += flows.size() - asChanged - newRefused;
            counts.createFailed += newRefused - newTriedAgain;
            counts.updated += asChanged - changedRefused;
            counts.updateFailed += changedRefused - changedTriedAgain;
            answered(flows.size());
        }
    }
}
