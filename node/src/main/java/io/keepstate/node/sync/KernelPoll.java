// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PollSecs: instead of following events, reads the kernel's table every so often and tells the peer what differs. What
 * begins and ends between two readings is never seen.
 */
final class KernelPoll {
    private final KernelDump dump;
    private final @Nullable Duration interval;
    private boolean reading;
    private long next = Long.MAX_VALUE;
    private long now;
    private long polls;
    private long failures;

    /** Polls at this interval, or not at all. */
    KernelPoll(KernelDump dump, Optional<Duration> interval) {
        this.dump = dump;
        this.interval = interval.orElse(null);
    }

    /** The table has been read; the next reading is due one interval from now. */
    void start(long nowNanos) {
        next = interval == null ? Long.MAX_VALUE : nowNanos + interval.toNanos();
    }

    void doWork(long nowNanos) {
        now = nowNanos;
        if (!reading && nextDeadline() != Long.MAX_VALUE && nowNanos - next >= 0) {
            reading = true;
            dump.requestDifferences(this::read);
        }
    }

    /** When the next reading is due; never while one is under way. */
    long nextDeadline() {
        return reading ? Long.MAX_VALUE : next;
    }

    /** Readings that came to their end. */
    long polls() {
        return polls;
    }

    /** Readings that did not. */
    long failures() {
        return failures;
    }

    private void read(@Nullable String failure) {
        reading = false;
        polls += failure == null ? 1 : 0;
        failures += failure == null ? 0 : 1;
        // From the end of this one: a table that takes longer to read than the interval still leaves the loop time.
        start(now);
    }
}
