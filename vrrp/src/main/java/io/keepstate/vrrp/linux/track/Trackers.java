// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.linux.loop.CommandQueue;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.process.ProcessEvents;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedFile;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.TrackedProcess;
import io.keepstate.vrrp.TrackedScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks scripts, files and processes on a thread of its own, and keeps what is newest about each for the loop that
 * {@linkplain #drain asks}.
 *
 * <p>The thread has normal priority and scripts inherit that: start this before any thread takes a real-time policy. It,
 * and so every script, runs in the network namespace of the thread that calls {@link #start}. {@link #drain} belongs to one
 * thread; the rest may be called from any.
 */
public final class Trackers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trackers.class);
    private static final long STOP_MILLIS = 2000;
    private static final long ANSWER_MILLIS = 5000;
    /** Whoever changes something waits for it: there are no more of them than threads. */
    private static final int COMMAND_LIMIT = 64;

    private final TrackBoard board;
    private final EventLoop loop;
    private final Thread thread;
    private final CommandQueue<Trackers> commands = new CommandQueue<>(COMMAND_LIMIT, LOG, "the tracking thread");
    private final ScriptLauncher launcher = new ScriptLauncher();
    /** Belongs to the tracking thread, as all below. */
    private final List<ScriptTracker> scripts = new ArrayList<>();

    private Set<Tracked> tracked = Set.of();
    private @Nullable FileTrackers files;
    private @Nullable ProcessTrackers processes;

    private Trackers(ThreadFactory threads, TrackedObjects objects, Set<Tracked> wanted, Runnable wake) {
        this.board = new TrackBoard(wake);
        this.loop = new EventLoop("track-loop", new Duty(), (part, times, last) -> {});
        this.thread = threads.newThread(() -> run(objects, wanted));
    }

    /**
     * Starts to track.
     *
     * @param threads makes the thread; give it a daemon thread, so that it cannot keep a program alive
     * @param objects the definitions
     * @param wanted what is referred to: everything else is left alone; interfaces are ignored
     * @param wake told, on the tracking thread, that {@link #drain} has something to tell
     * @throws IllegalArgumentException if something is referred to that is not defined
     */
    public static Trackers start(ThreadFactory threads, TrackedObjects objects, Set<Tracked> wanted, Runnable wake) {
        check(objects, wanted);
        Trackers started = new Trackers(threads, objects, wanted, wake);
        started.thread.start();
        return started;
    }

    private static void check(TrackedObjects objects, Set<Tracked> wanted) {
        for (Tracked each : wanted) {
            if (each.isObject() && !objects.defines(each)) {
                throw new IllegalArgumentException(each + " is tracked but not defined; define it or correct the name");
            }
        }
    }

    /** Tells what has changed since the last call. */
    public void drain(TrackListener listener) {
        board.drain(listener);
    }

    /**
     * Tracks other things from now on, and waits until it does. What is defined as before goes on undisturbed; a script
     * that is defined otherwise keeps its last answer until it has another.
     *
     * @throws IllegalArgumentException if something is referred to that is not defined; nothing has changed then
     * @throws IllegalStateException if the tracking thread does not answer
     */
    public void change(TrackedObjects objects, Set<Tracked> wanted) {
        check(objects, wanted);
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean taken = commands.offer(tracking -> {
            try {
                tracking.use(objects, wanted, System.nanoTime());
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        if (!taken) {
            throw new IllegalStateException(COMMAND_LIMIT + " changes wait for the tracking thread already");
        }
        loop.wakeUp();
        try {
            done.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while what is tracked was changed", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("what is tracked could not be changed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the tracking thread did not answer in " + ANSWER_MILLIS + " ms", e);
        }
    }

    /** Lets {@link #drain} tell all that is known once more, for those who have only begun to listen; on its thread. */
    public void tellAgain() {
        board.tellAgain();
    }

    /** Ends the thread and every script that is running. */
    @Override
    public void close() {
        loop.stop();
        boolean interrupted = false;
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(TrackedObjects objects, Set<Tracked> wanted) {
        try (loop) {
            use(objects, wanted, System.nanoTime());
            loop.run();
        } catch (RuntimeException e) {
            LOG.error("tracking ended; what is tracked keeps its last state", e);
        } finally {
            scripts.forEach(ScriptTracker::terminate);
            scripts.forEach(ScriptTracker::close);
            if (files != null) {
                files.close();
            }
            if (processes != null) {
                processes.close();
            }
        }
    }

    private void use(TrackedObjects objects, Set<Tracked> wanted, long nowNanos) {
        useScripts(objects, wanted, nowNanos);
        useFiles(objects, wanted, nowNanos);
        useProcesses(objects, wanted, nowNanos);
        tracked.stream().filter(each -> !wanted.contains(each)).forEach(board::forget);
        tracked = Set.copyOf(wanted);
    }

    private void useScripts(TrackedObjects objects, Set<Tracked> wanted, long nowNanos) {
        List<ScriptTracker> before = new ArrayList<>(scripts);
        scripts.clear();
        for (TrackedScript script : objects.scripts()) {
            if (wanted.contains(new Tracked(Tracked.Kind.SCRIPT, script.name()))) {
                scripts.add(take(before, known -> known.monitor().script().equals(script))
                        .orElseGet(() -> new ScriptTracker(
                                script, launcher, loop::wakeUp, writer(Tracked.Kind.SCRIPT, script.name()), nowNanos)));
            }
        }
        before.forEach(ScriptTracker::terminate);
        before.forEach(ScriptTracker::close);
    }

    private void useFiles(TrackedObjects objects, Set<Tracked> wanted, long nowNanos) {
        List<FileTracker> before = new ArrayList<>(files == null ? List.of() : files.files());
        List<FileTracker> after = new ArrayList<>();
        for (TrackedFile file : objects.files()) {
            if (wanted.contains(new Tracked(Tracked.Kind.FILE, file.name()))) {
                after.add(take(before, known -> known.file().equals(file))
                        .orElseGet(() -> new FileTracker(file, writer(Tracked.Kind.FILE, file.name()))));
            }
        }
        FileTrackers opened = files;
        if (opened == null && !after.isEmpty()) {
            FileTrackers fresh = new FileTrackers(nowNanos);
            opened = fresh;
            files = fresh;
            loop.register(fresh, "tracked files", Readiness.READ, (readiness, now) -> fresh.receive());
        }
        if (opened != null) {
            opened.use(after);
        }
    }

    private void useProcesses(TrackedObjects objects, Set<Tracked> wanted, long nowNanos) {
        List<ProcessTracker> before = new ArrayList<>(processes == null ? List.of() : processes.trackers());
        List<ProcessTracker> after = new ArrayList<>();
        for (TrackedProcess process : objects.processes()) {
            if (wanted.contains(new Tracked(Tracked.Kind.PROCESS, process.name()))) {
                after.add(take(before, known -> known.definition().equals(process))
                        .orElseGet(() -> new ProcessTracker(process, writer(Tracked.Kind.PROCESS, process.name()))));
            }
        }
        ProcessTrackers opened = processes;
        if (opened == null && !after.isEmpty()) {
            opened = openProcesses(nowNanos);
        }
        if (opened != null) {
            opened.use(after, nowNanos);
        }
    }

    private static <T> Optional<T> take(List<T> from, Predicate<T> which) {
        Optional<T> found = from.stream().filter(which).findFirst();
        found.ifPresent(from::remove);
        return found;
    }

    private ProcessTrackers openProcesses(long nowNanos) {
        ProcessTrackers opened = new ProcessTrackers(nowNanos);
        processes = opened;
        ProcessEvents events = opened.events();
        if (events != null) {
            loop.register(events, "tracked processes", Readiness.READ, (readiness, now) -> opened.receive(now));
        }
        return opened;
    }

    private Consumer<TrackValue> writer(Tracked.Kind kind, String name) {
        Tracked what = new Tracked(kind, name);
        return value -> board.write(what, value);
    }

    private final class Duty implements DutyCycle {
        @Override
        public int doWork(long nowNanos) {
            commands.run(Trackers.this);
            for (ScriptTracker script : scripts) {
                script.advance(nowNanos);
            }
            if (files != null) {
                files.advance(nowNanos);
            }
            if (processes != null) {
                processes.advance(nowNanos);
            }
            return 0;
        }

        @Override
        public long nextDeadline() {
            long earliest = Math.min(
                    files == null ? Long.MAX_VALUE : files.nextDeadline(),
                    processes == null ? Long.MAX_VALUE : processes.nextDeadline());
            for (ScriptTracker script : scripts) {
                earliest = Math.min(earliest, script.nextDeadline());
            }
            return earliest;
        }
    }
}
