// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs keepalived's notify scripts and writes its named pipes. Both happen in the order of the changes they tell of, on
 * one thread of normal priority (a child inherits its parent's scheduling, and a script must not run with that of the
 * VRRP loop). Like in keepalived scripts run beside each other, nobody waits for them and their output is discarded.
 *
 * <p>{@link #tell} may be called from any thread and never waits.
 */
public final class NotifyScripts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyScripts.class);
    private static final int MOST_WAITING = 1024;
    /** keepalived's patience with the scripts of a stop. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final ScriptRunner runner = new ScriptRunner();
    private final Thread teller = new Thread(this::tellAll, "notify");
    /** What {@link #use} was given last, and opened for it; under the lock of this. */
    private Map<NotifySettings.Fifo, NotifyFifo> named = new LinkedHashMap<>();
    /** Belongs to the thread, as all below. */
    private final Map<Path, Reader> pipes = new LinkedHashMap<>();

    private NotifySettings settings = NotifySettings.NONE;
    private volatile boolean closed;

    private record Reader(NotifyFifo fifo, Optional<Process> process) {}

    /** Starts the thread, in the network namespace of the caller, before any loop raises its own priority. */
    public NotifyScripts() {
        teller.setDaemon(true);
        teller.start();
    }

    /**
     * Opens the pipes of these settings; those open already stay so, those no longer named are removed, and closed when
     * all that happened before has been told.
     *
     * @throws IOException with a sentence for the operator, if one cannot be opened; nothing has changed then
     */
    public synchronized void use(NotifySettings newSettings) throws IOException {
        Map<Path, NotifyFifo> opened = new LinkedHashMap<>();
        Map<NotifySettings.Fifo, NotifyFifo> next = new LinkedHashMap<>();
        try {
            for (NotifySettings.Fifo fifo : newSettings.fifos()) {
                NotifyFifo file = named.get(fifo);
                if (file == null) {
                    file = NotifyFifo.open(fifo.path(), fifo.user(), fifo.group());
                    opened.put(fifo.path(), file);
                }
                next.put(fifo, file);
            }
        } catch (IOException e) {
            opened.values().forEach(NotifyFifo::close);
            throw e;
        }
        named.keySet().removeAll(next.keySet());
        named.forEach((fifo, file) -> release(file, opened.get(fifo.path())));
        named = next;
        enqueue("the new settings", () -> apply(newSettings, opened));
    }

    /** The file goes now and not when the pipe is closed: by then the next settings may have found it and count on it. */
    private static void release(NotifyFifo file, @Nullable NotifyFifo successor) {
        if (successor != null) {
            successor.replace(file);
        } else {
            file.remove();
        }
    }

    /**
     * Starts the scripts for a change: its own first, then the generic one with keepalived's further arguments; then
     * writes the pipes.
     */
    public void tell(Notification notification, Optional<Script> own, Optional<Script> generic) {
        enqueue(notification.line().strip(), () -> {
            own.ifPresent(script -> runner.start(script, settings));
            generic.filter(script -> notification.state().isRole())
                    .ifPresent(script -> runner.start(script.with(notification.arguments()), settings));
            pipes.values().forEach(pipe -> pipe.fifo().write(notification));
        });
    }

    /** Changes nobody was told of because too many were waiting. */
    public long dropped() {
        return dropped.get();
    }

    /** Scripts that could not be started, or ended with another code than 0. */
    public long failed() {
        return runner.failed();
    }

    /** Tells what is still waiting, then ends; waits no longer than a second, and as long for the scripts. */
    @Override
    public void close() {
        close(STOP_PATIENCE);
    }

    void close(Duration patience) {
        closed = true;
        // Lets the thread see that it is over. A full queue does that by itself.
        boolean unused = waiting.offer(() -> {});
        try {
            teller.join(2 * patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(NotifySettings newSettings, Map<Path, NotifyFifo> opened) {
        settings = newSettings;
        Map<Path, Reader> before = new LinkedHashMap<>(pipes);
        pipes.clear();
        for (NotifySettings.Fifo fifo : newSettings.fifos()) {
            NotifyFifo fresh = opened.get(fifo.path());
            Reader old = before.remove(fifo.path());
            if (fresh == null && old != null) {
                pipes.put(fifo.path(), old);
            } else if (fresh != null) {
                Optional.ofNullable(old).ifPresent(this::close);
                pipes.put(fifo.path(), new Reader(fresh, startReader(fifo)));
            }
        }
        before.values().forEach(this::close);
    }

    private Optional<Process> startReader(NotifySettings.Fifo fifo) {
        return fifo.reader()
                .flatMap(script ->
                        runner.startLasting(script.with(List.of(fifo.path().toString())), settings));
    }

    private void close(Reader reader) {
        reader.process().ifPresent(runner::end);
        reader.fifo().close();
    }

    private void enqueue(String what, Runnable work) {
        if (!waiting.offer(work)) {
            dropped.incrementAndGet();
            LOG.warn("nobody is told of {}: {} other changes are still waiting to be told", what, MOST_WAITING);
        }
    }

    private void tellAll() {
        try {
            while (!closed || !waiting.isEmpty()) {
                run(waiting.take());
            }
            runner.awaitRunning(STOP_PATIENCE);
            runner.endRunning();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            pipes.values().forEach(this::close);
            pipes.clear();
        }
    }

    /** One change that cannot be told must not keep those after it from being told. */
    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("a change could not be told; the next ones will be", e);
        }
    }

    /** Waits until nothing is waiting to be told; for tests. */
    boolean awaitTold(Duration patience) throws InterruptedException {
        BlockingQueue<Boolean> reached = new ArrayBlockingQueue<>(1);
        waiting.put(() -> reached.add(true));
        return reached.poll(patience.toMillis(), TimeUnit.MILLISECONDS) != null;
    }
}
