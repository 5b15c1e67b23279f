// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryVisitor;
import io.keepstate.cache.ExternalCache;
import io.keepstate.cache.ExternalCacheConfig;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.InternalCacheConfig;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.SessionSignal;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.PeerEvent;
import io.keepstate.node.event.PeerEvent.Signal;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.stats.SyncStats;
import io.keepstate.node.takeover.PurgeTimer;
import io.keepstate.node.takeover.StateTransfer;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * State synchronisation of one node with one peer: the kernel's events into the internal cache and out as messages, the
 * peer's messages into the external cache, and from there into the kernel when somebody takes over. All long work is cut
 * into slices that {@link #doWork} runs, so that events, messages and acknowledgements are never far behind.
 *
 * <p>It knows nothing of elections. Not thread-safe: the sync loop owns it, a simulation steps it.
 */
public final class StateSync implements StateTransfer {
    /** Until a dump that failed is tried again. */
    private static final long DUMP_RETRY_NANOS = 1_000_000_000L;

    private static final int KERNEL_BUDGET = 256;
    private static final int TRANSMIT_BUDGET = 512;

    private final SyncConfiguration configuration;
    private final FlowTable table;
    private final DatagramSink peer;
    private final NodeListener listener;
    private final InternalCache internal;
    private final FlowDecoder decoder;
    private final ExternalCache external;
    private final SyncSession session;
    private final Outlet outlet;
    private final KernelFeed kernelFeed;
    private final PeerFeed peerFeed;
    private final KernelDump dump;
    private final KernelPoll poll;
    private final KernelFlush flush;
    private final CommitRun commit;
    private final BulkRun bulk;
    private final ExternalSweep sweep;
    private final SyncCounters counters = new SyncCounters();
    private final LimitWatch limits;
    private SyncObserver observer = SyncObserver.NONE;
    private long overrunDeadline = Long.MAX_VALUE;
    private boolean purging;
    private boolean bulkDue;
    private boolean ready;
    private long now;

    /**
     * A session that has not begun.
     *
     * @param mtu of the link to the peer, in octets
     * @param wallSeconds the calendar's seconds: where the sequence numbers begin, as conntrackd has it
     * @param hashSeed what no attacker knows
     */
    public StateSync(
            SyncConfiguration configuration,
            FlowTable table,
            DatagramSink peer,
            NodeListener listener,
            int mtu,
            long wallSeconds,
            long hashSeed) {
        this.configuration = configuration;
        this.table = table;
        this.peer = peer;
        this.listener = listener;
        boolean sendTimeout = configuration.commitTimeout().isEmpty();
        int commitSeconds = configuration
                .commitTimeout()
                .map(time -> (int) time.toSeconds())
                .orElse(0);
        internal = new InternalCache(
                InternalCacheConfig.DEFAULT
                        .withHashLimit(configuration.flowLimit())
                        .withHashSeed(hashSeed),
                new FlowEncoder(
                        configuration.emitProfile(), new WireOptions(sendTimeout, configuration.tcpWindowTracking())));
        decoder = new FlowDecoder(configuration.emitProfile());
        external = new ExternalCache(
                ExternalCacheConfig.DEFAULT
                        .withHashLimit(configuration.flowLimit())
                        .withCommitTimeoutSeconds(commitSeconds)
                        .withHashSeed(hashSeed),
                decoder);
        session = Sessions.of(configuration.mode(), mtu, wallSeconds, hashSeed);
        FlowFilter.Matcher filter = configuration.filter().matcher();
        outlet = new Outlet(internal, session);
        kernelFeed = new KernelFeed(filter, internal, outlet, this::onOverrun);
        peerFeed = new PeerFeed(external, this::onSignal);
        dump = new KernelDump(table, filter, internal, outlet);
        poll = new KernelPoll(dump, configuration.netlink().pollInterval());
        flush = new KernelFlush(table, filter, internal);
        commit = new CommitRun(table, external);
        bulk = new BulkRun(internal, outlet, session);
        sweep = new ExternalSweep(external, new ExternalSweep.Question() {
            @Override
            public boolean heard() {
                return session.isResyncHeard();
            }

            @Override
            public int untilBelieved() {
                return session.resyncsUntilBelieved();
            }

            @Override
            public void ask() {
                session.requestResync();
            }
        });
        limits = new LimitWatch(configuration.flowLimit(), internal, external, outlet, listener);
    }

    /** Who hears what roles depend on. */
    public void observe(SyncObserver some) {
        observer = some;
        peerFeed.observe(some);
    }

    /** Subscribes to the kernel's events, reads its table, and asks the peer for its flows. */
    public void start(long nowNanos) {
        now = nowNanos;
        table.subscribe(kernelFeed);
        dump.request(failure -> {
            ready = true;
            if (failure != null) {
                counters.dumpFailures++;
                listener.on(SyncEvent.warning("the kernel's table could not be read: " + failure));
            }
            poll.start(now);
            observer.initialDumpDone(internal.size(), now);
        });
        requestResync("start", nowNanos);
    }

    /** Takes one datagram of the only peer there is. */
    public boolean receive(ByteBuf datagram, long nowNanos) {
        return receive(datagram, SyncSession.UNKNOWN_SENDER, nowNanos);
    }

    /**
     * Takes one datagram.
     *
     * @param sender tells senders apart, as {@link SyncSession#receive} has it
     * @return whether a message of it was valid and in its place in the stream
     */
    public boolean receive(ByteBuf datagram, long sender, long nowNanos) {
        now = nowNanos;
        peerFeed.at(nowNanos);
        return session.receive(datagram, sender, nowNanos, outlet, peerFeed);
    }

    /** Everything that is due; the number of messages handled. */
    public int doWork(long nowNanos) {
        now = nowNanos;
        peerFeed.at(nowNanos);
        int done = table.doWork(nowNanos, KERNEL_BUDGET);
        session.onDeadline(nowNanos, peerFeed);
        if (peerFeed.takeResyncRequest()) {
            onPeerAsked();
        }
        repairKernelView(nowNanos);
        poll.doWork(nowNanos);
        dump.doWork(nowNanos);
        flush.doWork(nowNanos);
        commit.doWork(nowNanos);
        if (isBulkReady()) {
            bulkDue = false;
            bulk();
        }
        if (bulk.doWork(nowNanos)) {
            listener.on(SyncEvent.info("bulk update: " + bulk.sent() + " flows handed to the session"));
        }
        Integer swept = sweep.doWork(nowNanos);
        if (swept != null) {
            counters.sweptExternal += swept;
            listener.on(SyncEvent.info("resync complete: " + swept + " flows removed that the peer has no more, "
                    + external.size() + " left"));
        }
        limits.doWork(nowNanos);
        return done + session.transmit(nowNanos, outlet, peer, TRANSMIT_BUDGET);
    }

    /** When {@link #doWork} must run again; a past time for at once. */
    public long nextDeadline() {
        long work = Math.min(Math.min(dump.nextDeadline(), flush.nextDeadline()), commit.nextDeadline());
        long peerSide = Math.min(Math.min(session.nextDeadline(), bulk.nextDeadline()), sweep.nextDeadline());
        long kernelSide = Math.min(Math.min(overrunDeadline, poll.nextDeadline()), table.nextDeadline());
        return isBulkReady() ? now : Math.min(Math.min(work, peerSide), kernelSide);
    }

    /** Whether flows of this node are offered to the peer; not while they wait to be purged. */
    public void setOffering(boolean offering) {
        outlet.setOpen(offering);
    }

    /** Asks the peer for everything, and sweeps what it does not renew. */
    public void requestResync(String reason, long nowNanos) {
        now = nowNanos;
        if (!session.canRequestResync()) {
            return;
        }
        counters.resyncRequests++;
        session.requestResync();
        sweep.begin(nowNanos);
        listener.on(SyncEvent.info("resync requested from the peer (" + reason + ")"));
    }

    @Override
    public boolean present() {
        return true;
    }

    /** Puts the external cache into the kernel; when a commit runs already, {@code done} is told with its result. */
    @Override
    public void commit(CommitDone done) {
        if (!commit.start(done)) {
            listener.on(SyncEvent.info("commit already in progress, joining it"));
        }
    }

    @Override
    public void stopCommit() {
        commit.stop();
    }

    /** Makes the internal cache what the kernel's table is. */
    @Override
    public void resyncFromKernel(Completion done) {
        dump.request(failure -> {
            counters.dumpFailures += failure == null ? 0 : 1;
            done.done(failure);
        });
    }

    /** Empties the external cache; a commit that reads it ends early. */
    @Override
    public void flushExternal() {
        external.flush();
        sweep.cancel();
    }

    /** Empties the internal cache; the peer is not told, the kernel's table stays. */
    public void flushInternal() {
        internal.flush();
    }

    /** Whether the external cache is being committed. */
    public boolean isCommitting() {
        return commit.isRunning();
    }

    /** Sends everything to the peer, unless this node's flows wait to be purged. */
    @Override
    public void bulk() {
        if (outlet.isOpen()) {
            listener.on(SyncEvent.info("sending bulk update"));
            bulk.start();
        }
    }

    /** Deletes the kernel's flows that pass the filter; the caches follow, the peer is not told. */
    public void flushKernel(PurgeTimer.Purge.Done done) {
        flush.request(done);
    }

    /** Deletes the kernel's flows that pass the filter, and empties the internal cache. */
    public void purge(PurgeTimer.Purge.Done done) {
        purging = true;
        flush.request((deleted, failure) -> {
            // One that was stopped has left flows behind, and a takeover is reading them.
            if (purging) {
                purging = false;
                internal.flush();
            }
            done.done(deleted, failure);
        });
    }

    /** Ends a purge that has begun; what is still in the kernel stays. */
    public void stopPurge() {
        if (purging) {
            purging = false;
            flush.stop();
        }
    }

    /** One slice over the flows of our kernel. */
    public int forEachInternal(Cursor cursor, int budget, EntryVisitor visitor) {
        return internal.forEachEntry(cursor, budget, visitor);
    }

    /** One slice over the flows of the peer. */
    public int forEachExternal(Cursor cursor, int budget, EntryVisitor visitor) {
        return external.forEachEntry(cursor, budget, visitor);
    }

    /** Entries of the internal cache. */
    public int internalSize() {
        return internal.size();
    }

    /** Entries of the external cache. */
    public int externalSize() {
        return external.size();
    }

    /** A snapshot of all counters. */
    public SyncStats stats() {
        return counters.snapshot(internal, external, decoder, session, kernelFeed, dump, flush, commit, bulk, outlet);
    }

    private void repairKernelView(long nowNanos) {
        if (nowNanos >= overrunDeadline) {
            overrunDeadline = Long.MAX_VALUE;
            listener.on(SyncEvent.info("reading the kernel's table again after lost events"));
            dump.requestDifferences(this::kernelViewRepaired);
        }
        if (ready && internal.takeRefillDue()) {
            listener.on(SyncEvent.info("room again in the internal cache: reading the kernel's table"));
            dump.requestDifferences(this::kernelViewRepaired);
        }
    }

    private void kernelViewRepaired(@Nullable String failure) {
        if (failure != null) {
            counters.dumpFailures++;
            listener.on(SyncEvent.warning("the kernel's table could not be read: " + failure));
            overrunDeadline = now + DUMP_RETRY_NANOS;
        }
    }

    private void onOverrun(long nowNanos) {
        now = nowNanos;
        counters.overruns++;
        dump.eventsWereLost();
        Optional<Duration> resync = configuration.netlink().overrunResync();
        if (resync.isPresent() && overrunDeadline == Long.MAX_VALUE) {
            overrunDeadline = nowNanos + resync.get().toNanos();
            listener.on(SyncEvent.warning("the kernel's events overran the socket buffer: some are lost; reading the"
                    + " table again in " + resync.get().toMillis() + " ms (a larger NetlinkBufferSize avoids this)"));
        }
    }

    private void onPeerAsked() {
        String consequence = outlet.isOpen() ? "" : "not answered, own flows wait to be purged";
        listener.on(new PeerEvent(Signal.RESYNC_REQUESTED, consequence));
        bulkDue = true;
    }

    /** A bulk of a table that was not read to its end would leave out what nothing sends later. */
    private boolean isBulkReady() {
        return bulkDue && ready;
    }

    private void onSignal(SessionSignal signal) {
        switch (signal) {
            case PEER_HELLO -> {
                requestResync("the peer is there", now);
                bulkDue = true;
            }
            case PEER_HEARD -> {
                listener.on(new PeerEvent(Signal.CONNECTED, ""));
                observer.peerAnswered(true);
                requestResync("the peer is there", now);
                bulkDue = true;
            }
            case OTHER_MODE ->
                listener.on(SyncEvent.warning(
                        "the peer speaks another Mode than this node: give both the same in" + " conntrackd.conf"));
            case PEER_RESTARTED -> {
                listener.on(new PeerEvent(Signal.RESTARTED, ""));
                requestResync("the peer restarted", now);
                bulkDue = true;
            }
            case HELLO_BACK_RECEIVED -> {
                listener.on(new PeerEvent(Signal.CONNECTED, ""));
                observer.peerAnswered(true);
                // A conntrackd that was there before us asks for nothing, and misses what came while we were away.
                bulkDue = true;
            }
            case GAP_UNSERVED -> {
                listener.on(new PeerEvent(Signal.GAP_UNSERVED, "asking for everything"));
                requestResync("lost messages", now);
            }
            case PEER_SILENT -> listener.on(new PeerEvent(Signal.SILENT, ""));
            case PEER_BACK -> listener.on(new PeerEvent(Signal.BACK, ""));
        }
    }
}
