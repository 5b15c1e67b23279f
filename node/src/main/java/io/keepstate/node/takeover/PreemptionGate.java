// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import io.keepstate.node.config.TakeoverPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a node that has just come back from taking its role before it knows the flows: preempting too early is a failover
 * to an empty table. The gate opens when
 *
 * <ol>
 *   <li>the peer answered our hello, so that both directions work, and
 *   <li>a state message arrived after we asked for a resync, and
 *   <li>for a while (200 ms) no more new flows arrived than 1 % of what is known: the bulk is over,
 * </ol>
 *
 * or when the limit (5 s) has passed. The legacy protocol has no end-of-bulk mark, hence the third condition. It concerns
 * preemption only: when the active node falls silent the election does not ask the gate.
 */
public final class PreemptionGate {
    private static final int KNOWN_SHARE = 100;

    private final long limitNanos;
    private final long quietNanos;
    private boolean open = true;
    private boolean peerAnswered;
    private boolean stateArrived;
    private long heldAt;
    private long quietSince;
    private int newFlows;
    private int knownFlows;

    /** A gate that is open until it is held. */
    public PreemptionGate(TakeoverPolicy policy) {
        limitNanos = policy.gateLimit().toNanos();
        quietNanos = policy.gateQuiet().toNanos();
    }

    /** Whether preemption is allowed. */
    public boolean isOpen() {
        return open;
    }

    /** Closes the gate: a resync is being asked for now. */
    public void hold(long nowNanos) {
        open = false;
        stateArrived = false;
        heldAt = nowNanos;
        quietSince = nowNanos;
        newFlows = 0;
    }

    /** Whether the peer has answered a hello of ours in the present session. */
    public void peerAnswered(boolean answered) {
        peerAnswered = answered;
    }

    /**
     * A state message was applied to the external cache.
     *
     * @param newFlow whether it made an entry that was not there
     * @param known entries of the external cache after it
     */
    public void stateMessage(boolean newFlow, int known, long nowNanos) {
        if (open) {
            return;
        }
        knownFlows = known;
        if (!stateArrived) {
            stateArrived = true;
            quietSince = nowNanos;
            newFlows = 0;
        }
        if (newFlow && ++newFlows > known / KNOWN_SHARE) {
            quietSince = nowNanos;
            newFlows = 0;
        }
    }

    /** Opens the gate if a condition for it is met. Answers which one, or null when nothing changed. */
    public @Nullable String doWork(long nowNanos) {
        if (open) {
            return null;
        }
        boolean inSync = peerAnswered && stateArrived && nowNanos - quietSince >= quietNanos;
        if (inSync) {
            open = true;
            return "in sync with the peer: " + knownFlows + " flows known, none new for " + millis(quietNanos) + " ms";
        }
        if (nowNanos - heldAt >= limitNanos) {
            open = true;
            return millis(limitNanos) + " ms passed: " + missing();
        }
        return null;
    }

    /** When {@link #doWork} may open the gate, {@link Long#MAX_VALUE} when it is open. */
    public long nextDeadline() {
        if (open) {
            return Long.MAX_VALUE;
        }
        long limit = heldAt + limitNanos;
        return peerAnswered && stateArrived ? Math.min(limit, quietSince + quietNanos) : limit;
    }

    private String missing() {
        if (!peerAnswered) {
            return "the peer has not answered";
        }
        return stateArrived ? "new flows still arrive" : "the peer sent no state after the resync request";
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
