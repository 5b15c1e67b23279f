// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.PurgeEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Removes the flows that an inactive node still has in its kernel: left there they would be announced as news by the next
 * dump, and refuse the peer's fresher versions at a commit. Not at once, since a role that was lost by a flap comes back.
 */
public final class PurgeTimer {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Deletes the flows that pass the filter and empties the internal cache, telling nobody. */
    @FunctionalInterface
    public interface Purge {
        /** Told once how it ended. */
        @FunctionalInterface
        interface Done {
            /**
             * The purge ended.
             *
             * @param deleted flows that are gone
             * @param failure null, or what went wrong
             */
            void done(int deleted, @Nullable String failure);
        }

        /** Starts it. */
        void start(Done done);
    }

    private final long delayNanos;
    private final Purge purge;
    private final NodeListener listener;
    private long deadline = Long.MAX_VALUE;
    private boolean running;
    private long began;
    private long now;

    /** A timer that is not armed. */
    public PurgeTimer(Duration delay, Purge purge, NodeListener listener) {
        this.delayNanos = delay.toNanos();
        this.purge = purge;
        this.listener = listener;
    }

    /** Whether flows wait to be purged, or are being purged: they must not be offered to the peer then. */
    public boolean isPending() {
        return deadline != Long.MAX_VALUE || running;
    }

    /** Starts the timer, unless it is already pending. */
    public void arm(String reason, long nowNanos) {
        if (isPending()) {
            return;
        }
        deadline = nowNanos + delayNanos;
        listener.on(new PurgeEvent.Armed(delayNanos / NANOS_PER_MILLI, reason));
    }

    /** Stops the timer; a purge that already began is for its owner to stop. */
    public void cancel(String reason) {
        if (deadline != Long.MAX_VALUE) {
            deadline = Long.MAX_VALUE;
            listener.on(new PurgeEvent.Cancelled(reason));
        }
    }

    /** Whether it is time to purge. */
    public boolean isDue(long nowNanos) {
        return nowNanos >= deadline;
    }

    /** Not yet, though its time has come. */
    public void putOff(long untilNanos) {
        if (deadline != Long.MAX_VALUE) {
            deadline = untilNanos;
        }
    }

    /** Purges when it is time. */
    public void doWork(long nowNanos) {
        now = nowNanos;
        if (!isDue(nowNanos)) {
            return;
        }
        deadline = Long.MAX_VALUE;
        running = true;
        began = nowNanos;
        purge.start((deleted, failure) -> {
            running = false;
            listener.on(
                    failure == null
                            ? new PurgeEvent.Done(deleted, (now - began) / NANOS_PER_MILLI)
                            : new PurgeEvent.Failed(failure));
        });
    }

    /** When {@link #doWork} must run. */
    public long nextDeadline() {
        return deadline;
    }
}
