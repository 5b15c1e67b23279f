// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.cache.Cursor;
import io.keepstate.cache.ExternalCache;
import io.keepstate.flow.FlowKey;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.takeover.StateTransfer.CommitDone;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The peer's flows in an external cache: committed when somebody takes over, swept after a resync, or dropped by age.
 */
final class CachedPeerFlows implements PeerFlows {
    /** Entries looked at in one slice of the walk for old ones. */
    private static final int EXPIRY_SLICE = 4096;

    private static final long EXPIRY_INTERVAL_NANOS = 500_000_000L;
    /** Least time between two questions for what found no room. */
    private static final long REFILL_NANOS = 10_000_000_000L;
    /** The same after some that left flows without room: each has the peer tell its whole table. */
    private static final long LONGEST_REFILL_NANOS = 60_000_000_000L;

    private final ExternalCache external;
    private final CommitRun commit;
    private final ExternalSweep sweep;
    private final Optional<Duration> cacheTimeout;
    private final NodeListener listener;
    private final SyncCounters counters;
    private Cursor expiry = new Cursor();
    private long expiryAt = Long.MIN_VALUE;
    private long refillAt = Long.MIN_VALUE;
    private long refillPause = REFILL_NANOS;

    /**
     * @param cacheTimeout after which an entry that is not announced again is dropped; absent in modes that announce
     *     once
     */
    CachedPeerFlows(
            FlowTable table,
            ExternalCache external,
            SyncSession session,
            Optional<Duration> cacheTimeout,
            NodeListener listener,
            SyncCounters counters) {
        this.external = external;
        this.commit = new CommitRun(table, external);
        this.sweep = new ExternalSweep(new FlowCopies(external), session);
        this.cacheTimeout = cacheTimeout;
        this.listener = listener;
        this.counters = counters;
    }

    @Override
    public Applied onMessage(int type, ByteBuf payload, long nowNanos) {
        return external.onMessage(type, payload, nowNanos);
    }

    @Override
    public int size() {
        return external.size();
    }

    @Override
    public long committed() {
        return commit.totalCommitted();
    }

    @Override
    public Map<String, Long> refusals() {
        return commit.refusals();
    }

    @Override
    public boolean areInKernel() {
        return false;
    }

    @Override
    public boolean isEverythingWanted(long nowNanos) {
        boolean wanted = external.isRefillDue() && nowNanos >= refillAt;
        if (wanted) {
            refillAt = nowNanos + refillPause;
            refillPause = Math.min(2 * refillPause, LONGEST_REFILL_NANOS);
        } else if (external.refusedFlows() == 0) {
            refillPause = REFILL_NANOS;
        }
        return wanted;
    }

    @Override
    public void resyncAsked(long nowNanos) {
        sweep.begin(nowNanos);
    }

    @Override
    public boolean commit(CommitDone done) {
        return commit.start(done);
    }

    @Override
    public boolean isCommitting() {
        return commit.isRunning();
    }

    @Override
    public void stopCommit() {
        commit.stop();
    }

    @Override
    public void flush() {
        external.flush();
        sweep.cancel();
    }

    @Override
    public void purgeAwaited(boolean awaited) {
        // what the peer tells is kept beside the kernel
    }

    @Override
    public boolean isKernelsOnly(FlowKey key) {
        return false;
    }

    @Override
    public boolean onKernelPurged() {
        return false;
    }

    @Override
    public void doWork(long nowNanos) {
        commit.doWork(nowNanos);
        Integer swept = sweep.doWork(nowNanos);
        if (swept != null) {
            counters.sweptExternal += swept;
            listener.on(SyncEvent.info("resync complete: " + swept + " flows removed that the peer has no more, "
                    + external.size() + " left"));
        }
        if (cacheTimeout.isPresent() && nowNanos >= expiryAt) {
            expire(cacheTimeout.get(), nowNanos);
        }
    }

    private void expire(Duration timeout, long nowNanos) {
        counters.expiredExternal += external.expireBefore(nowNanos - timeout.toNanos(), expiry, EXPIRY_SLICE);
        if (expiry.isDone()) {
            expiry = new Cursor();
            expiryAt = nowNanos + EXPIRY_INTERVAL_NANOS;
        }
    }

    @Override
    public long nextDeadline() {
        long own = Math.min(commit.nextDeadline(), sweep.nextDeadline());
        own = external.isRefillDue() ? Math.min(own, refillAt) : own;
        return cacheTimeout.isPresent() && external.size() > 0 ? Math.min(own, expiryAt) : own;
    }
}
