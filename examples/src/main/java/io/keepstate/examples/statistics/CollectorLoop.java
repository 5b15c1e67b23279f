// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.ConntrackUnavailableException;
import io.keepstate.conntrack.EventStream;
import io.keepstate.conntrack.EventType;
import io.keepstate.conntrack.TableDump;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Flow;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that collects: the kernel's events and table into a {@link FlowCollector}, what ended into the log. */
public final class CollectorLoop implements DutyCycle, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CollectorLoop.class);
    private static final int EVENT_BUDGET = 4096;
    private static final int DUMP_BUDGET = 4;
    private static final int COMMANDS = 64;
    private static final long PACE_NANOS = 1_000_000;
    private static final long LOG_NANOS = 200_000_000;
    private static final long RETRY_NANOS = 5_000_000_000L;
    private static final long PATIENCE_MILLIS = 5_000;

    private final long pollNanos;
    private final Conntrack conntrack;
    private final @Nullable EventStream events;
    private final EndedFlowLog log;
    private final TableFlush flush;
    private final FlowCollector collector;
    private final EventLoop loop;
    private final Thread thread;
    private final BlockingQueue<Runnable> commands = new ArrayBlockingQueue<>(COMMANDS);
    private @Nullable TableDump dump;
    private int mark;
    private boolean readingDue = true;
    private long nextReading = Long.MAX_VALUE;
    private long logDue = Long.MAX_VALUE;
    private long readings;
    private long overruns;

    private CollectorLoop(CollectorSettings settings, Conntrack conntrack, EndedFlowLog log) {
        this.conntrack = conntrack;
        this.log = log;
        this.flush = new TableFlush(conntrack);
        this.collector = new FlowCollector(
                settings, new SecureRandom().nextLong(), flow -> log.add(flow, System.currentTimeMillis()));
        this.loop = new EventLoop("statistics", this, (part, failures, last) -> {});
        this.pollNanos =
                settings.netlink().pollInterval().map(Duration::toNanos).orElse(0L);
        this.events = pollNanos > 0 ? null : conntrack.subscribe(EnumSet.allOf(EventType.class));
        if (events != null) {
            loop.registerPaced(events, "conntrack events", PACE_NANOS, (readiness, now) -> read(events, now));
        }
        this.thread = new Thread(loop::run, "statistics");
        thread.setDaemon(true);
    }

    /**
     * Begins to collect in the calling thread's network namespace. The log is closed with it.
     *
     * @throws IOException with a sentence for the operator
     */
    public static CollectorLoop start(CollectorSettings settings, EndedFlowLog log) throws IOException {
        Conntrack conntrack;
        try {
            conntrack = Conntrack.open(ConntrackOptions.DEFAULTS
                    .withEventBuffer(
                            settings.netlink().buffer(), settings.netlink().bufferLimit())
                    .withReliableEvents(settings.netlink().reliable()));
        } catch (ConntrackUnavailableException e) {
            throw new IOException("connection tracking: " + e.getMessage(), e);
        }
        CollectorLoop collector;
        try {
            collector = new CollectorLoop(settings, conntrack, log);
        } catch (RuntimeException e) {
            conntrack.close();
            throw e;
        }
        collector.thread.start();
        return collector;
    }

    private int read(EventStream stream, long nowNanos) {
        int result = stream.receive((type, flow, origin) -> collector.onEvent(type, flow, nowNanos), EVENT_BUDGET);
        if (result == EventStream.OVERRUN) {
            overruns++;
            readingDue = true;
        }
        return result;
    }

    @Override
    public int doWork(long nowNanos) {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        if (nowNanos - nextReading >= 0) {
            nextReading = Long.MAX_VALUE;
            readingDue = true;
        }
        int done = readTable(nowNanos) + flush.doWork();
        if (logDue == Long.MAX_VALUE) {
            logDue = nowNanos + LOG_NANOS;
        } else if (nowNanos - logDue >= 0) {
            log.write();
            logDue = nowNanos + LOG_NANOS;
        }
        return done;
    }

    private int readTable(long nowNanos) {
        TableDump running = dump;
        if (running == null && readingDue) {
            readingDue = false;
            mark = collector.beginReading();
            try {
                running = conntrack.startDump(DumpFilter.ALL);
            } catch (LinuxException e) {
                collector.readingOver();
                LOG.warn("the kernel's table cannot be read, which is tried again: {}", e.getMessage());
                nextReading = nowNanos + RETRY_NANOS;
                return 0;
            }
            dump = running;
            flush.readingBegins();
        }
        if (running == null) {
            return 0;
        }
        int flows = running.doWork(flow -> onTable(flow, nowNanos), DUMP_BUDGET);
        if (running.isDone()) {
            running.close();
            dump = null;
            flush.readingEnds();
            readings++;
            readingDue |= !collector.readingOver();
            if (running.errno() == 0) {
                collector.endReading(mark);
            } else {
                nextReading = nowNanos + RETRY_NANOS;
            }
            if (pollNanos > 0) {
                nextReading = nowNanos + pollNanos;
            }
        }
        return flows;
    }

    private void onTable(Flow flow, long nowNanos) {
        if (collector.onTable(flow, nowNanos)) {
            flush.onTable(flow);
        }
    }

    @Override
    public long nextDeadline() {
        return dump != null || readingDue || flush.isDue() ? Long.MIN_VALUE : Math.min(nextReading, logDue);
    }

    /**
     * Asks something on the collecting thread and waits for the answer.
     *
     * @throws IllegalStateException if it does not answer
     */
    public <T> T ask(Function<CollectorLoop, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = commands.offer(() -> {
            try {
                answer.complete(question.apply(this));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        loop.wakeUp();
        try {
            if (!taken) {
                throw new IllegalStateException("the statistics are too busy to answer");
            }
            return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the statistics were asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the statistics could not answer", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the statistics did not answer in " + PATIENCE_MILLIS + " ms", e);
        }
    }

    FlowCollector collector() {
        return collector;
    }

    /** Reads the table again, when it is next its turn. */
    void resync() {
        readingDue = true;
    }

    /** Deletes the kernel's flows that pass the filter; {@code done} is run on the collecting thread when they are gone. */
    void flushKernel(Runnable done) {
        flush.request(done);
        readingDue = true;
    }

    long readings() {
        return readings;
    }

    long flushes() {
        return flush.completed();
    }

    long overruns() {
        return overruns;
    }

    int bufferSize() {
        return events == null ? 0 : events.bufferSize();
    }

    /** Ends the thread; what has ended by then is in the log. */
    @Override
    public void close() throws IOException {
        loop.stop();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            return; // its sockets and its log end with the process
        }
        loop.close();
        TableDump open = dump;
        if (open != null) {
            open.close();
        }
        conntrack.close();
        log.close();
    }
}
