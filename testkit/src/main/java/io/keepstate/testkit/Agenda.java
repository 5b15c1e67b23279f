// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen in a simulation, in order of time; what is due at the same moment happens in order of entry. */
public final class Agenda {
    private record Entry(long atNanos, long order, Runnable action) {}

    private final VirtualClock clock;
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::atNanos).thenComparingLong(Entry::order));
    private long order;

    /** An empty agenda that moves this clock. */
    public Agenda(VirtualClock clock) {
        this.clock = clock;
    }

    /** Enters an action; one whose moment has passed happens next. */
    public void at(long nanos, Runnable action) {
        entries.add(new Entry(Math.max(nanos, clock.nowNanos()), order++, action));
    }

    /** Enters an action that happens so many nanoseconds from now. */
    public void in(long nanos, Runnable action) {
        at(clock.nowNanos() + nanos, action);
    }

    /** The moment of the next action, or {@link Long#MAX_VALUE}. */
    public long nextNanos() {
        Entry next = entries.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }

    /** Moves the clock to the next action that is due by this moment and lets it happen; false if there is none. */
    public boolean step(long untilNanos) {
        Entry next = entries.peek();
        if (next == null || next.atNanos() > untilNanos) {
            return false;
        }
        entries.remove();
        clock.advanceTo(next.atNanos());
        next.action().run();
        return true;
    }
}
