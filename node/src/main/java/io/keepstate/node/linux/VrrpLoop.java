// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.CommandQueue;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.node.VrrpDuty;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The VRRP duty with its sockets, and what other threads want done on this one. */
final class VrrpLoop implements DutyCycle {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);
    private static final int COMMAND_LIMIT = 16;
    private static final long LOOK_NANOS = 100_000_000;

    private final VrrpDuty duty;
    private final AdvertSockets sockets;
    private final CommandQueue<VrrpDuty> commands = new CommandQueue<>(COMMAND_LIMIT, LOG, "the elections");
    private final SignsOfLife signs;
    private boolean syncAlive = true;
    private long lookAgain = Long.MAX_VALUE;

    /** As of the end of the last turn, after which nothing changes before the next one; at once before the first. */
    private long deadline = Long.MIN_VALUE;

    /** The elections on these sockets. */
    VrrpLoop(VrrpDuty duty, AdvertSockets sockets, SignsOfLife signs) {
        this.duty = duty;
        this.sockets = sockets;
        this.signs = signs;
    }

    /** Gives a command to the loop; from any thread. It must not wait for anything. False when too many wait. */
    boolean offer(Consumer<VrrpDuty> command) {
        return commands.offer(command);
    }

    @Override
    public int doWork(long nowNanos) {
        long next = duty.nextDeadline();
        boolean due = next <= nowNanos;
        if (due) {
            // A loop that slept may have adverts waiting that make the expired timer moot.
            sockets.receiveDue(nowNanos);
        }
        int done = due || duty.hasMessages() ? duty.doWork(nowNanos) : 0;
        // Adverts first: a command is never as urgent.
        done += commands.run(duty);
        done += look(nowNanos);
        // Most turns of a backup only read packets: to ask hundreds of routers once per turn is enough.
        deadline = due || done > 0 ? duty.nextDeadline() : next;
        signs.electionsTurned(nowNanos);
        return done;
    }

    @Override
    public long nextDeadline() {
        return Math.min(deadline, lookAgain);
    }

    private int look(long nowNanos) {
        boolean seen = signs.isSyncAlive(nowNanos);
        // A router in fault has nothing else to wait for.
        lookAgain = seen ? Long.MAX_VALUE : nowNanos + LOOK_NANOS;
        if (seen == syncAlive) {
            return 0;
        }
        syncAlive = seen;
        duty.setSyncLoopAlive(seen, nowNanos);
        return 1;
    }
}
