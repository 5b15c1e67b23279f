// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * What other threads want done on a loop, by the thread that owns what it is done to. Offered from any thread, carried out
 * by one; never waits.
 *
 * @param <T> what commands are given to
 */
public final class CommandQueue<T> {
    private final ArrayBlockingQueue<Consumer<T>> commands;
    private final Logger log;
    private final String owner;

    /**
     * An empty queue.
     *
     * @param limit commands that may wait; more are refused
     * @param log told of commands that fail
     * @param owner whose loop it is, for that log
     */
    public CommandQueue(int limit, Logger log, String owner) {
        this.commands = new ArrayBlockingQueue<>(limit);
        this.log = log;
        this.owner = owner;
    }

    /** Gives a command to the loop, which must be woken then; false when too many wait. */
    public boolean offer(Consumer<T> command) {
        return commands.offer(command);
    }

    /** Carries out what waits; answers how much that was. */
    public int run(T target) {
        int done = 0;
        for (Consumer<T> command = commands.poll(); command != null; command = commands.poll()) {
            try {
                command.accept(target);
            } catch (RuntimeException e) {
                // A command is somebody else's code: its failure is not the loop's.
                log.error("a command to {} failed", owner, e);
            }
            done++;
        }
        return done;
    }
}
