// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.traffic;

import java.util.concurrent.TimeUnit;

/** Counts probes and answers. Thread-safe. */
final class PulseCounter {
    private long sent;
    private long answered;
    private long lastAnswerNanos;
    private long longestGapNanos;

    synchronized void sent() {
        sent++;
    }

    synchronized void answered(long nowNanos) {
        if (answered++ > 0) {
            longestGapNanos = Math.max(longestGapNanos, nowNanos - lastAnswerNanos);
        }
        lastAnswerNanos = nowNanos;
    }

    synchronized Pulse read() {
        return new Pulse(sent, answered, TimeUnit.NANOSECONDS.toMillis(longestGapNanos));
    }
}
