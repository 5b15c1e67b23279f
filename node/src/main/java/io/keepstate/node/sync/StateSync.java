// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryVisitor;
import io.keepstate.cache.EventsDuringDump;
import io.keepstate.cache.ExternalCache;
import io.keepstate.cache.InternalCache;
import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.NoTrackSession;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.ftfw.UnacknowledgedMessage;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.event.NodeListener;
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
import java.util.List;
import java.util.Optional;
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
    private static final long PEER_PATIENCE_NANOS = 2_000_000_000L;

    private final SyncConfiguration configuration;
    private final FlowTable table;
    private final DatagramSink peer;
    private final NodeListener listener;
    private final FlowFilter.Matcher filter;
    private final SyncCounters counters = new SyncCounters();
    private final Caches caches;
    private final SyncSession session;
    private final Outlet outlet;
    private final OwnFlows own;
    private final PeerFlows peerFlows;
    private final @Nullable SyncedExpectations expectations;
    private final PeerFeed peerFeed;
    private final Resync resync;
    private final KernelFlush flush;
    private final KernelPurge purge;
    private final KernelListings listings;
    private final LimitWatch limits;
    private final SenderWatch senders;
    private SyncObserver observer = SyncObserver.NONE;
    /** A commit put flows into the kernel whose events are not heard, being our own. */
    private boolean behindCommit;

    private boolean heard;
    private long heardAt;
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
        caches = Caches.empty(configuration, hashSeed);
        session = Sessions.of(mode, mtu, wallSeconds, hashSeed);
        outlet = new Outlet(caches, session);
        own = ownFlows(new EventsDuringDump(hashSeed));
        peerFlows = mode.disableExternalCache()
                ? new InjectedPeerFlows(
                        table,
                        caches.flowDecoder(),
                        configuration.commitSeconds(),
                        configuration.flowLimit(),
                        counters.injections)
                : new CachedPeerFlows(table, caches.external(), session, mode.expiry(), listener, counters);
        expectations = expectationTable == null || !configuration.expectations().enabled()
                ? null
                : new SyncedExpectations(
                        expectationTable,
                        configuration.expectations(),
                        new MasterFlows(table, filter, own),
                        own,
                        new AdjustedMasters(table, own),
                        caches,
                        outlet,
                        session,
                        mode.expiry(),
                        mode.disableExternalCache() ? peerFlows::areInKernel : null);
        resync = new Resync(session, peerFlows, expectations, configuration, listener, counters);
        peerFeed = new PeerFeed(peerFlows, expectations, resync::onSignal);
        flush = new KernelFlush(table, filter, caches.internal());
        purge = new KernelPurge(flush, own, peerFlows, resync);
        listings = new KernelListings(table, filter);
        limits = new LimitWatch(configuration.flowLimit(), caches, outlet, counters.injections, listener);
        senders = new SenderWatch(mode, listener);
    }

    private OwnFlows ownFlows(EventsDuringDump duringDump) {
        NetlinkSettings netlink = configuration.netlink();
        return mode().disableInternalCache() && session instanceof NoTrackSession bypass
                ? new BypassedOwnFlows(
                        table, filter, duringDump, caches.flowEncoder(), bypass, netlink, listener, counters)
                : new CachedOwnFlows(
                        table, filter, caches.internal(), duringDump, outlet, session, netlink, listener, counters);
    }

    /** Who hears what roles depend on. */
    public void observe(SyncObserver some) {
        observer = some;
        peerFeed.observe(some);
        resync.observe(some);
    }

    /** Subscribes to the kernel's events, reads its table, and asks the peer for its flows unless told not to. */
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
            observer.initialDumpDone(internalSize(), now);
        });
        resync.requestAtStart("start", nowNanos);
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
        boolean valid = session.receive(datagram, sender, nowNanos, outlet, peerFeed);
        if (valid) {
            heardAt = nowNanos;
            heard = true;
            resync.onHeard();
        }
        return valid;
    }

    /**
     * The sender is another process than before, as the port it sends from tells.
     *
     * @param sender as in {@link #receive(ByteBuf, long, long, long, long)}
     */
    public void senderRestarted(long sender) {
        session.senderRestarted(sender);
    }

    /** A link failed: what it swallowed nobody knows. */
    public void linkChanged() {
        resync.linkChanged(now);
    }

    /** Everything that is due; the number of messages handled. */
    public int doWork(long nowNanos) {
        now = nowNanos;
        peerFeed.at(nowNanos);
        int done = table.doWork(nowNanos, KERNEL_BUDGET);
        session.onDeadline(nowNanos, peerFeed);
        if (peerFeed.takeResyncRequest()) {
            resync.onRequest(outlet.isOpen(), nowNanos);
        }
        resync.doWork(nowNanos);
        if (isBulkReady()) {
            resync.bulkBegins();
            bulk();
        }
        own.doWork(nowNanos);
        purge.doWork(nowNanos);
        listings.doWork(nowNanos);
        peerFlows.doWork(nowNanos);
        if (peerFlows.isEverythingWanted(nowNanos)) {
            resync.request("room again for its flows", nowNanos);
        }
        if (expectations != null) {
            Integer swept = expectations.doWork(nowNanos);
            if (swept != null) {
                listener.on(SyncEvent.info(
                        "resync complete: " + swept + " expectations removed that the peer has no more"));
            }
        }
        limits.doWork(nowNanos);
        return done + session.transmit(nowNanos, outlet, peer, TRANSMIT_BUDGET);
    }

    /** When {@link #doWork} must run again; a past time for at once. */
    public long nextDeadline() {
        long flows = Math.min(Math.min(own.nextDeadline(), peerFlows.nextDeadline()), flush.nextDeadline());
        long outside = Math.min(Math.min(session.nextDeadline(), table.nextDeadline()), listings.nextDeadline());
        long rest =
                Math.min(resync.nextDeadline(), expectations == null ? Long.MAX_VALUE : expectations.nextDeadline());
        return isBulkReady() ? now : Math.min(Math.min(flows, outside), rest);
    }

    /**
     * Whether flows of this node are offered to the peer; not while they wait to be purged. In ALARM they are not repeated
     * meanwhile either, and all announced afterwards.
     */
    public void setOffering(boolean offering) {
        boolean again = offering && !outlet.isOpen();
        outlet.setOpen(offering);
        own.setOpen(offering);
        peerFlows.purgeAwaited(!offering);
        if (again && !session.canRequestResync()) {
            tellEverything();
        }
    }

    /** Asks the peer for everything, and sweeps what it does not renew. In ALARM everything comes unasked. */
    public void requestResync(String reason, long nowNanos) {
        now = nowNanos;
        resync.request(reason, nowNanos);
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
        CommitDone counted = (taken, refused) -> {
            behindCommit |= taken > 0;
            done.done(taken, refused);
        };
        if (!peerFlows.commit(counted)) {
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
        behindCommit = false;
        own.resyncFromKernel(failure -> {
            if (expectations != null) {
                expectations.resyncFromKernel(Completion.IGNORED);
                announceExpectations(expectations);
            }
            done.done(failure);
        });
    }

    /**
     * Whether the internal cache lacks what a commit put into the kernel; {@link #resyncFromKernel} brings it. A takeover
     * does so by itself.
     */
    public boolean isBehindCommit() {
        return behindCommit;
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
        flushExternalFlows();
        if (expectations != null) {
            expectations.flushExternal();
        }
    }

    /** As {@link #flushExternal}, without expectations. */
    public void flushExternalFlows() {
        peerFlows.flush();
    }

    /** Empties the internal caches; the peer is not told, the kernel's tables stay. */
    public void flushInternal() {
        flushInternalFlows();
        forgetExpectations();
    }

    /** As {@link #flushInternal}, without expectations. */
    public void flushInternalFlows() {
        behindCommit = false;
        own.flush();
    }

    /** Whether the peer's flows are on their way into the kernel because somebody asked. */
    public boolean isCommitting() {
        return peerFlows.isCommitting();
    }

    /**
     * Sends everything to the peer, unless this node's flows wait to be purged: what was committed, too, as soon as it is
     * read from the kernel.
     */
    @Override
    public void bulk() {
        if (behindCommit) {
            resyncFromKernel(failure -> tellEverything());
        } else {
            tellEverything();
        }
    }

    private void tellEverything() {
        own.bulk();
        if (expectations != null) {
            expectations.bulk();
        }
    }

    /** Deletes the kernel's flows that pass the filter; the caches follow, the peer is not told. */
    public void flushKernel(PurgeTimer.Purge.Done done) {
        forgetExpectations();
        flush.request(key -> false, done);
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
        forgetExpectations();
        purge.start(done, now);
    }

    /**
     * Whether a purge takes nothing that this node may need in a moment. With {@code DisableExternalCache} nothing but the
     * kernel has the peer's flows, and a peer that is not heard could not tell those again that it has not told yet.
     */
    public boolean isPurgeSafe(long nowNanos) {
        boolean saysSomethingEachSecond = session.canRequestResync();
        return !mode().disableExternalCache()
                || !saysSomethingEachSecond
                || (heard && nowNanos - heardAt < PEER_PATIENCE_NANOS);
    }

    /** Ends a purge that has begun; what is still in the kernel stays. */
    public void stopPurge() {
        purge.stop();
    }

    /** One slice over the flows of our kernel; nothing where they are not kept, see {@link #dumpKernel}. */
    public int forEachInternal(Cursor cursor, int budget, EntryVisitor visitor) {
        return caches.internal().forEachEntry(cursor, budget, visitor);
    }

    /** One slice over the flows of the peer; nothing where they are not kept. */
    public int forEachExternal(Cursor cursor, int budget, EntryVisitor visitor) {
        return caches.external().forEachEntry(cursor, budget, visitor);
    }

    /** Reads the kernel's flows that pass the filter, as soon as the table is not being read for something else. */
    public void dumpKernel(FlowVisitor visitor, Completion done) {
        listings.request(visitor, done);
    }

    /** The mode and its settings. */
    public SyncMode mode() {
        return configuration.mode();
    }

    /** Expectations, if they take part. */
    public Optional<SyncedExpectations> expectations() {
        return Optional.ofNullable(expectations);
    }

    /** What was sent and is kept until the peer acknowledges it, oldest first. */
    public List<UnacknowledgedMessage> unacknowledged() {
        return session.unacknowledged();
    }

    /** Entries of the internal cache. */
    public int internalSize() {
        return caches.internal().size();
    }

    /** Entries of the external cache. */
    public int externalSize() {
        return caches.external().size();
    }

    /** A snapshot of all counters. */
    public SyncStats stats() {
        InternalCache internal = caches.internal();
        ExternalCache external = caches.external();
        SyncMode mode = configuration.mode();
        return new SyncStats(
                CacheSnapshot.of(internal.size(), internal.pinned(), internal.stats()),
                CacheSnapshot.of(external.size(), 0, external.stats()),
                internal.processedPackets(),
                internal.processedBytes(),
                session.stats(),
                counters.kernel(flush.completed()),
                SyncCounters.applied(peerFeed),
                caches.refusedPayloads(),
                peerFlows.committed(),
                peerFlows.refusals(),
                SyncCounters.unprotected(internal, outlet),
                SyncCounters.incomplete(internal),
                expectations().map(SyncedExpectations::stats),
                mode.disableInternalCache() ? Optional.of(counters.bypass()) : Optional.empty(),
                mode.disableExternalCache() ? Optional.of(counters.injection()) : Optional.empty(),
                counters.expiredExternal,
                internal.pinnedGivenUp(),
                senders.turns());
    }

    /** A bulk of a table that was not read to its end would leave out what nothing sends later. */
    private boolean isBulkReady() {
        return resync.isBulkDue() && own.isReady();
    }
}
