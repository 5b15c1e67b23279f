// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.cache.ExternalCache;
import io.keepstate.ftfw.Receiver;
import io.keepstate.ftfw.SessionSignal;
import io.netty.buffer.ByteBuf;

/**
 * Messages of the peer on their way into the external cache. What the session notices is kept until the turn's end, since
 * a receiver may not call back into the session for everything.
 */
final class PeerFeed implements Receiver {
    private final ExternalCache external;
    private final SignalHandler signals;
    private SyncObserver observer = SyncObserver.NONE;
    private boolean resyncRequested;
    private long now;

    /** Acts on what the session noticed. */
    @FunctionalInterface
    interface SignalHandler {
        void on(SessionSignal signal);
    }

    PeerFeed(ExternalCache external, SignalHandler signals) {
        this.external = external;
        this.signals = signals;
    }

    void observe(SyncObserver some) {
        observer = some;
    }

    /** The time of what comes next. */
    void at(long nowNanos) {
        now = nowNanos;
    }

    /** Whether the peer asked for everything since the last call. */
    boolean takeResyncRequest() {
        boolean asked = resyncRequested;
        resyncRequested = false;
        return asked;
    }

    @Override
    public boolean onMessage(int type, ByteBuf payload) {
        Applied applied = external.onMessage(type, payload, now);
        if (applied == Applied.MALFORMED || applied == Applied.UNKNOWN_TYPE) {
            return false;
        }
        observer.stateMessage(applied == Applied.ADDED, external.size(), now);
        return true;
    }

    @Override
    public void onResyncRequested() {
        resyncRequested = true;
    }

    @Override
    public void onSignal(SessionSignal signal) {
        signals.on(signal);
    }
}
