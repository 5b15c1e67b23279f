// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * Lets a change of an interface count only when it has lasted ({@link InterfaceDelays}). Pure; one loop owns it.
 */
public final class LinkDebounce {

    private static final long NONE = Long.MAX_VALUE;

    private long downNanos;
    private long upNanos;
    private boolean seen;
    private boolean up;
    private long deadline = NONE;

    /** An interface that is this way now. */
    public LinkDebounce(InterfaceDelays delays, boolean up) {
        configure(delays);
        this.seen = up;
        this.up = up;
    }

    /** Other delays, for the changes to come. */
    public void configure(InterfaceDelays delays) {
        downNanos = delays.down().toNanos();
        upNanos = delays.up().toNanos();
    }

    /** Whether the interface counts as up. */
    public boolean isUp() {
        return up;
    }

    /**
     * The interface was seen up or down.
     *
     * @return whether what counts has changed with it
     */
    public boolean onLink(boolean nowUp, long nowNanos) {
        if (nowUp == seen) {
            return false;
        }
        seen = nowUp;
        if (nowUp == up) {
            deadline = NONE;
            return false;
        }
        deadline = nowNanos + (nowUp ? upNanos : downNanos);
        return advance(nowNanos);
    }

    /**
     * Lets time pass.
     *
     * @return whether what counts has changed
     */
    public boolean advance(long nowNanos) {
        if (nowNanos < deadline) {
            return false;
        }
        deadline = NONE;
        up = seen;
        return true;
    }

    /** When to call {@link #advance}. */
    public long nextDeadline() {
        return deadline;
    }
}
