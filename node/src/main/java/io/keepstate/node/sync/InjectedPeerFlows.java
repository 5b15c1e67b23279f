// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.FlowTable;
import io.keepstate.node.takeover.StateTransfer.CommitDone;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The peer's flows straight into our kernel ({@code DisableExternalCache}), in the order of its messages. A flow gets
 * the lifetime a commit would give it: {@code CommitTimeout}; without it what the peer told; else what its protocol has
 * in its state. The kernel takes none without, and conntrackd fails there (EINVAL for every flow when the peer has a
 * {@code CommitTimeout} and an external cache). {@code CommitTimeout} comes first because nothing renews a lifetime
 * here: the packets pass the peer, whose kernel tells no event of them, and a quiet translated UDP flow would be gone
 * after the 30 s it had when it began.
 *
 * <p>A commit has nothing to do but to wait for what is under way; a flush has nothing to empty. While flows of this node wait
 * to be purged, those that the peer tells are remembered: they have no other place, and a peer that died meanwhile could not
 * bring them back.
 */
final class InjectedPeerFlows implements PeerFlows {
    /** Batches under way at most; a peer that sends faster than the kernel takes loses flows here, counted. */
    private static final int MAX_OUTSTANDING = 2048;

    private final FlowTable table;
    private final FlowDecoder decoder;
    private final long commitTimeoutSeconds;
    private final int limit;
    private final Injections counts;
    private final FlowBuilder builder = new FlowBuilder();
    private final RelatedFlows related = new RelatedFlows();
    private final Map<String, Long> refusals = new TreeMap<>();
    private final List<CommitDone> waiting = new ArrayList<>();
    private List<Flow> writes = new ArrayList<>();
    private boolean writesAreNew;
    private List<FlowKey> ends = new ArrayList<>();
    private int outstanding;
    private boolean used;
    /** What the peer told while flows wait to be purged; null while none do. */
    private @Nullable Set<FlowKey> told;

    private boolean notAllRemembered;
    private boolean askedSince;
    private long now;

    /** What was put into the kernel, as {@code conntrackd -s} counts it. */
    static final class Injections {
        long created;
        long createFailed;
        long updated;
        long updateFailed;
        long destroyed;
        long destroyFailed;
    }

    /** @param limit of flows that are remembered */
    InjectedPeerFlows(FlowTable table, FlowDecoder decoder, long commitTimeoutSeconds, int limit, Injections counts) {
        this.table = table;
        this.limit = limit;
        this.decoder = decoder;
        this.commitTimeoutSeconds = commitTimeoutSeconds;
        this.counts = counts;
    }

    @Override
    public Applied onMessage(int type, ByteBuf payload, long nowNanos) {
        if (!MessageType.isFlow(type)) {
            return Applied.UNKNOWN_TYPE;
        }
        if (decoder.decode(payload, builder) != null) {
            return Applied.MALFORMED;
        }
        if (outstanding >= MAX_OUTSTANDING) {
            counts.createFailed++;
            return Applied.FULL;
        }
        used = true;
        if (type == MessageType.FLOW_DESTROY) {
            sendWrites();
            FlowKey key = builder.build().key();
            related.remove(key);
            forget(key);
            ends.add(key);
            if (ends.size() == FlowTable.BATCH) {
                sendEnds();
            }
            return Applied.REMOVED;
        }
        boolean isNew = type == MessageType.FLOW_NEW;
        sendEnds();
        if (isNew != writesAreNew) {
            sendWrites();
            writesAreNew = isNew;
        }
        Flow flow = withLifetime();
        related.add(flow, nowNanos);
        remember(flow);
        writes.add(flow);
        if (writes.size() == FlowTable.BATCH) {
            sendWrites();
        }
        return isNew ? Applied.ADDED : Applied.UPDATED;
    }

    private Flow withLifetime() {
        if (commitTimeoutSeconds > 0) {
            return builder.timeoutSeconds(commitTimeoutSeconds).build();
        }
        boolean told = builder.has(Attribute.TIMEOUT) && builder.get(Attribute.TIMEOUT) > 0;
        return told ? builder.build() : builder.clear(Attribute.TIMEOUT).build();
    }

    private void sendWrites() {
        if (writes.isEmpty()) {
            return;
        }
        List<Flow> batch = writes;
        writes = new ArrayList<>();
        send(batch, writesAreNew);
    }

    private void send(List<Flow> batch, boolean areNew) {
        outstanding++;
        table.commit(batch, new CommitResult() {
            private int triedAgain;

            @Override
            public void refused(Flow flow, String reason) {
                if (related.isTriedAgain(flow, reason, now)) {
                    triedAgain++;
                } else {
                    refusals.merge(reason, 1L, Long::sum);
                }
            }

            @Override
            public void done(int committed, int refused) {
                related.settled(batch);
                if (areNew) {
                    counts.created += committed;
                    counts.createFailed += refused - triedAgain;
                } else {
                    counts.updated += committed;
                    counts.updateFailed += refused - triedAgain;
                }
                settled();
            }
        });
    }

    private void sendEnds() {
        if (ends.isEmpty()) {
            return;
        }
        List<FlowKey> batch = ends;
        ends = new ArrayList<>();
        outstanding++;
        table.delete(batch, failure -> {
            if (failure == null) {
                counts.destroyed += batch.size();
            } else {
                counts.destroyFailed += batch.size();
            }
            settled();
        });
    }

    private void settled() {
        outstanding--;
        tellIfIdle();
    }

    @Override
    public boolean areInKernel() {
        return outstanding == 0 && writes.isEmpty() && ends.isEmpty();
    }

    /** None was: what is put there at once is counted as that. */
    @Override
    public long committed() {
        return 0;
    }

    @Override
    public Map<String, Long> refusals() {
        return Map.copyOf(refusals);
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public boolean isEverythingWanted(long nowNanos) {
        return false;
    }

    @Override
    public void resyncAsked(long nowNanos) {
        // Nothing is kept that could be compared: what the peer has no more ends with its lifetime, or at a purge.
        askedSince = told != null;
    }

    @Override
    public boolean commit(CommitDone done) {
        waiting.add(done);
        sendEnds();
        sendWrites();
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
        List<CommitDone> told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(done -> done.done(0, 0));
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

    private void remember(Flow flow) {
        if (told != null && !told.contains(flow.key())) {
            notAllRemembered |= told.size() >= limit || !told.add(flow.key());
        }
    }

    private void forget(FlowKey key) {
        if (told != null) {
            told.remove(key);
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
        sendEnds();
        sendWrites();
        List<Flow> again = related.takeDue(nowNanos);
        if (!again.isEmpty()) {
            send(again, true);
        }
    }

    @Override
    public long nextDeadline() {
        return writes.isEmpty() && ends.isEmpty() ? related.nextDeadline() : now;
    }
}
