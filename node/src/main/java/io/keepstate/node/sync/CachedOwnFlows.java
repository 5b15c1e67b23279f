// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.EventsDuringDump;
import io.keepstate.cache.InternalCache;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Tuple;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.FlowTable;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our flows with an internal cache. What events do not tell is repaired: after lost events, and when flows that found
 * no room would find some now, the kernel's table is read again and the peer told what differs.
 */
final class CachedOwnFlows implements OwnFlows {
    /** Until a dump that failed is tried again. */
    private static final long RETRY_NANOS = 1_000_000_000L;
    /** Least time between two attempts to find room for refused flows. */
    private static final long REFILL_NANOS = 1_000_000_000L;
    /** After such an attempt none for this many times what it took: a table that stays full must not be read all the time. */
    private static final int REFILL_REST = 9;
    /** The log is silent so long about such attempts. */
    private static final long REFILL_SILENCE_NANOS = 60_000_000_000L;

    private final FlowFilter.Matcher filter;
    private final InternalCache internal;
    private final EventsDuringDump duringDump;
    private final Outlet outlet;
    private final SyncSession session;
    private final Optional<Duration> overrunResync;
    private final NodeListener listener;
    private final SyncCounters counters;
    private final KernelFeed feed;
    private final KernelDump dump;
    private final KernelPoll poll;
    private final BulkRun bulk;
    private long overrunDeadline = Long.MAX_VALUE;
    private long refillAt = Long.MIN_VALUE;
    private long nextRefillSaid = Long.MIN_VALUE;
    private long repaired;
    private boolean ready;
    private long now;

    CachedOwnFlows(
            FlowTable table,
            FlowFilter.Matcher filter,
            InternalCache internal,
            EventsDuringDump duringDump,
            Outlet outlet,
            SyncSession session,
            NetlinkSettings netlink,
            NodeListener listener,
            SyncCounters counters) {
        this.filter = filter;
        this.internal = internal;
        this.duringDump = duringDump;
        this.outlet = outlet;
        this.session = session;
        this.overrunResync = netlink.overrunResync();
        this.listener = listener;
        this.counters = counters;
        feed = new KernelFeed(filter, internal, duringDump, outlet, this::onOverrun);
        dump = new KernelDump(table, filter, internal, duringDump, outlet);
        poll = new KernelPoll(dump, netlink.pollInterval());
        bulk = new BulkRun(internal, outlet, session);
    }

    @Override
    public FlowEvents events() {
        return feed;
    }

    @Override
    public void start(Completion done) {
        resyncFromKernel(failure -> {
            ready = true;
            poll.start(now);
            done.done(failure);
        });
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void resyncFromKernel(Completion done) {
        dump.request(failure -> {
            if (failure != null) {
                counters.dumpFailures++;
            } else if (!session.canRequestResync()) {
                bulk.start(); // ALARM repeats what it knows: what was only read must be made known to it
            }
            done.done(failure);
        });
    }

    @Override
    public void found(Flow flow, long nowNanos) {
        if (filter.accepts(flow)) {
            outlet.offer(internal.onDump(flow, nowNanos));
        }
    }

    @Override
    public void bulk() {
        if (outlet.isOpen()) {
            listener.on(SyncEvent.info("sending bulk update"));
            bulk.start();
        }
    }

    @Override
    public void flush() {
        internal.flush();
    }

    @Override
    public int zoneOf(Tuple original) {
        return internal.zoneOf(original);
    }

    @Override
    public boolean isWithoutRoom(Flow flow) {
        return internal.isRefused(flow);
    }

    @Override
    public long repairs() {
        return repaired + poll.polls();
    }

    @Override
    public void setOpen(boolean open) {
        outlet.setOpen(open);
    }

    @Override
    public void doWork(long nowNanos) {
        now = nowNanos;
        repair(nowNanos);
        poll.doWork(nowNanos);
        dump.doWork(nowNanos);
        if (bulk.doWork(nowNanos) && session.canRequestResync()) {
            listener.on(SyncEvent.info("bulk update: " + bulk.sent() + " flows handed to the session"));
        }
        counters.events = feed.received();
        counters.filtered = feed.filtered();
        counters.dumps = dump.completed();
        counters.bulks = bulk.completed();
        counters.differences = dump.differences();
        counters.eventsForgotten = duringDump.forgotten();
        counters.leftToEvents = duringDump.outdated();
    }

    @Override
    public long nextDeadline() {
        long own = Math.min(Math.min(dump.nextDeadline(), bulk.nextDeadline()), poll.nextDeadline());
        own = Math.min(own, overrunDeadline);
        return mayRefill() ? Math.min(own, refillAt) : own;
    }

    private void repair(long nowNanos) {
        if (nowNanos >= overrunDeadline) {
            overrunDeadline = Long.MAX_VALUE;
            readAgain("reading the kernel's table again after lost events");
        }
        if (mayRefill() && nowNanos >= refillAt) {
            refill(nowNanos);
        }
    }

    private boolean mayRefill() {
        return ready && internal.isRefillDue() && !dump.isBusy();
    }

    private void refill(long begun) {
        refillAt = begun + REFILL_NANOS;
        if (begun >= nextRefillSaid) {
            nextRefillSaid = begun + REFILL_SILENCE_NANOS;
            listener.on(SyncEvent.info("room again in the internal cache for " + internal.refusedFlows()
                    + " flows: reading the kernel's table"));
        }
        dump.requestDifferences(failure -> {
            refillAt = Math.max(refillAt, now + REFILL_REST * (now - begun));
            onRepaired(failure);
        });
    }

    private void readAgain(String why) {
        listener.on(SyncEvent.info(why));
        dump.requestDifferences(this::onRepaired);
    }

    private void onRepaired(@Nullable String failure) {
        if (failure == null) {
            repaired++;
        } else {
            counters.dumpFailures++;
            listener.on(SyncEvent.warning("the kernel's table could not be read: " + failure));
            overrunDeadline = now + RETRY_NANOS;
        }
    }

    private void onOverrun(long nowNanos) {
        counters.overruns++;
        dump.eventsWereLost();
        if (overrunResync.isPresent() && overrunDeadline == Long.MAX_VALUE) {
            overrunDeadline = nowNanos + overrunResync.get().toNanos();
            listener.on(SyncEvent.warning("the kernel's events overran the socket buffer: some are lost; reading the"
                    + " table again in " + overrunResync.get().toMillis()
                    + " ms (a larger NetlinkBufferSize avoids this)"));
        }
    }
}
