// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.RejectCounters;
import io.keepstate.vrrp.codec.RejectReason;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The counters of rejected packets of sockets and virtual routers that come and go on the thread of their loop. Any
 * thread may ask for them, and sees those that there were a moment ago.
 */
final class SharedRejects {

    /** By identity. Never changed, but replaced as a whole: who iterates is not disturbed. */
    private volatile IdentityHashMap<Object, RejectCounters> counters = new IdentityHashMap<>();

    /** Counts for this socket or router from now on; on the thread of the loop. */
    void add(Object owner, RejectCounters ofOwner) {
        IdentityHashMap<Object, RejectCounters> changed = new IdentityHashMap<>(counters);
        changed.put(owner, ofOwner);
        counters = changed;
    }

    /** This one has gone, and what was counted for it; on the thread of the loop. */
    void remove(Object owner) {
        IdentityHashMap<Object, RejectCounters> changed = new IdentityHashMap<>(counters);
        changed.remove(owner);
        counters = changed;
    }

    /** What was rejected for one of them, by reason; nothing if it is none of them. */
    Map<RejectReason, Long> of(Object owner) {
        RejectCounters found = counters.get(owner);
        return found == null ? Map.of() : found.snapshot();
    }

    /** What was rejected for all of them, by reason. */
    Map<RejectReason, Long> total() {
        EnumMap<RejectReason, Long> sum = new EnumMap<>(RejectReason.class);
        for (RejectCounters each : counters.values()) {
            each.snapshot().forEach((reason, count) -> sum.merge(reason, count, Long::sum));
        }
        return Map.copyOf(sum);
    }
}
