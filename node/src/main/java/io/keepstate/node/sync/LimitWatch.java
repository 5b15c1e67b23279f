// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.ExternalCache;
import io.keepstate.cache.InternalCache;
import io.keepstate.node.event.LimitReached;
import io.keepstate.node.event.NodeListener;

/**
 * Says that a limit was hit: the first time, and again at most once a minute while it goes on. Counters count them all.
 */
final class LimitWatch {
    private static final long SILENCE_NANOS = 60_000_000_000L;

    private final int flowLimit;
    private final InternalCache internal;
    private final ExternalCache external;
    private final Outlet outlet;
    private final KernelInjection.Counts injections;
    private final NodeListener listener;
    private final Watched internalFull = new Watched();
    private final Watched externalFull = new Watched();
    private final Watched injectionFull = new Watched();
    private final Watched sessionFull = new Watched();
    private final Watched deletedGivenUp = new Watched();

    LimitWatch(int flowLimit, Caches caches, Outlet outlet, KernelInjection.Counts injections, NodeListener listener) {
        this.flowLimit = flowLimit;
        this.internal = caches.internal();
        this.external = caches.external();
        this.outlet = outlet;
        this.injections = injections;
        this.listener = listener;
    }

    void doWork(long nowNanos) {
        if (internalFull.isNews(internal.stats().createFailedFull(), nowNanos)) {
            listener.on(new LimitReached(
                    "internal cache (" + flowLimit + " flows)",
                    "new flows are not protected until there is room; raise HashLimit on both nodes"));
        }
        if (externalFull.isNews(external.stats().createFailedFull(), nowNanos)) {
            listener.on(new LimitReached(
                    "external cache (" + flowLimit + " flows)",
                    "flows of the peer would be lost at a takeover; raise HashLimit"));
        }
        if (injectionFull.isNews(injections.lost, nowNanos)) {
            listener.on(new LimitReached(
                    "the way of the peer's flows into the kernel (" + flowLimit + " messages)",
                    "the peer is asked for everything when there is room; raise HashLimit"));
        }
        if (sessionFull.isNews(outlet.refused(), nowNanos)) {
            listener.on(new LimitReached("the session's queue", "changes are not sent; is the peer there?"));
        }
        if (deletedGivenUp.isNews(internal.pinnedGivenUp(), nowNanos)) {
            listener.on(new LimitReached(
                    "the list of deleted flows", "the peer will keep flows that ended, until the next resync"));
        }
    }

    /** One counter of a limit. */
    private static final class Watched {
        private long last;
        private boolean said;
        private long saidAt;

        boolean isNews(long count, long nowNanos) {
            if (count == last) {
                return false;
            }
            last = count;
            if (said && nowNanos - saidAt < SILENCE_NANOS) {
                return false;
            }
            said = true;
            saidAt = nowNanos;
            return true;
        }
    }
}
