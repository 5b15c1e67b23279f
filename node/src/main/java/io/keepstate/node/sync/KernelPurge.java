// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.node.takeover.PurgeTimer;

/**
 * Rids the kernel of the flows that pass the filter and forgets them, telling the peer nothing. With {@code
 * DisableExternalCache} those that the peer told meanwhile stay; where that is not known they are asked for again.
 */
final class KernelPurge {
    private final KernelFlush flush;
    private final OwnFlows own;
    private final PeerFlows peerFlows;
    private final Resync resync;
    private boolean running;
    private long now;

    KernelPurge(KernelFlush flush, OwnFlows own, PeerFlows peerFlows, Resync resync) {
        this.flush = flush;
        this.own = own;
        this.peerFlows = peerFlows;
        this.resync = resync;
    }

    void start(PurgeTimer.Purge.Done done, long nowNanos) {
        now = nowNanos;
        running = true;
        flush.request(peerFlows::isKernelsOnly, (deleted, failure) -> {
            // One that was stopped has left flows behind, and a takeover is reading them.
            if (running) {
                running = false;
                own.flush();
                if (peerFlows.onKernelPurged()) {
                    resync.request("the purge took its flows, too", now);
                }
            }
            done.done(deleted, failure);
        });
    }

    /** Ends a purge that has begun; what is still in the kernel stays. */
    void stop() {
        if (running) {
            running = false;
            flush.stop();
        }
    }

    void doWork(long nowNanos) {
        now = nowNanos;
        flush.doWork(nowNanos);
    }
}
