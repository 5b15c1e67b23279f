// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.cache.ExpectationEntry;
import io.keepstate.cache.ExternalExpectations;
import io.keepstate.cache.Handle;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.InternalExpectations;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationKey;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.config.ExpectationSync;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.ExpectationEvents;
import io.keepstate.node.port.ExpectationResult;
import io.keepstate.node.port.ExpectationTable;
import io.keepstate.node.stats.CacheSnapshot;
import io.keepstate.node.stats.SyncStats;
import io.keepstate.node.takeover.StateTransfer.CommitDone;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code ExpectationSync}: the connections that helpers wait for, in two small caches beside those of the flows. An
 * expectation takes part if its helper does and its master is a flow that takes part. It is committed behind the flows:
 * the kernel takes none without its master.
 *
 * <p>The kernel tells no zone of an expectation, and the wire carries none: one is sent only if its master is in zone
 * 0, or nothing ever was in another. The rest is counted, and stays at home.
 *
 * <p>They are few: everything here is done at once. Belongs to the sync loop.
 */
public final class SyncedExpectations implements ExpectationEvents {
    private final ExpectationTable table;
    private final ExpectationSync which;
    private final MasterFlows unknownMasters;
    private final OwnFlows flows;
    private final InternalExpectations internal;
    private final ExternalExpectations external;
    private final Outlet outlet;
    private final AdjustedMasters masters;
    /** After which one that is not announced again is dropped; only in ALARM. */
    private final Optional<Duration> cacheTimeout;
    /** Whether what comes from the peer goes to the kernel at once, when its masters are there; null: at a commit. */
    private final @Nullable BooleanSupplier mastersAreThere;

    private final ExternalSweep sweep;
    private final Map<String, Long> refusals = new TreeMap<>();
    /** Those of masters in another zone than 0, or nobody knows in which. */
    private final Set<ExpectationKey> inOtherZones = new HashSet<>();

    private boolean injectionDue;
    private long repairs;
    private long filtered;
    private long committed;
    private long now;

    SyncedExpectations(
            ExpectationTable table,
            ExpectationSync which,
            MasterFlows unknownMasters,
            OwnFlows flows,
            AdjustedMasters masters,
            Caches caches,
            Outlet outlet,
            SyncSession session,
            Optional<Duration> cacheTimeout,
            @Nullable BooleanSupplier mastersAreThere) {
        this.table = table;
        this.which = which;
        this.unknownMasters = unknownMasters;
        this.flows = flows;
        this.masters = masters;
        this.internal = caches.ownExpectations();
        this.external = caches.peerExpectations();
        this.outlet = outlet;
        this.sweep = new ExternalSweep(new ExpectationCopies(external), session);
        this.cacheTimeout = cacheTimeout;
        this.mastersAreThere = mastersAreThere;
    }

    @Override
    public void created(Expectation expectation, long nowNanos) {
        if (takesPart(expectation)) {
            outlet.offer(internal.onNew(expectation, nowNanos));
            masters.announced(new FlowKey(expectation.master(), 0), nowNanos);
        }
    }

    @Override
    public void updated(Expectation expectation, long nowNanos) {
        if (takesPart(expectation)) {
            outlet.offer(internal.onUpdate(expectation, nowNanos));
        }
    }

    @Override
    public void destroyed(Expectation expectation, long nowNanos) {
        if (!inOtherZones.remove(expectation.key())) {
            outlet.offer(internal.onDestroy(expectation));
        }
    }

    private boolean takesPart(Expectation expectation) {
        int zone = expectation.has(ExpectationAttribute.ZONE) ? expectation.zone() : flows.zoneOf(expectation.master());
        boolean part =
                which.accepts(expectation.helper()) && (zone >= 0 || unknownMasters.takesPart(expectation.master()));
        if (!part) {
            filtered++;
            return false;
        }
        // What was sent stays so: another zone that comes into use later says nothing about it.
        boolean sendable = zone == 0
                || zone == InternalCache.NO_FLOW
                || (zone == InternalCache.SEVERAL_ZONES && internal.get(expectation.key()) != null);
        if (sendable) {
            inOtherZones.remove(expectation.key());
        } else {
            inOtherZones.add(expectation.key());
        }
        return sendable;
    }

    void start() {
        table.subscribe(this);
        resyncFromKernel(Completion.IGNORED);
    }

    /** Makes the internal cache what the kernel has; the peer is told what is gone. */
    public void resyncFromKernel(Completion done) {
        read(false, done);
    }

    private void read(boolean tellsNew, Completion done) {
        internal.mark();
        inOtherZones.clear();
        table.dump(
                expectation -> {
                    if (takesPart(expectation)) {
                        boolean known = internal.get(expectation.key()) != null;
                        long handle = internal.onUpdate(expectation, now);
                        outlet.offer(tellsNew && !known ? handle : Handle.NONE);
                    }
                },
                failure -> {
                    if (failure == null) {
                        internal.expireNotRenewed().forEach(outlet::offer);
                    }
                    done.done(failure);
                });
    }

    void bulk() {
        if (outlet.isOpen()) {
            internal.handles().forEach(outlet::offerBulk);
        }
    }

    Applied onMessage(int type, ByteBuf payload, long nowNanos) {
        Applied applied = external.onMessage(type, payload, nowNanos);
        if (mastersAreThere != null && applied != Applied.MALFORMED) {
            if (type == MessageType.EXPECTATION_DESTROY) {
                endInKernel(external.lastDestroyed());
            } else {
                injectionDue = true;
            }
        }
        return applied;
    }

    /** One that is not there counts as deleted: it may have waited for its master still. */
    private void endInKernel(@Nullable Expectation expectation) {
        if (expectation != null) {
            table.delete(List.of(expectation), Completion.IGNORED);
        }
    }

    /** Everything was asked for: what the peer does not renew from now on it has no more. */
    void resyncAsked(long nowNanos) {
        sweep.begin(nowNanos);
    }

    /** What is due; the number of expectations removed when a sweep ended with it, else null. */
    @Nullable
    Integer doWork(long nowNanos) {
        now = nowNanos;
        masters.doWork(nowNanos);
        if (flows.repairs() != repairs) {
            // Events did not tell everything, or there are none: so neither of expectations.
            repairs = flows.repairs();
            read(true, Completion.IGNORED);
        }
        BooleanSupplier there = mastersAreThere;
        if (there != null && injectionDue && there.getAsBoolean()) {
            injectionDue = false;
            commit((taken, refused) -> {});
            external.flush(); // nothing is kept in this mode
        }
        if (cacheTimeout.isPresent()) {
            external.expireBefore(nowNanos - cacheTimeout.get().toNanos());
        }
        return sweep.doWork(nowNanos);
    }

    long nextDeadline() {
        BooleanSupplier there = mastersAreThere;
        boolean due = there != null && injectionDue && there.getAsBoolean();
        return due ? now : Math.min(masters.nextDeadline(), sweep.nextDeadline());
    }

    /** Puts the external cache into the kernel; the masters must be there. Done when the call returns. */
    public void commit(CommitDone done) {
        List<Expectation> all = external.toCommit(now);
        int[] result = new int[2];
        for (int from = 0; from < all.size(); from += ExpectationTable.BATCH) {
            List<Expectation> batch = all.subList(from, Math.min(all.size(), from + ExpectationTable.BATCH));
            table.commit(new ArrayList<>(batch), new ExpectationResult() {
                @Override
                public void refused(Expectation expectation, String reason) {
                    refusals.merge(reason, 1L, Long::sum);
                }

                @Override
                public void done(int taken, int refused) {
                    result[0] += taken;
                    result[1] += refused;
                }
            });
        }
        committed += result[0];
        done.done(result[0], result[1]);
    }

    /** Empties the internal cache; the peer is not told, the kernel keeps what it has. */
    public void flushInternal() {
        internal.flush();
        inOtherZones.clear();
    }

    /** Empties the external cache. */
    public void flushExternal() {
        external.flush();
        sweep.cancel();
    }

    /** Deletes all expectations of the kernel; the internal cache follows. */
    public void flushKernel(Completion done) {
        flushInternal();
        table.flush(done);
    }

    /** Visits those of our kernel. */
    public void forEachInternal(Consumer<ExpectationEntry> visitor) {
        internal.forEachEntry(visitor);
    }

    /** Visits those of the peer. */
    public void forEachExternal(Consumer<ExpectationEntry> visitor) {
        external.forEachEntry(visitor);
    }

    /** Both caches in numbers. */
    public SyncStats.ExpectationStats stats() {
        return new SyncStats.ExpectationStats(
                CacheSnapshot.of(internal.size(), internal.pinned(), internal.stats()),
                CacheSnapshot.of(external.size(), 0, external.stats()),
                committed,
                refusals,
                unprotected(),
                new SyncStats.ExpectationEvents(filtered, masters.read(), masters.notRead()));
    }

    /** Those of our kernel that the wire cannot carry, whole or in part, by reason. */
    private Map<String, Long> unprotected() {
        Map<String, Long> counts = new TreeMap<>();
        internal.unprotected().forEach((reason, count) -> counts.put(SyncCounters.name(reason), (long) count));
        if (!inOtherZones.isEmpty()) {
            counts.merge(SyncCounters.name(Unprotected.EXPECTATION_ZONE), (long) inOtherZones.size(), Long::sum);
        }
        return counts;
    }
}
