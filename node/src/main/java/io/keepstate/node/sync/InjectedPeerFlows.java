// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.takeover.StateTransfer.CommitDone;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The peer's flows straight into our kernel ({@code DisableExternalCache}), in the order of its messages. A flow gets
 * the lifetime a commit would give it: {@code CommitTimeout}; without it what the peer told; else what its protocol has
 * in its state. The kernel takes none without, and conntrackd fails there (EINVAL for every flow when the peer has a
 * {@code CommitTimeout} and an external cache). {@code CommitTimeout} comes first because nothing renews a lifetime
 * here: the packets pass the peer, whose kernel tells no event of them, and a quiet translated UDP flow would be gone
 * after the 30 s it had when it began.
 *
 * <p>A peer may tell its whole table faster than the kernel takes it: what waits is kept, as much as a cache would hold, so
 * that a table of {@code HashLimit} flows fits. Beyond that messages are lost, counted, and made up for by asking for
 * everything as soon as nothing waits any more. An end that was lost so stays lost: that flow ends with its lifetime.
 *
 * <p>A commit has nothing to do but to wait for what is under way; a flush has nothing to empty. While flows of this node wait
 * to be purged, those that the peer tells are remembered: they have no other place, and a peer that died meanwhile could not
 * bring them back.
 */
final class InjectedPeerFlows implements PeerFlows {
    /** Least time between two questions for what found no room. */
    private static final long REFILL_NANOS = 10_000_000_000L;

    private final FlowDecoder decoder;
    private final long commitTimeoutSeconds;
    private final int limit;
    private final KernelInjection.Counts counts;
    private final FlowBuilder builder = new FlowBuilder();
    private final InjectionBacklog backlog;
    private final KernelInjection injection;
    private final List<CommitDone> waiting = new ArrayList<>();
    private boolean used;
    private boolean lost;
    private long refillAt = Long.MIN_VALUE;
    /** What the peer told while flows wait to be purged; null while none do. */
    private @Nullable Set<FlowKey> told;

    private boolean notAllRemembered;
    private boolean askedSince;
    private long now;

    /** @param limit of messages that wait, and of flows that are remembered */
    InjectedPeerFlows(
            FlowTable table, FlowDecoder decoder, long commitTimeoutSeconds, int limit, KernelInjection.Counts counts) {
        this.limit = limit;
        this.decoder = decoder;
        this.commitTimeoutSeconds = commitTimeoutSeconds;
        this.counts = counts;
        this.backlog = new InjectionBacklog(limit);
        this.injection = new KernelInjection(table, counts, this::tellIfIdle);
    }

    @Override
    public Applied onMessage(int type, ByteBuf payload, long nowNanos) {
        if (!MessageType.isFlow(type)) {
            return Applied.UNKNOWN_TYPE;
        }
        if (decoder.decode(payload, builder) != null) {
            return Applied.MALFORMED;
        }
        used = true;
        remember(type);
        if (backlog.isEmpty() && injection.hasRoom()) {
            inject(type, nowNanos);
        } else if (!backlog.add(type, payload)) {
            countLost(type);
            return Applied.FULL;
        }
        return switch (type) {
            case MessageType.FLOW_NEW -> Applied.ADDED;
            case MessageType.FLOW_UPDATE -> Applied.UPDATED;
            default -> Applied.REMOVED;
        };
    }

    /** The flow in the builder. */
    private void inject(int type, long nowNanos) {
        if (type == MessageType.FLOW_DESTROY) {
            injection.end(builder.build().key());
        } else {
            injection.write(withLifetime(), type == MessageType.FLOW_NEW, nowNanos);
        }
    }

    private Flow withLifetime() {
        if (commitTimeoutSeconds > 0) {
            return builder.timeoutSeconds(commitTimeoutSeconds).build();
        }
        boolean isTold = builder.has(Attribute.TIMEOUT) && builder.get(Attribute.TIMEOUT) > 0;
        return isTold ? builder.build() : builder.clear(Attribute.TIMEOUT).build();
    }

    private void countLost(int type) {
        lost = true;
        counts.lost++;
        switch (type) {
            case MessageType.FLOW_NEW -> counts.createFailed++;
            case MessageType.FLOW_UPDATE -> counts.updateFailed++;
            default -> counts.destroyFailed++;
        }
    }

    private void drain(long nowNanos) {
        while (!backlog.isEmpty() && injection.hasRoom()) {
            int type = backlog.type();
            if (decoder.decode(backlog.remove(), builder) == null) { // as it was when it came
                inject(type, nowNanos);
            }
        }
    }

    @Override
    public boolean areInKernel() {
        return injection.isIdle() && backlog.isEmpty();
    }

    /** None was: what is put there at once is counted as that. */
    @Override
    public long committed() {
        return 0;
    }

    @Override
    public Map<String, Long> refusals() {
        return injection.refusals();
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public boolean isEverythingWanted(long nowNanos) {
        boolean wanted = lost && areInKernel() && nowNanos >= refillAt;
        if (wanted) {
            lost = false;
            refillAt = nowNanos + REFILL_NANOS;
        }
        return wanted;
    }

    @Override
    public void resyncAsked(long nowNanos) {
        // Nothing is kept that could be compared: what the peer has no more ends with its lifetime, or at a purge.
        askedSince = told != null;
    }

    @Override
    public boolean commit(CommitDone done) {
        waiting.add(done);
        injection.send();
        tellIfIdle();
        return true;
    }

    @Override
    public boolean isCommitting() {
        return !waiting.isEmpty();
    }

    @Override
    public void stopCommit() {
        tell();
    }

    private void tellIfIdle() {
        if (areInKernel()) {
            tell();
        }
    }

    private void tell() {
        List<CommitDone> answered = List.copyOf(waiting);
        waiting.clear();
        answered.forEach(done -> done.done(0, 0));
    }

    @Override
    public void flush() {
        // nothing is kept
    }

    @Override
    public void purgeAwaited(boolean awaited) {
        if (!awaited) {
            told = null;
            notAllRemembered = false;
            askedSince = false;
        } else if (told == null) {
            told = new HashSet<>();
        }
    }

    /** A flow whose message finds no room is remembered, too: an older copy of it may be our own. */
    private void remember(int type) {
        if (told == null) {
            return;
        }
        FlowKey key = builder.build().key();
        if (type == MessageType.FLOW_DESTROY) {
            told.remove(key);
        } else if (!told.contains(key)) {
            notAllRemembered |= told.size() >= limit || !told.add(key);
        }
    }

    @Override
    public boolean isKernelsOnly(FlowKey key) {
        return told != null && told.contains(key);
    }

    @Override
    public boolean onKernelPurged() {
        return used && (!askedSince || notAllRemembered);
    }

    @Override
    public void doWork(long nowNanos) {
        now = nowNanos;
        drain(nowNanos);
        injection.doWork(nowNanos);
    }

    @Override
    public long nextDeadline() {
        if (!backlog.isEmpty()) {
            return injection.hasRoom() ? now : Long.MAX_VALUE; // else the kernel's answers come first
        }
        long own = injection.nextDeadline();
        return lost && areInKernel() ? Math.min(own, refillAt) : own;
    }
}
