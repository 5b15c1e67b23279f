// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.InternalCache;
import io.keepstate.ftfw.FtfwSession;
import org.jspecify.annotations.Nullable;

/**
 * Sends the whole internal cache, never more of it at a time than the resend queue protects: what is dropped from that
 * queue unacknowledged is lost for good. The peer's acknowledgements set the pace, so its socket buffer does not run over
 * either.
 */
final class BulkRun {
    private static final int SLICE = 512;
    /** Messages under way; several of the peer's acknowledgement windows (300), few enough for its receive buffer. */
    private static final int MAX_IN_FLIGHT = 4096;

    private final InternalCache internal;
    private final Outlet outlet;
    private final FtfwSession session;
    private final int maxInFlight;
    private @Nullable Cursor cursor;
    private boolean waiting;
    private long now;
    private int sent;
    private long completed;

    BulkRun(InternalCache internal, Outlet outlet, FtfwSession session, int resendLimit) {
        this.internal = internal;
        this.outlet = outlet;
        this.session = session;
        this.maxInFlight = Math.max(1, Math.min(MAX_IN_FLIGHT, resendLimit / 2));
    }

    /**
     * Starts from the beginning, also when one is running: the peer that asks again begins to sweep at its question, and
     * what was sent before would be missing.
     */
    void start() {
        cursor = new Cursor();
        sent = 0;
    }

    boolean isRunning() {
        return cursor != null;
    }

    /** Bulks that were handed to the session completely. */
    long completed() {
        return completed;
    }

    /** Entries of the present or last one. */
    int sent() {
        return sent;
    }

    /** One slice; true when the bulk ended with it. */
    boolean doWork(long nowNanos) {
        now = nowNanos;
        Cursor walk = cursor;
        if (walk == null) {
            return false;
        }
        int room = maxInFlight - session.pendingObjects();
        waiting = room <= 0;
        if (waiting) {
            return false;
        }
        sent += internal.forEachToSend(walk, Math.min(SLICE, room), outlet::offer);
        if (walk.isDone()) {
            cursor = null;
            completed++;
            return true;
        }
        return false;
    }

    /** At once while there is room; the peer's acknowledgement is an event of its own. */
    long nextDeadline() {
        return cursor == null || waiting ? Long.MAX_VALUE : now;
    }
}
