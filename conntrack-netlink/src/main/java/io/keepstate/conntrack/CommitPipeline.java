// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.NatMapping;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.linux.libc.Errno;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes many flows into the kernel: up to 256 requests in one system call, with one acknowledgement behind the last
 * and errors read afterwards.
 *
 * <p>Submit flows, call {@link #doWork} until {@link #isIdle}; each flow ends with a {@link CommitOutcome}, told to the
 * listener and counted. A create that meets an existing entry is resolved (updated, replaced or reported as a clash),
 * so submitting a flow twice is harmless. Writes about one flow take effect in the order they were submitted. Flows
 * with a master come after their masters: that order is the caller's; one whose master was not there yet is tried once
 * more when everything else is done.
 *
 * <p>Answers that did not fit the receive buffer are noticed, and their writes done again. Nothing here waits: when
 * the kernel owes an answer, {@link #nextDeadline} says when it counts as lost.
 *
 * <p>One thread. Not thread-safe.
 */
public final class CommitPipeline {
    /** Writes that may be queued; {@link #submitCreate} answers false beyond it. */
    public static final int QUEUE_LIMIT = 1 << 16;

    private static final long RETRY_NANOS = 10_000_000;

    private final CommitBatch batch;
    private final WriteResolution resolution = new WriteResolution();
    private final CommitListener listener;
    private final Deque<PendingWrite> submitted = new ArrayDeque<>();
    /** Second and later requests of writes under way: they go before new ones. */
    private final Deque<PendingWrite> underWay = new ArrayDeque<>();

    private final Deque<PendingWrite> withoutMaster = new ArrayDeque<>();
    /** Flows the batch has a request about; kept only while deletions are pending. */
    private final Set<FlowKey> inBatch = new HashSet<>();

    private int deletions;
    private final long[] outcomes = new long[CommitOutcome.values().length];
    private final Map<Integer, Long> errors = new TreeMap<>();
    private long helperBase;
    private long labelsBase;
    private long lostBase;
    private long refused;
    /** The kernel was short of memory: nothing is sent before {@link #retryAt}. */
    private boolean pausing;

    private long retryAt;
    private long now;

    CommitPipeline(
            CommandChannel channel,
            ConntrackEncoder encoder,
            int batchLimit,
            long answerNanos,
            CommitListener listener) {
        this.batch = new CommitBatch(channel, encoder, batchLimit, answerNanos);
        this.listener = listener;
    }

    /**
     * Queues the creation of a flow, or its update if it is there.
     *
     * @param tag handed back to the listener
     * @param timeoutSeconds until the entry expires, at least 1
     * @return false when {@link #QUEUE_LIMIT} writes are queued: do some work first
     */
    public boolean submitCreate(long tag, Flow flow, long timeoutSeconds) {
        return submit(new PendingWrite(tag, flow, timeoutSeconds, PendingWrite.Step.CREATE));
    }

    /** Queues the deletion of a flow; with {@link io.keepstate.flow.Attribute#ID}, only of that very entry. */
    public boolean submitDelete(long tag, Flow flow) {
        boolean taken = submit(new PendingWrite(tag, flow, 0, PendingWrite.Step.DELETE));
        deletions += taken ? 1 : 0;
        return taken;
    }

    private boolean submit(PendingWrite write) {
        if (pending() >= QUEUE_LIMIT) {
            refused++;
            return false;
        }
        submitted.add(write);
        return true;
    }

    /** Writes without an outcome yet. */
    public int pending() {
        return submitted.size() + underWay.size() + withoutMaster.size() + batch.size();
    }

    /** Whether every write has its outcome. */
    public boolean isIdle() {
        return pending() == 0;
    }

    /**
     * Sends and settles writes.
     *
     * @param nowNanos monotonic time
     * @param budget most requests to send in this slice; a batch of 256 takes the kernel about a millisecond
     * @return requests sent
     */
    public int doWork(long nowNanos, int budget) {
        now = nowNanos;
        int sent = 0;
        pausing &= nowNanos - retryAt < 0;
        while (sent < budget && !isIdle() && !pausing) {
            if (batch.isEmpty()) {
                sent += fillAndSend(nowNanos, budget - sent);
            }
            if (!batch.isEmpty() && !batch.collect(nowNanos)) {
                break;
            }
            settle();
        }
        return sent;
    }

    /** When {@link #doWork} is due: a time not after its last {@code nowNanos} means at once, MAX_VALUE never. */
    public long nextDeadline() {
        if (isIdle()) {
            return Long.MAX_VALUE;
        }
        if (pausing) {
            return retryAt;
        }
        return batch.isEmpty() ? now : batch.deadline();
    }

    private int fillAndSend(long nowNanos, int budget) {
        inBatch.clear();
        boolean room = true;
        while (room && batch.size() < budget) {
            PendingWrite next = takeNext();
            if (next == null) {
                break;
            }
            room = batch.add(next);
        }
        int size = batch.size();
        int errno = batch.send(nowNanos);
        if (errno == Errno.ENOBUFS || errno == Errno.EAGAIN || errno == Errno.ENOMEM) {
            pausing = true;
            retryAt = nowNanos + RETRY_NANOS;
        }
        return size;
    }

    private @Nullable PendingWrite takeNext() {
        Deque<PendingWrite> from = underWay.isEmpty() ? submitted : underWay;
        PendingWrite next = from.peek();
        if (next == null || (next.step == PendingWrite.Step.DELETE && !withoutMaster.isEmpty())) {
            // Only when nothing else is left before it: the master may have been in this very batch.
            from = withoutMaster;
            next = batch.isEmpty() ? from.peek() : null;
        }
        // A create takes several requests: a deletion of the same flow sent along with one would be overtaken by the
        // next.
        if (next == null || (deletions > 0 && !inBatch.add(next.flow.key()))) {
            return null;
        }
        return from.remove();
    }

    private void settle() {
        for (PendingWrite write : batch.takeAnswered()) {
            CommitOutcome outcome = resolution.onAnswer(write);
            if (outcome == null) {
                underWay.add(write);
            } else if (outcome == CommitOutcome.NO_MASTER && !write.deferred) {
                write.deferred = true;
                withoutMaster.add(write);
            } else {
                finish(write, outcome);
            }
        }
        for (PendingWrite write : batch.takeUnanswered()) {
            if (write.attempts >= WriteResolution.MAX_ATTEMPTS) {
                finish(write, CommitOutcome.UNRESOLVED);
            } else {
                underWay.add(write);
            }
        }
    }

    private void finish(PendingWrite write, CommitOutcome outcome) {
        deletions -= write.step == PendingWrite.Step.DELETE ? 1 : 0;
        outcomes[outcome.ordinal()]++;
        int errno = outcome == CommitOutcome.FAILED ? write.errno : 0;
        if (errno != 0) {
            errors.merge(errno, 1L, Long::sum);
        }
        listener.onOutcome(write.tag, write.submitted, outcome, errno);
    }

    /** Gives up every write that has no outcome yet; requests already sent have taken effect. */
    public void cancel() {
        batch.abandon(underWay);
        for (Deque<PendingWrite> queue : List.of(underWay, submitted, withoutMaster)) {
            for (PendingWrite write = queue.poll(); write != null; write = queue.poll()) {
                finish(write, CommitOutcome.CANCELLED);
            }
        }
    }

    /** Encodes a create without sending it, so that a takeover does not meet cold code. Changes nothing. */
    public void rehearse(Flow flow, long timeoutSeconds) {
        NatMapping.translatedReply(flow);
        batch.rehearse(flow, timeoutSeconds);
    }

    /** What became of the writes so far. */
    public CommitCounts counts() {
        Map<CommitOutcome, Long> byOutcome = new EnumMap<>(CommitOutcome.class);
        for (CommitOutcome outcome : CommitOutcome.values()) {
            byOutcome.put(outcome, outcomes[outcome.ordinal()]);
        }
        return new CommitCounts(
                byOutcome,
                new TreeMap<>(errors),
                resolution.withoutHelper() - helperBase,
                resolution.withoutLabels() - labelsBase,
                batch.lostBatches() - lostBase);
    }

    /** Starts {@link #counts} again from zero, for one commit. */
    public void resetCounts() {
        Arrays.fill(outcomes, 0);
        errors.clear();
        helperBase = resolution.withoutHelper();
        labelsBase = resolution.withoutLabels();
        lostBase = batch.lostBatches();
    }

    /** Submissions refused because the queue was full. */
    public long refusedCount() {
        return refused;
    }

    void close() {
        batch.close();
    }
}
