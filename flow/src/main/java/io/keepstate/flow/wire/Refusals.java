// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import org.jspecify.annotations.Nullable;

/** How often a decoder refused, by reason. */
final class Refusals {
    private final long[] counts = new long[MalformedPayload.count()];

    /** Counts the reason, if there is one, and hands it on. */
    @Nullable
    MalformedPayload count(@Nullable MalformedPayload reason) {
        if (reason != null) {
            counts[reason.ordinal()]++;
        }
        return reason;
    }

    long of(MalformedPayload reason) {
        return counts[reason.ordinal()];
    }

    long sum() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
