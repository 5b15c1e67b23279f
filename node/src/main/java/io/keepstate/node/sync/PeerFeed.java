// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.ftfw.Receiver;
import io.keepstate.ftfw.SessionSignal;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the peer on their way to the flows and expectations we know of it. What the session notices is kept until
 * the turn's end, since a receiver may not call back into the session for everything.
 */
final class PeerFeed implements Receiver {
    private final PeerFlows flows;
    private final @Nullable SyncedExpectations expectations;
    private final long[] applied = new long[Applied.values().length];
    private final SignalHandler signals;
    private SyncObserver observer = SyncObserver.NONE;
    private boolean resyncRequested;
    private long now;

    /** Acts on what the session noticed. */
    @FunctionalInterface
    interface SignalHandler {
        void on(SessionSignal signal, long nowNanos);
    }

    PeerFeed(PeerFlows flows, @Nullable SyncedExpectations expectations, SignalHandler signals) {
        this.flows = flows;
        this.expectations = expectations;
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
        Applied outcome = apply(type, payload);
        applied[outcome.ordinal()]++;
        if (outcome == Applied.MALFORMED || outcome == Applied.UNKNOWN_TYPE) {
            return false;
        }
        observer.stateMessage(outcome == Applied.ADDED, flows.size(), now);
        return true;
    }

    private Applied apply(int type, ByteBuf payload) {
        if (!MessageType.isExpectation(type)) {
            return flows.onMessage(type, payload, now);
        }
        return expectations == null ? Applied.EXPECTATION : expectations.onMessage(type, payload, now);
    }

    /** Messages that had this outcome. */
    long applied(Applied outcome) {
        return applied[outcome.ordinal()];
    }

    @Override
    public void onResyncRequested() {
        resyncRequested = true;
    }

    @Override
    public void onSignal(SessionSignal signal) {
        signals.on(signal, now);
    }
}
