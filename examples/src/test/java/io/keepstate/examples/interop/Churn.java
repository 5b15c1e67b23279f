// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import io.keepstate.flow.Flow;
import io.keepstate.flow.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Flows of one kernel that come, change and go, the same ones again and again; about two thirds of them are there. */
final class Churn {
    private static final int FLOWS = 900;
    private static final int AT_FIRST = 300;
    private static final int STEP = 24;
    private static final long PAUSE_MILLIS = 20;

    private final SyncMachine machine;
    private final Random random;
    private final List<Flow> flows = FlowMix.tcp(FLOWS);
    private final BitSet living = new BitSet(FLOWS);

    Churn(SyncMachine machine, long seed) {
        this.machine = machine;
        this.random = new Random(seed);
    }

    /** The first flows. */
    void begin() {
        machine.create(flows.subList(0, AT_FIRST));
        living.set(0, AT_FIRST);
    }

    /** Until then; at least one step. */
    void forAbout(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        do {
            step();
            pause();
        } while (System.nanoTime() - end < 0);
    }

    /** A flow that is not there comes; one that is there changes or goes. */
    private void step() {
        List<Flow> coming = new ArrayList<>();
        List<Flow> going = new ArrayList<>();
        for (int number : random.ints(0, FLOWS).distinct().limit(STEP).toArray()) {
            Flow flow = flows.get(number);
            if (!living.get(number)) {
                coming.add(flow);
                living.set(number);
            } else if (random.nextBoolean()) {
                int state = random.nextBoolean() ? TcpState.ESTABLISHED : TcpState.FIN_WAIT;
                machine.update(flow.toBuilder()
                        .tcpState(state)
                        .mark(random.nextInt(1 << 16))
                        .build());
            } else {
                going.add(flow);
                living.clear(number);
            }
        }
        machine.create(coming);
        machine.delete(going);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
