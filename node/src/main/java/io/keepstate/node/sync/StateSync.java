// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryVisitor;
import io.keepstate.cache.ExternalCache;
import io.keepstate.cache.ExternalCacheConfig;
import io.keepstate.cache.ExternalExpectations;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.InternalCacheConfig;
import io.keepstate.cache.InternalExpectations;
import io.keepstate.flow.wire.ExpectationDecoder;
import io.keepstate.flow.wire.ExpectationEncoder;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.NoTrackSession;
import io.keepstate.ftfw.SessionSignal;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.PeerEvent;
import io.keepstate.node.event.PeerEvent.Signal;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.ExpectationTable;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.port.FlowVisitor;
import io.keepstate.node.stats.CacheSnapshot;
import io.keepstate.node.stats.SyncStats;
import io.keepstate.node.takeover.PurgeTimer;
import io.keepstate.node.takeover.StateTransfer;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * State synchronisation of one node with its peer: the kernel's flows on their way out ({@link OwnFlows}), the peer's
 * on their way in ({@link PeerFlows}), expectations beside them, and the session of the configured mode between. All
 * long work is cut into slices that {@link #doWork} runs, so that events, messages and acknowledgements are never far
 * behind.
 *
 * <p>It knows nothing of elections. Not thread-safe: the sync loop owns it, a simulation steps it.
 */
public final class StateSync implements StateTransfer {
    private static final int KERNEL_BUDGET = 256;
    private static final int TRANSMIT_BUDGET = 512;
    /** Between two lines of the log about messages that were lost for good. */
    private static final long HOLE_SILENCE_NANOS = 60_000_000_000L;

    private final SyncConfiguration configuration;
    private final FlowTable table;
    private final DatagramSink peer;
    private final NodeListener listener;
    private final FlowFilter.Matcher filter;
    private final InternalCache internal;
    private final ExternalCache external;
    private final FlowDecoder decoder;
    private final ExpectationDecoder expectationDecoder = new ExpectationDecoder();
    private final SyncSession session;
    private final Outlet outlet;
    private final OwnFlows own;
    private final PeerFlows peerFlows;
    private final CommitRun commitRun;
    private final @Nullable SyncedExpectations expectations;
    private final PeerFeed peerFeed;
    private final KernelFlush flush;
    private final LimitWatch limits;
    private final SenderWatch senders = new SenderWatch();
    private final SyncCounters counters = new SyncCounters();
    private SyncObserver observer = SyncObserver.NONE;
    private long repairs;
    private boolean purging;
    private boolean bulkDue;
    private boolean severalSendersSaid;
    private long nextHoleSaid = Long.MIN_VALUE;
    private long now;

    /** A session that has not begun, without expectations. */
    public StateSync(
            SyncConfiguration configuration,
            FlowTable table,
            DatagramSink peer,
            NodeListener listener,
            int mtu,
            long wallSeconds,
            long hashSeed) {
        this(configuration, table, null, peer, listener, mtu, wallSeconds, hashSeed);
    }

    /**
     * A session that has not begun.
     *
     * @param expectationTable the kernel's expectations; null where nobody can tell of them
     * @param mtu of the link to the peer, in octets
     * @param wallSeconds the calendar's seconds: where the sequence numbers begin, as conntrackd has it
     * @param hashSeed what no attacker knows
     */
    public StateSync(
            SyncConfiguration configuration,
            FlowTable table,
            @Nullable ExpectationTable expectationTable,
            DatagramSink peer,
            NodeListener listener,
            int mtu,
            long wallSeconds,
            long hashSeed) {
        this.configuration = configuration;
        this.table = table;
        this.peer = peer;
        this.listener = listener;
        SyncMode mode = configuration.mode();
        filter = configuration.filter().matcher();
        WireOptions options =
                new WireOptions(configuration.commitTimeout().isEmpty(), configuration.tcpWindowTracking());
        FlowEncoder encoder = new FlowEncoder(configuration.emitProfile(), options);
        decoder = new FlowDecoder(configuration.emitProfile());
        int limit = configuration.flowLimit();
        internal = new InternalCache(
                InternalCacheConfig.DEFAULT.withHashLimit(limit).withHashSeed(hashSeed), encoder);
        external = new ExternalCache(
                ExternalCacheConfig.DEFAULT
                        .withHashLimit(limit)
                        .withCommitTimeoutSeconds((int) commitSeconds(0))
                        .withHashSeed(hashSeed),
                decoder);
        InternalExpectations ownExpectations = new InternalExpectations(limit, new ExpectationEncoder(options));
        NoTrackSession bypass = mode.disableInternalCache() ? Sessions.noTrack(mtu, wallSeconds) : null;
        session = bypass == null ? Sessions.of(mode, mtu, wallSeconds, hashSeed) : bypass;
        outlet = new Outlet(internal, ownExpectations, session);
        own = bypass == null
                ? new CachedOwnFlows(
                        table, filter, internal, outlet, session, configuration.netlink(), listener, counters)
                : new BypassedOwnFlows(table, filter, encoder, bypass, configuration.netlink(), listener, counters);
        commitRun = new CommitRun(table, external);
        InjectedPeerFlows injected = mode.disableExternalCache()
                ? new InjectedPeerFlows(table, decoder, commitSeconds(0), counters.injections)
                : null;
        peerFlows = injected == null
                ? new CachedPeerFlows(external, commitRun, new Question(), cacheTimeout(mode), listener, counters)
                : injected;
        expectations = expectationTable == null || !configuration.expectations().enabled()
                ? null
                : new SyncedExpectations(
                        expectationTable,
                        configuration.expectations(),
                        filter,
                        own,
                        ownExpectations,
                        new ExternalExpectations(limit, commitSeconds(0), expectationDecoder),
                        outlet,
                        injected == null ? null : injected::isIdle);
        peerFeed = new PeerFeed(peerFlows, expectations, this::onSignal);
        flush = new KernelFlush(table, filter, internal);
        limits = new LimitWatch(limit, internal, external, outlet, listener);
    }

    private long commitSeconds(long otherwise) {
        return configuration.commitTimeout().map(Duration::toSeconds).orElse(otherwise);
    }

    private static Optional<Duration> cacheTimeout(SyncMode mode) {
        return mode instanceof SyncMode.Alarm alarm ? Optional.of(alarm.cacheTimeout()) : Optional.empty();
    }

    /** Who hears what roles depend on. */
    public void observe(SyncObserver some) {
        observer = some;
        peerFeed.observe(some);
    }

    /** Subscribes to the kernel's events, reads its table, and asks the peer for its flows. */
    public void start(long nowNanos) {
        now = nowNanos;
        table.subscribe(own.events());
        own.start(failure -> {
            if (failure != null) {
                listener.on(SyncEvent.warning("the kernel's table could not be read: " + failure));
            }
            if (expectations != null) {
                expectations.start();
                announceExpectations(expectations);
            }
            observer.initialDumpDone(internal.size(), now);
        });
        requestResync("start", nowNanos);
    }

    /** Takes one datagram of the only peer there is. */
    public boolean receive(ByteBuf datagram, long nowNanos) {
        return receive(datagram, SyncSession.UNKNOWN_SENDER, 0, 0, nowNanos);
    }

    /**
     * Takes one datagram.
     *
     * @param sender tells senders apart, as {@link SyncSession#receive} has it
     * @param sourceHigh upper half of the sender's address, 0 for IPv4; shown where senders disturb each other
     * @param sourceLow lower half of the sender's address; for IPv4 the address
     * @return whether a message of it was valid and in its place in the stream
     */
    public boolean receive(ByteBuf datagram, long sender, long sourceHigh, long sourceLow, long nowNanos) {
        now = nowNanos;
        peerFeed.at(nowNanos);
        senders.note(sender, sourceHigh, sourceLow, nowNanos);
        if (senders.areSeveral() && !severalSendersSaid && configuration.mode() instanceof SyncMode.Ftfw) {
            severalSendersSaid = true;
            listener.on(new PeerEvent(
                    Signal.SEVERAL_SENDERS,
                    senders.lastTwo() + ": FTFW is for two nodes, with more they lose each other's messages;"
                            + " use NOTRACK or ALARM, or a link of their own for each pair"));
        }
        return session.receive(datagram, sender, nowNanos, outlet, peerFeed);
    }

    /** Everything that is due; the number of messages handled. */
    public int doWork(long nowNanos) {
        now = nowNanos;
        peerFeed.at(nowNanos);
        int done = table.doWork(nowNanos, KERNEL_BUDGET);
        session.onDeadline(nowNanos, peerFeed);
        if (peerFeed.takeResyncRequest()) {
            String consequence = outlet.isOpen() ? "" : "not answered, own flows wait to be purged";
            listener.on(new PeerEvent(Signal.RESYNC_REQUESTED, consequence));
            bulkDue = true;
        }
        if (isBulkReady()) {
            bulkDue = false;
            bulk();
        }
        own.doWork(nowNanos);
        flush.doWork(nowNanos);
        peerFlows.doWork(nowNanos);
        if (expectations != null) {
            if (own.repairs() != repairs) {
                repairs = own.repairs();
                expectations.repair();
            }
            expectations.doWork(nowNanos);
            cacheTimeout(configuration.mode())
                    .ifPresent(timeout -> expectations.expireBefore(nowNanos - timeout.toNanos()));
        }
        limits.doWork(nowNanos);
        return done + session.transmit(nowNanos, outlet, peer, TRANSMIT_BUDGET);
    }

    /** When {@link #doWork} must run again; a past time for at once. */
    public long nextDeadline() {
        long flows = Math.min(Math.min(own.nextDeadline(), peerFlows.nextDeadline()), flush.nextDeadline());
        long outside = Math.min(session.nextDeadline(), table.nextDeadline());
        long rest = expectations == null ? Long.MAX_VALUE : expectations.nextDeadline();
        return isBulkReady() ? now : Math.min(Math.min(flows, outside), rest);
    }

    /** Whether flows of this node are offered to the peer; not while they wait to be purged. */
    public void setOffering(boolean offering) {
        outlet.setOpen(offering);
        own.setOpen(offering);
    }

    /** Asks the peer for everything, and sweeps what it does not renew. In ALARM everything comes unasked. */
    public void requestResync(String reason, long nowNanos) {
        now = nowNanos;
        if (ask(nowNanos)) {
            listener.on(SyncEvent.info("resync requested from the peer (" + reason + ")"));
        }
    }

    private boolean ask(long nowNanos) {
        boolean possible = session.canRequestResync();
        if (possible) {
            counters.resyncRequests++;
            session.requestResync();
            peerFlows.resyncAsked(nowNanos);
        }
        return possible;
    }

    @Override
    public boolean present() {
        return true;
    }

    /**
     * Puts what is known of the peer into the kernel, expectations behind the flows; when a commit runs already, {@code
     * done} is told with its result. What goes into the kernel at once is waited for.
     */
    @Override
    public void commit(CommitDone done) {
        commitFlows((taken, refused) -> {
            if (expectations == null) {
                done.done(taken, refused);
            } else {
                expectations.commit((more, notTaken) -> done.done(taken + more, refused + notTaken));
            }
        });
    }

    /** As {@link #commit}, without expectations. */
    public void commitFlows(CommitDone done) {
        if (!peerFlows.commit(done)) {
            listener.on(SyncEvent.info("commit already in progress, joining it"));
        }
    }

    @Override
    public void stopCommit() {
        peerFlows.stopCommit();
    }

    /** Makes the internal caches what the kernel's tables are. */
    @Override
    public void resyncFromKernel(Completion done) {
        own.resyncFromKernel(failure -> {
            if (expectations != null) {
                expectations.resyncFromKernel(Completion.IGNORED);
                announceExpectations(expectations);
            }
            done.done(failure);
        });
    }

    /** ALARM repeats what it knows: what was only read must be made known to it. */
    private void announceExpectations(SyncedExpectations some) {
        if (!session.canRequestResync()) {
            some.bulk();
        }
    }

    /** Empties the external caches; a commit that reads them ends early. */
    @Override
    public void flushExternal() {
        peerFlows.flush();
        if (expectations != null) {
            expectations.flushExternal();
        }
    }

    /** Empties the internal caches; the peer is not told, the kernel's tables stay. */
    public void flushInternal() {
        own.flush();
        forgetExpectations();
    }

    /** Whether the peer's flows are on their way into the kernel because somebody asked. */
    public boolean isCommitting() {
        return peerFlows.isCommitting();
    }

    /** Sends everything to the peer, unless this node's flows wait to be purged. */
    @Override
    public void bulk() {
        own.bulk();
        if (expectations != null) {
            expectations.bulk();
        }
    }

    /** Deletes the kernel's flows that pass the filter; the caches follow, the peer is not told. */
    public void flushKernel(PurgeTimer.Purge.Done done) {
        forgetExpectations();
        flush.request(done);
    }

    /** Expectations end with their masters, in events of the kernel's own: not known any more, they are not told. */
    private void forgetExpectations() {
        if (expectations != null) {
            expectations.flushInternal();
        }
    }

    /**
     * Deletes the kernel's flows that pass the filter, and empties the internal cache. With {@code
     * DisableExternalCache} the peer's flows went, too, so they are asked for again.
     */
    public void purge(PurgeTimer.Purge.Done done) {
        purging = true;
        forgetExpectations();
        flush.request((deleted, failure) -> {
            // One that was stopped has left flows behind, and a takeover is reading them.
            if (purging) {
                purging = false;
                own.flush();
                if (peerFlows.onKernelPurged()) {
                    requestResync("the purge took its flows, too", now);
                }
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

    /** One slice over the flows of our kernel; nothing where they are not kept, see {@link #dumpKernel}. */
    public int forEachInternal(Cursor cursor, int budget, EntryVisitor visitor) {
        return internal.forEachEntry(cursor, budget, visitor);
    }

    /** One slice over the flows of the peer; nothing where they are not kept. */
    public int forEachExternal(Cursor cursor, int budget, EntryVisitor visitor) {
        return external.forEachEntry(cursor, budget, visitor);
    }

    /**
     * Reads the kernel's flows that pass the filter: what {@code -i} shows without an internal cache.
     *
     * @return false while another dump runs; nothing happens then
     */
    public boolean dumpKernel(FlowVisitor visitor, Completion done) {
        return table.dump(
                flow -> {
                    if (filter.accepts(flow)) {
                        visitor.visit(flow);
                    }
                },
                done);
    }

    /** The mode and its settings. */
    public SyncMode mode() {
        return configuration.mode();
    }

    /** Expectations, if they take part. */
    public Optional<SyncedExpectations> expectations() {
        return Optional.ofNullable(expectations);
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
        Map<String, Long> refusals = new TreeMap<>(commitRun.refusals());
        if (peerFlows instanceof InjectedPeerFlows injected) {
            refusals.putAll(injected.refusals());
        }
        SyncMode mode = configuration.mode();
        return new SyncStats(
                CacheSnapshot.of(internal.size(), internal.pinned(), internal.stats()),
                CacheSnapshot.of(external.size(), 0, external.stats()),
                internal.processedPackets(),
                internal.processedBytes(),
                session.stats(),
                counters.kernel(flush.completed()),
                SyncCounters.applied(peerFeed),
                SyncCounters.refusedPayloads(decoder, expectationDecoder),
                commitRun.totalCommitted(),
                refusals,
                SyncCounters.unprotected(internal, outlet),
                SyncCounters.incomplete(internal),
                expectations()
                        .map(some -> new SyncStats.ExpectationStats(
                                some.internalStats(),
                                some.externalStats(),
                                some.committed(),
                                some.refusals(),
                                some.unprotected())),
                mode.disableInternalCache() ? Optional.of(counters.bypass()) : Optional.empty(),
                mode.disableExternalCache() ? Optional.of(counters.injection()) : Optional.empty(),
                counters.expiredExternal,
                internal.pinnedGivenUp(),
                senders.turns());
    }

    /** A bulk of a table that was not read to its end would leave out what nothing sends later. */
    private boolean isBulkReady() {
        return bulkDue && own.isReady();
    }

    private void onSignal(SessionSignal signal) {
        switch (signal) {
            case PEER_HELLO -> {
                requestResync("the peer is there", now);
                bulkDue = true;
            }
            case PEER_HEARD -> {
                onConnected();
                requestResync("the peer is there", now);
            }
            case PEER_RESTARTED -> {
                listener.on(new PeerEvent(Signal.RESTARTED, ""));
                requestResync("the peer restarted", now);
                bulkDue = true;
            }
            case HELLO_BACK_RECEIVED -> onConnected();
            case GAP_UNSERVED -> onHole();
            case OTHER_MODE ->
                listener.on(SyncEvent.warning(
                        "the peer runs another Mode than this node: give both the same in" + " conntrackd.conf"));
            case PEER_SILENT -> listener.on(new PeerEvent(Signal.SILENT, ""));
            case PEER_BACK -> listener.on(new PeerEvent(Signal.BACK, ""));
        }
    }

    /**
     * On a lossy link without acknowledgements this goes on all the time: counters tell how often, the log now and
     * then.
     */
    private void onHole() {
        if (now >= nextHoleSaid) {
            nextHoleSaid = now + HOLE_SILENCE_NANOS;
            listener.on(new PeerEvent(Signal.GAP_UNSERVED, "asking for everything"));
            requestResync("lost messages", now);
        } else {
            ask(now);
        }
    }

    private void onConnected() {
        listener.on(new PeerEvent(Signal.CONNECTED, ""));
        observer.peerAnswered(true);
        // A conntrackd that was there before us asks for nothing, and misses what came while we were away.
        bulkDue = true;
    }

    /** Where the request for a resync stands. */
    private final class Question implements ExternalSweep.Question {
        @Override
        public boolean heard() {
            return session.isResyncHeard();
        }

        @Override
        public void ask() {
            session.requestResync();
        }

        @Override
        public int untilBelieved() {
            return session.resyncsUntilBelieved();
        }
    }
}
