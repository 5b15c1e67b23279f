// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.node.port.FlowTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flows that a helper expected, on their way into the kernel, which takes none before its master. A peer's messages are
 * in no such order: conntrackd tells its table as it lies in it, and so does a kernel. One that came too early is tried
 * again for a while.
 *
 * <p>Belongs to the sync loop.
 */
final class RelatedFlows {
    /** As {@link io.keepstate.node.port.CommitResult#refused} names it. */
    private static final String NO_MASTER = "no_master";

    /** Flows followed at most; one more than that gets one try only. */
    private static final int LIMIT = 1024;

    private static final long INTERVAL_NANOS = 50_000_000;
    /** A whole table in between takes less. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Map<FlowKey, Attempt> attempts = new LinkedHashMap<>();
    private long retryAt = Long.MAX_VALUE;

    /** The latest that is known of one flow. */
    private static final class Attempt {
        final Flow flow;
        final long untilNanos;
        boolean refused;

        Attempt(Flow flow, long untilNanos) {
            this.flow = flow;
            this.untilNanos = untilNanos;
        }
    }

    /** The flow is to be given to the kernel, and what was known of it before counts no more. */
    void add(Flow flow, long nowNanos) {
        if (flow.master() != null && (attempts.size() < LIMIT || attempts.containsKey(flow.key()))) {
            attempts.put(flow.key(), new Attempt(flow, nowNanos + PATIENCE_NANOS));
        }
    }

    /** The flow ended. */
    void remove(FlowKey key) {
        attempts.remove(key);
    }

    /** The kernel refused the flow; whether it is tried again, or was told anew or ended meanwhile. */
    boolean isTriedAgain(Flow flow, String reason, long nowNanos) {
        Attempt attempt = of(flow);
        if (attempt == null) {
            return false;
        }
        if (!reason.equals(NO_MASTER) || nowNanos > attempt.untilNanos) {
            attempts.remove(flow.key());
            return false;
        }
        attempt.refused = true;
        retryAt = Math.min(retryAt, nowNanos + INTERVAL_NANOS);
        return true;
    }

    /** The kernel answered for all of a batch: what it did not refuse it has. */
    void settled(List<Flow> batch) {
        for (Flow flow : batch) {
            Attempt attempt = of(flow);
            if (attempt != null && !attempt.refused) {
                attempts.remove(flow.key());
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // the very message is meant: one that came later may say the same
    private @Nullable Attempt of(Flow flow) {
        Attempt attempt = flow.master() == null ? null : attempts.get(flow.key());
        return attempt == null || attempt.flow != flow ? null : attempt;
    }

    /** Flows to be tried again now, at most a batch. */
    List<Flow> takeDue(long nowNanos) {
        List<Flow> due = new ArrayList<>();
        if (retryAt > nowNanos) {
            return due;
        }
        retryAt = Long.MAX_VALUE;
        for (Attempt attempt : attempts.values()) {
            if (attempt.refused && due.size() < FlowTable.BATCH) {
                attempt.refused = false;
                due.add(attempt.flow);
            } else if (attempt.refused) {
                retryAt = nowNanos;
            }
        }
        return due;
    }

    long nextDeadline() {
        return retryAt;
    }
}
