// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.testkit.Agenda;
import io.keepstate.testkit.VirtualClock;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;

/** When the loop of a simulated node runs: a moment after something happened, and when its next deadline is due. */
final class LoopTurns {
    /** Longest time a loop takes to wake, drawn anew each time: so the order of events differs from seed to seed. */
    private static final long LONGEST_WAKE_NANOS = 200_000;
    /** What is due at once still takes the loop a moment: without it a busy node would stop time. */
    private static final long SHORTEST_TURN_NANOS = 1_000;

    private final VirtualClock clock;
    private final Agenda agenda;
    private final RandomGenerator random;
    private final LongUnaryOperator turn;
    private long next = Long.MAX_VALUE;
    private boolean running;

    /**
     * A loop that does not run.
     *
     * @param turn runs one turn at this time and answers the next deadline
     */
    LoopTurns(Simulation simulation, LongUnaryOperator turn) {
        this.clock = simulation.clock();
        this.agenda = simulation.agenda();
        this.random = simulation.random();
        this.turn = turn;
    }

    void start() {
        running = true;
        soon();
    }

    void stop() {
        running = false;
    }

    boolean isRunning() {
        return running;
    }

    /** Something happened: the loop wakes. */
    void soon() {
        at(clock.nowNanos() + random.nextLong(LONGEST_WAKE_NANOS));
    }

    private void at(long nanos) {
        if (running && nanos < next) {
            next = Math.max(nanos, clock.nowNanos());
            long expected = next;
            agenda.at(expected, () -> {
                if (running && next == expected) {
                    run();
                }
            });
        }
    }

    private void run() {
        next = Long.MAX_VALUE;
        long now = clock.nowNanos();
        long deadline = turn.applyAsLong(now);
        if (deadline != Long.MAX_VALUE) {
            at(Math.max(deadline, now + SHORTEST_TURN_NANOS));
        }
    }
}
