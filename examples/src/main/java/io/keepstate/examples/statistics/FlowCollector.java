// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.cache.CacheStats;
import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryVisitor;
import io.keepstate.cache.EventsDuringDump;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.InternalCacheConfig;
import io.keepstate.cache.Origin;
import io.keepstate.conntrack.EventType;
import io.keepstate.flow.Flow;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.flow.wire.WireProfile;
import io.keepstate.node.config.FlowFilter;
import java.util.function.Consumer;

/** The flows of this machine, from the kernel's events and table. Pure; belongs to one thread. */
final class FlowCollector {
    private static final int SWEEP = 1024;

    private final FlowFilter.Matcher filter;
    private final InternalCache flows;
    private final EventsDuringDump duringReading;
    private final Consumer<Flow> ended;
    private long received;
    private long filtered;

    /**
     * Nothing collected yet.
     *
     * @param hashSeed what no attacker knows
     * @param ended is given each flow that ended and was known, as the kernel's last event has it
     */
    FlowCollector(CollectorSettings settings, long hashSeed, Consumer<Flow> ended) {
        this.filter = settings.filter().matcher();
        this.ended = ended;
        this.duringReading = new EventsDuringDump(hashSeed);
        InternalCacheConfig config = InternalCacheConfig.DEFAULT
                .withHashLimit(settings.flowLimit())
                .withPeers(0)
                .withHashSeed(hashSeed);
        // Nobody is sent anything: how it would be written does not matter.
        this.flows = new InternalCache(config, new FlowEncoder(WireProfile.V1_4_7, new WireOptions(true, false)));
    }

    void onEvent(EventType type, Flow flow, long nowNanos) {
        received++;
        duringReading.onEvent(flow);
        // The end of a flow is told in its last state: one that took part in an earlier one must be seen to go.
        boolean accepted = type == EventType.DESTROY ? filter.acceptsInAnyState(flow) : filter.accepts(flow);
        if (!accepted) {
            filtered++;
            return;
        }
        if (type == EventType.NEW) {
            flows.onNew(flow, Origin.KERNEL, nowNanos);
        } else if (type == EventType.UPDATE) {
            flows.onUpdate(flow, Origin.KERNEL, nowNanos);
        } else {
            boolean known = flows.contains(flow.key());
            flows.onDestroy(flow, Origin.KERNEL);
            if (known) {
                ended.accept(flow);
            }
        }
    }

    /** A reading of the table begins, but was not asked for yet; answers what {@link #endReading} wants. */
    int beginReading() {
        duringReading.begin();
        return flows.mark();
    }

    /** A flow of the table; whether it passes the filter. An event that told of it meanwhile is believed, not the table. */
    boolean onTable(Flow flow, long nowNanos) {
        if (!filter.accepts(flow)) {
            return false;
        }
        if (duringReading.isOutdated(flow)) {
            return true;
        }
        if (flows.contains(flow.key())) {
            flows.onUpdate(flow, Origin.KERNEL, nowNanos);
        } else {
            flows.onNew(flow, Origin.KERNEL, nowNanos);
        }
        return true;
    }

    /**
     * The reading is over, complete or not; whether every event of that time could be believed. If not, the table must be
     * read again.
     */
    boolean readingOver() {
        return duringReading.end();
    }

    /** A complete reading of the table is over: what it did not have has ended unseen. */
    void endReading(int mark) {
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            flows.forEachNotRenewed(mark, cursor, SWEEP, handle -> {
                Flow flow = flows.flow(handle);
                flows.expire(handle);
                if (flow != null) {
                    ended.accept(flow);
                }
            });
        }
    }

    /** One slice of a dump. */
    void forEach(Cursor cursor, int budget, EntryVisitor visitor) {
        flows.forEachEntry(cursor, budget, visitor);
    }

    int size() {
        return flows.size();
    }

    CacheStats stats() {
        return flows.stats();
    }

    long processedBytes() {
        return flows.processedBytes();
    }

    long processedPackets() {
        return flows.processedPackets();
    }

    long received() {
        return received;
    }

    long filtered() {
        return filtered;
    }
}
