// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.process.ProcessEvents;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
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

    private final TrackBoard board;
    private final EventLoop loop;
    private final Thread thread;
    private final List<ScriptTracker> scripts = new ArrayList<>();
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
            if (each.kind() != Tracked.Kind.INTERFACE && !objects.defines(each)) {
                throw new IllegalArgumentException(each + " is tracked but not defined; define it or correct the name");
            }
        }
    }

    /** Tells what has changed since the last call. */
    public void drain(TrackListener listener) {
        board.drain(listener);
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
            open(objects, wanted, System.nanoTime());
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

    private void open(TrackedObjects objects, Set<Tracked> wanted, long nowNanos) {
        ScriptLauncher launcher = new ScriptLauncher();
        objects.scripts().stream()
                .filter(script -> wanted.contains(new Tracked(Tracked.Kind.SCRIPT, script.name())))
                .map(script -> new ScriptTracker(
                        script, launcher, loop::wakeUp, writer(Tracked.Kind.SCRIPT, script.name()), nowNanos))
                .forEach(scripts::add);
        List<FileTracker> wantedFiles = objects.files().stream()
                .filter(file -> wanted.contains(new Tracked(Tracked.Kind.FILE, file.name())))
                .map(file -> new FileTracker(file, writer(Tracked.Kind.FILE, file.name())))
                .toList();
        if (!wantedFiles.isEmpty()) {
            FileTrackers opened = new FileTrackers(wantedFiles, nowNanos);
            files = opened;
            loop.register(opened, "tracked files", Readiness.READ, (readiness, now) -> opened.receive());
        }
        List<ProcessTracker> wantedProcesses = objects.processes().stream()
                .filter(process -> wanted.contains(new Tracked(Tracked.Kind.PROCESS, process.name())))
                .map(process -> new ProcessTracker(process, writer(Tracked.Kind.PROCESS, process.name())))
                .toList();
        if (!wantedProcesses.isEmpty()) {
            openProcesses(new ProcessTrackers(wantedProcesses, nowNanos));
        }
    }

    private void openProcesses(ProcessTrackers opened) {
        processes = opened;
        ProcessEvents events = opened.events();
        if (events != null) {
            loop.register(events, "tracked processes", Readiness.READ, (readiness, now) -> opened.receive(now));
        }
    }

    private Consumer<TrackValue> writer(Tracked.Kind kind, String name) {
        Tracked what = new Tracked(kind, name);
        return value -> board.write(what, value);
    }

    private final class Duty implements DutyCycle {
        @Override
        public int doWork(long nowNanos) {
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
