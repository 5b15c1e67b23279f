// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.EventsDuringDump;
import io.keepstate.cache.InternalCache;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.ftfw.NoTrackSession;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.FlowTable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our flows without an internal cache ({@code DisableInternalCache}): an event becomes a message at once, a bulk is the
 * kernel's table read straight to the wire; flows that belong to others behind all the rest, in a second reading if there
 * are any, as {@link BulkRun} has it. Of a flow that an event told of meanwhile the reading tells nothing.
 *
 * <p>With nothing kept, a flush has nothing to empty: conntrackd empties the kernel's table then, and that is never what
 * a script means that flushes caches.
 */
final class BypassedOwnFlows implements OwnFlows, FlowEvents {
    private final FlowTable table;
    private final FlowFilter.Matcher filter;
    private final EventsDuringDump duringDump;
    private final FlowEncoder encoder;
    private final NoTrackSession session;
    private final Optional<Duration> overrunResync;
    private final Optional<Duration> pollInterval;
    private final NodeListener listener;
    private final SyncCounters counters;
    private final ByteBuf payload = Unpooled.buffer(512);
    private boolean open = true;
    private boolean bulkDue;
    private boolean bulkRuns;
    private boolean readsRelated;
    private boolean relatedSeen;
    private boolean severalZones;
    private long tablesRead;
    private long overrunDeadline = Long.MAX_VALUE;
    private long pollAt = Long.MAX_VALUE;
    private int sent;
    private long now;

    BypassedOwnFlows(
            FlowTable table,
            FlowFilter.Matcher filter,
            EventsDuringDump duringDump,
            FlowEncoder encoder,
            NoTrackSession session,
            NetlinkSettings netlink,
            NodeListener listener,
            SyncCounters counters) {
        this.table = table;
        this.filter = filter;
        this.duringDump = duringDump;
        this.encoder = encoder;
        this.session = session;
        this.overrunResync = netlink.overrunResync();
        this.pollInterval = netlink.pollInterval();
        this.listener = listener;
        this.counters = counters;
    }

    @Override
    public FlowEvents events() {
        return this;
    }

    @Override
    public void created(Flow flow, long nowNanos) {
        if (passes(flow, filter.accepts(flow)) && send(MessageType.FLOW_NEW, flow)) {
            counters.bypassCreated++;
        }
    }

    @Override
    public void updated(Flow flow, long nowNanos) {
        if (passes(flow, filter.accepts(flow)) && send(MessageType.FLOW_UPDATE, flow)) {
            counters.bypassUpdated++;
        }
    }

    @Override
    public void destroyed(Flow flow, long nowNanos) {
        if (passes(flow, filter.acceptsInAnyState(flow)) && send(MessageType.FLOW_DESTROY, flow)) {
            counters.bypassDestroyed++;
        }
    }

    /** conntrackd does nothing here; what still lives can be told again, what ended meanwhile nobody knows. */
    @Override
    public void overrun(long nowNanos) {
        counters.overruns++;
        if (overrunResync.isPresent() && overrunDeadline == Long.MAX_VALUE) {
            overrunDeadline = nowNanos + overrunResync.get().toNanos();
            listener.on(SyncEvent.warning("the kernel's events overran the socket buffer: some are lost, and without an"
                    + " internal cache the ends among them are not known; sending the whole table in "
                    + overrunResync.get().toMillis() + " ms"));
        }
    }

    private boolean passes(Flow flow, boolean accepted) {
        duringDump.onEvent(flow);
        counters.events++;
        counters.filtered += accepted ? 0 : 1;
        return accepted;
    }

    private boolean send(int type, Flow flow) {
        severalZones |= flow.originalZone() != 0;
        if (!open) {
            return false;
        }
        payload.clear();
        Unprotected withheld = encoder.encode(flow, payload);
        if (withheld != null && withheld.isWhole()) {
            counters.bypassWithheld++;
            withdraw(type, flow);
            return false;
        }
        if (!session.enqueuePayload(type, payload)) {
            counters.bypassRefused++;
            return false;
        }
        return true;
    }

    /** An update shows what the wire cannot carry: the peer may have been told of the flow before, and must not keep it. */
    private void withdraw(int type, Flow flow) {
        payload.clear();
        if (type == MessageType.FLOW_UPDATE && encoder.encodeEnd(flow, payload)) {
            session.enqueuePayload(MessageType.FLOW_DESTROY, payload);
        }
    }

    @Override
    public void start(Completion done) {
        done.done(null);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void resyncFromKernel(Completion done) {
        done.done(null);
    }

    @Override
    public void found(Flow flow, long nowNanos) {
        if (filter.accepts(flow)) {
            send(MessageType.FLOW_UPDATE, flow);
        }
    }

    @Override
    public void bulk() {
        bulkDue |= open;
    }

    @Override
    public void flush() {
        // nothing is kept
    }

    @Override
    public int zoneOf(Tuple original) {
        return severalZones ? InternalCache.SEVERAL_ZONES : InternalCache.NO_FLOW;
    }

    @Override
    public boolean isWithoutRoom(Flow flow) {
        return false;
    }

    @Override
    public long repairs() {
        return tablesRead;
    }

    @Override
    public void setOpen(boolean value) {
        open = value;
    }

    @Override
    public void doWork(long nowNanos) {
        now = nowNanos;
        if (nowNanos >= overrunDeadline) {
            overrunDeadline = Long.MAX_VALUE;
            bulk();
        }
        if (pollInterval.isPresent() && (pollAt == Long.MAX_VALUE || nowNanos >= pollAt)) {
            pollAt = nowNanos + pollInterval.get().toNanos();
            bulk();
        }
        if (bulkRuns) {
            return;
        }
        if (bulkDue || readsRelated) {
            read();
        }
    }

    /** Begins a reading, unless somebody else's is under way. */
    private void read() {
        boolean first = !readsRelated;
        if (first) {
            relatedSeen = false;
            sent = 0;
        }
        // Before the call: a table that cannot even be asked says so inside it.
        bulkRuns = true;
        duringDump.begin();
        if (!table.dump(this::visit, this::dumped)) {
            duringDump.end();
            bulkRuns = false;
        } else if (first) {
            bulkDue = false;
            listener.on(SyncEvent.info("sending bulk update"));
        }
    }

    @Override
    public long nextDeadline() {
        return (bulkDue || readsRelated) && !bulkRuns ? now : Math.min(overrunDeadline, pollAt);
    }

    private void visit(Flow flow) {
        if (!filter.accepts(flow)) {
            return;
        }
        // Which ones are seen must not depend on it, or the second reading is left out.
        boolean outdated = duringDump.isOutdated(flow);
        boolean related = flow.master() != null;
        relatedSeen |= related;
        if (!outdated && related == readsRelated && send(MessageType.FLOW_NEW, flow)) {
            sent++;
        }
    }

    private void dumped(@Nullable String failure) {
        bulkRuns = false;
        duringDump.end();
        counters.eventsForgotten = duringDump.forgotten();
        counters.leftToEvents = duringDump.outdated();
        if (failure != null) {
            readsRelated = false;
            counters.dumpFailures++;
            listener.on(SyncEvent.warning("the kernel's table could not be read: " + failure));
            return;
        }
        counters.dumps++;
        readsRelated = relatedSeen && !readsRelated;
        if (!readsRelated) {
            counters.bulks++;
            tablesRead++;
            listener.on(SyncEvent.info("bulk update: " + sent + " flows handed to the session"));
        }
    }
}
