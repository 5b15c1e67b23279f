// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.InternalCache;
import io.keepstate.ftfw.SyncSession;
import org.jspecify.annotations.Nullable;

/**
 * Sends the whole internal cache, at the pace that the session sets: flows that belong to others behind all the rest, in
 * a second walk if there are any. A conntrackd without an external cache puts each into its kernel as it comes, and that
 * takes none before its master.
 */
final class BulkRun {
    private static final int SLICE = 512;

    private final InternalCache internal;
    private final Outlet outlet;
    private final SyncSession session;
    private @Nullable Cursor cursor;
    private boolean walksRelated;
    private boolean relatedSeen;
    private boolean waiting;
    private long now;
    private int sent;
    private long completed;

    BulkRun(InternalCache internal, Outlet outlet, SyncSession session) {
        this.internal = internal;
        this.outlet = outlet;
        this.session = session;
    }

    /**
     * Starts from the beginning, also when one is running: the peer that asks again begins to sweep at its question,
     * and what was sent before would be missing.
     */
    void start() {
        cursor = new Cursor();
        walksRelated = false;
        relatedSeen = false;
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
        int room = session.bulkRoom(nowNanos);
        waiting = room <= 0;
        if (waiting) {
            return false;
        }
        internal.forEachToSend(walk, Math.min(SLICE, room), this::offer);
        if (walk.isDone() && relatedSeen && !walksRelated) {
            walksRelated = true;
            cursor = new Cursor();
        } else if (walk.isDone()) {
            cursor = null;
            completed++;
            return true;
        }
        return false;
    }

    private void offer(long handle) {
        boolean related = internal.isRelated(handle);
        relatedSeen |= related;
        if (related == walksRelated) {
            sent++;
            outlet.offerBulk(handle);
        }
    }

    /** At once while there is room. */
    long nextDeadline() {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        return waiting ? session.bulkDeadline() : now;
    }
}
