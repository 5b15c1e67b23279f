// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * Whether enough processes of a {@linkplain TrackedProcess definition} run, and have done so for long enough. Pure; one
 * loop owns it.
 */
public final class ProcessQuorum {

    private static final long NONE = Long.MAX_VALUE;

    private final int quorum;
    private final int most;
    private final long upNanos;
    private final long downNanos;
    private boolean known;
    private boolean enough;
    private boolean up;
    private long deadline = NONE;

    /** Of a definition whose processes have not been counted yet. */
    public ProcessQuorum(TrackedProcess process) {
        this.quorum = process.quorum();
        this.most = process.quorumMax().orElse(Integer.MAX_VALUE);
        this.upNanos = process.forkDelay().toNanos();
        this.downNanos = process.terminateDelay().toNanos();
    }

    /** Whether as many run as wanted. */
    public boolean isUp() {
        return up;
    }

    /**
     * So many run now. The first count decides at once.
     *
     * @return whether the answer has changed or become known
     */
    public boolean onCount(int count, long nowNanos) {
        enough = count >= quorum && count <= most;
        if (!known) {
            known = true;
            up = enough;
            return true;
        }
        if (enough == up) {
            deadline = NONE;
            return false;
        }
        if (deadline == NONE) {
            deadline = nowNanos + (enough ? upNanos : downNanos);
        }
        return advance(nowNanos);
    }

    /**
     * Lets time pass.
     *
     * @return whether the answer has changed
     */
    public boolean advance(long nowNanos) {
        if (nowNanos < deadline) {
            return false;
        }
        deadline = NONE;
        up = enough;
        return true;
    }

    /** When to call {@link #advance}. */
    public long nextDeadline() {
        return deadline;
    }
}
