// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.NotifyCommand;
import io.keepstate.examples.conf.keepalived.NotifyConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs keepalived's notify scripts. They are started in the order of the changes they tell of, by one thread of normal
 * priority (a child inherits its parent's scheduling, and a script must not run with that of the VRRP loop); like in
 * keepalived nobody waits for them and their output is discarded. An exit code other than 0 is logged.
 *
 * <p>{@link #run} may be called from any thread and never waits.
 */
public final class NotifyScripts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyScripts.class);
    private static final int MOST_WAITING = 256;

    /** Whom a change is about. */
    public enum Subject {
        /** A single instance. */
        INSTANCE,
        /** A sync group. */
        GROUP
    }

    /** The states keepalived names to its scripts. */
    public enum State {
        /** Active. */
        MASTER,
        /** Standing by. */
        BACKUP,
        /** Unable to be active. */
        FAULT,
        /** The daemon ends. */
        STOP
    }

    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Thread starter = new Thread(this::startAll, "notify-scripts");
    private volatile boolean closed;

    /** Starts the thread, before any loop raises its own priority. */
    public NotifyScripts() {
        starter.setDaemon(true);
        starter.start();
    }

    /**
     * Starts the scripts for a change: the state's own first, then the generic one with keepalived's further arguments.
     *
     * @param priority the instance's effective priority; 0 for a group
     */
    public void run(NotifyConfig scripts, Subject subject, String name, State state, int priority) {
        own(scripts, state).ifPresent(command -> enqueue(command.argv()));
        scripts.any().ifPresent(command -> {
            List<String> argv = new ArrayList<>(command.argv());
            argv.addAll(List.of(subject.name(), name, state.name(), Integer.toString(priority)));
            enqueue(argv);
        });
    }

    /** Scripts not started because too many were waiting. */
    public long dropped() {
        return dropped.get();
    }

    /** Scripts that could not be started, or ended with another code than 0. */
    public long failed() {
        return failed.get();
    }

    /** Starts what is still waiting, then ends; waits no longer than a second, which is keepalived's own patience. */
    @Override
    public void close() {
        close(Duration.ofSeconds(1));
    }

    void close(Duration patience) {
        closed = true;
        waiting.offer(() -> {}); // lets the thread see that it is over
        try {
            starter.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<NotifyCommand> own(NotifyConfig scripts, State state) {
        return switch (state) {
            case MASTER -> scripts.master();
            case BACKUP -> scripts.backup();
            case FAULT -> scripts.fault();
            case STOP -> scripts.stop();
        };
    }

    private void enqueue(List<String> argv) {
        if (!waiting.offer(() -> start(argv))) {
            dropped.incrementAndGet();
            LOG.warn("script {} is not run: {} others are still waiting to be started", argv.get(0), MOST_WAITING);
        }
    }

    private void startAll() {
        try {
            while (!closed || !waiting.isEmpty()) {
                waiting.take().run();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(List<String> argv) {
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            Object unused = process.onExit().whenComplete((ended, failure) -> ended(argv, ended));
        } catch (IOException e) {
            failed.incrementAndGet();
            LOG.warn(
                    "script {} cannot be started ({}): check its path and that it may be executed",
                    argv.get(0),
                    e.getMessage());
        }
    }

    private void ended(List<String> argv, Process ended) {
        int code = ended.exitValue();
        if (code == 0) {
            LOG.info("script {} ended with code 0", String.join(" ", argv));
        } else {
            failed.incrementAndGet();
            LOG.warn("script {} ended with code {}", String.join(" ", argv), code);
        }
    }

    /** Waits until no script is waiting to be started; for tests. */
    boolean awaitStarted(Duration patience) throws InterruptedException {
        BlockingQueue<Boolean> reached = new ArrayBlockingQueue<>(1);
        waiting.put(() -> reached.add(true));
        return reached.poll(patience.toMillis(), TimeUnit.MILLISECONDS) != null;
    }
}
