// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.sync.StateSync;
import io.keepstate.node.takeover.PurgeTimer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flows that a standby still has in its kernel: purged when its timer says so, and meanwhile not offered to the
 * peer, since flows that are about to go are nobody's business.
 */
final class StandbyPurge {
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

    private final @Nullable StateSync sync;
    private final Optional<PurgeTimer> timer;
    private final NodeListener listener;
    private boolean putOffTold;

    /** For a node that does not purge if one of the first two is missing. */
    StandbyPurge(@Nullable StateSync sync, Optional<SyncConfiguration> configuration, NodeListener listener) {
        this.sync = sync;
        this.listener = listener;
        this.timer = configuration.map(some -> new PurgeTimer(some.purgeTimeout(), this::begin, listener));
    }

    /** Starts the timer, unless it runs. */
    void arm(String reason, long nowNanos) {
        timer.ifPresent(some -> some.arm(reason, nowNanos));
        offerUnlessPending();
    }

    /** Stops the timer; a purge that has begun goes on. */
    void cancel(String reason) {
        timer.ifPresent(some -> some.cancel(reason));
        offerUnlessPending();
    }

    /** As {@link #cancel}, and ends a purge that has begun: whoever takes over needs the flows. */
    void stop(String reason) {
        cancel(reason);
        if (sync != null) {
            sync.stopPurge();
        }
    }

    void doWork(long nowNanos) {
        timer.ifPresent(some -> doWork(some, nowNanos));
    }

    private void doWork(PurgeTimer some, long nowNanos) {
        if (sync != null && some.isDue(nowNanos) && !sync.isPurgeSafe(nowNanos)) {
            some.putOff(nowNanos + LOOK_AGAIN_NANOS);
            if (!putOffTold) {
                putOffTold = true;
                listener.on(
                        SyncEvent.warning("purge put off until the peer is heard: its flows are in this kernel only"));
            }
        } else {
            some.doWork(nowNanos);
            putOffTold &= some.isPending();
        }
    }

    long nextDeadline() {
        return timer.isPresent() ? timer.get().nextDeadline() : Long.MAX_VALUE;
    }

    private void offerUnlessPending() {
        if (sync != null) {
            sync.setOffering(timer.isEmpty() || !timer.get().isPending());
        }
    }

    private void begin(PurgeTimer.Purge.Done done) {
        if (sync == null) {
            done.done(0, null);
            return;
        }
        sync.purge((deleted, failure) -> {
            done.done(deleted, failure);
            offerUnlessPending();
        });
    }
}
