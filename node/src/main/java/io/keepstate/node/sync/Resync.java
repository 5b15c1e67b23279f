// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.ftfw.SessionSignal;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.PeerEvent;
import io.keepstate.node.event.PeerEvent.Signal;
import io.keepstate.node.event.SyncEvent;
import org.jspecify.annotations.Nullable;

/**
 * Who of the two nodes has missed something, and is told everything again: this one, by a request to the peer, after
 * which what the peer does not renew is swept; or the peer, by a bulk. What the session notices of the peer decides.
 */
final class Resync {
    /** Between two lines of the log about messages that were lost for good. */
    private static final long HOLE_SILENCE_NANOS = 60_000_000_000L;

    private final SyncSession session;
    private final PeerFlows peerFlows;
    private final @Nullable SyncedExpectations expectations;
    /** {@code StartupResync}. */
    private final boolean asksAtStart;

    private final NodeListener listener;
    private final SyncCounters counters;
    private final SecondAnswer second;
    private SyncObserver observer = SyncObserver.NONE;
    private boolean bulkDue;
    private boolean tellsWhenHeard;
    private long nextHoleSaid = Long.MIN_VALUE;

    Resync(
            SyncSession session,
            PeerFlows peerFlows,
            @Nullable SyncedExpectations expectations,
            SyncConfiguration configuration,
            NodeListener listener,
            SyncCounters counters) {
        this.session = session;
        this.peerFlows = peerFlows;
        this.expectations = expectations;
        this.asksAtStart = configuration.mode().startupResync();
        this.listener = listener;
        this.counters = counters;
        this.second = new SecondAnswer(configuration);
    }

    void observe(SyncObserver some) {
        observer = some;
    }

    /** Asks the peer for everything, and sweeps what it does not renew. In ALARM everything comes unasked. */
    void request(String reason, long nowNanos) {
        if (ask(nowNanos)) {
            listener.on(SyncEvent.info("resync requested from the peer (" + reason + ")"));
        }
    }

    /** The same when the nodes meet; one that shall not ask then waits for what changes, as conntrackd does. */
    void requestAtStart(String reason, long nowNanos) {
        if (asksAtStart) {
            request(reason, nowNanos);
        }
    }

    private boolean ask(long nowNanos) {
        boolean possible = session.canRequestResync();
        if (possible) {
            counters.resyncRequests++;
            session.requestResync();
            peerFlows.resyncAsked(nowNanos);
            if (expectations != null) {
                expectations.resyncAsked(nowNanos);
            }
        }
        return possible;
    }

    /**
     * The peer asked for everything.
     *
     * @param answered whether it will get something: not while our flows wait to be purged
     */
    void onRequest(boolean answered, long nowNanos) {
        String consequence = answered ? "" : "not answered, own flows wait to be purged";
        listener.on(new PeerEvent(Signal.RESYNC_REQUESTED, consequence));
        bulkDue = true;
        second.asked(nowNanos);
    }

    /** What is due. */
    void doWork(long nowNanos) {
        bulkDue |= second.takeDue(nowNanos);
    }

    long nextDeadline() {
        return second.nextDeadline();
    }

    /**
     * A link failed, and what it swallowed nobody knows. Where the mode does not tell it again itself we do, as soon as the
     * peer is heard: until then what is sent may be lost, too.
     */
    void linkChanged(long nowNanos) {
        tellsWhenHeard = session.linkFailed(nowNanos);
    }

    /** A message of the peer came, in its place in the stream. */
    void onHeard() {
        bulkDue |= tellsWhenHeard;
        tellsWhenHeard = false;
    }

    /** Whether the peer is to be told everything. */
    boolean isBulkDue() {
        return bulkDue;
    }

    /** The peer is being told. */
    void bulkBegins() {
        bulkDue = false;
    }

    /** The session noticed something. */
    void onSignal(SessionSignal signal, long nowNanos) {
        switch (signal) {
            case PEER_HELLO -> {
                requestAtStart("the peer is there", nowNanos);
                bulkDue = true;
            }
            case PEER_HEARD -> {
                onConnected();
                requestAtStart("the peer is there", nowNanos);
            }
            case PEER_RESTARTED -> {
                listener.on(new PeerEvent(Signal.RESTARTED, ""));
                request("the peer restarted", nowNanos);
                bulkDue = true;
            }
            case HELLO_BACK_RECEIVED -> onConnected();
            case GAP_UNSERVED -> onHole(nowNanos);
            case OTHER_MODE ->
                listener.on(SyncEvent.warning(
                        "the peer runs another Mode than this node: give both the same in conntrackd.conf"));
            case PEER_SILENT -> listener.on(new PeerEvent(Signal.SILENT, ""));
            case PEER_BACK -> listener.on(new PeerEvent(Signal.BACK, ""));
        }
    }

    /**
     * On a lossy link without acknowledgements this goes on all the time: counters tell how often, the log now and
     * then.
     */
    private void onHole(long nowNanos) {
        if (nowNanos >= nextHoleSaid) {
            nextHoleSaid = nowNanos + HOLE_SILENCE_NANOS;
            listener.on(new PeerEvent(Signal.GAP_UNSERVED, "asking for everything"));
            request("lost messages", nowNanos);
        } else {
            ask(nowNanos);
        }
    }

    private void onConnected() {
        listener.on(new PeerEvent(Signal.CONNECTED, ""));
        observer.peerAnswered(true);
        // A conntrackd that was there before us asks for nothing, and misses what came while we were away.
        bulkDue = true;
    }
}
