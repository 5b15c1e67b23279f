// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.process.Signals;
import io.keepstate.vrrp.ScriptMonitor;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.TrackedScript;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one script as its {@link ScriptMonitor} says. Belongs to the tracking thread. */
final class ScriptTracker {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptTracker.class);
    private static final int NOT_FOUND = 127;
    private static final int NOT_EXECUTABLE = 126;
    private static final long LAST_WORD_MILLIS = 300;

    private final ScriptMonitor monitor;
    private final ScriptLauncher launcher;
    private final Runnable wake;
    private final Consumer<TrackValue> result;
    /** Runs that have ended; filled by a thread of the JDK. */
    private final Queue<Process> ended = new ConcurrentLinkedQueue<>();

    private @Nullable Process process;
    private boolean toldKnown;
    private boolean toldUp;

    /**
     * A script that is first run when it is first advanced.
     *
     * @param wake wakes the tracking thread; called from another one
     * @param result told whenever the script begins or ceases to work, and when that is first known
     */
    ScriptTracker(
            TrackedScript script, ScriptLauncher launcher, Runnable wake, Consumer<TrackValue> result, long nowNanos) {
        this.monitor = new ScriptMonitor(script, nowNanos);
        this.launcher = launcher;
        this.wake = wake;
        this.result = result;
        tell("is configured to count as failed until it succeeds");
    }

    ScriptMonitor monitor() {
        return monitor;
    }

    void advance(long nowNanos) {
        for (Process each = ended.poll(); each != null; each = ended.poll()) {
            if (each == process) {
                process = null;
                monitor.onExit(each.exitValue());
                tell("ended with code " + each.exitValue() + advice(each.exitValue()));
            }
        }
        while (true) {
            switch (monitor.advance(nowNanos)) {
                case NONE -> {
                    return;
                }
                case START -> start();
                case TERMINATE -> {
                    signal(Signals.SIGTERM);
                    tell("takes longer than its timeout of "
                            + monitor.script().timeout().toMillis() + " ms");
                }
                case KILL -> signal(Signals.SIGKILL);
            }
        }
    }

    long nextDeadline() {
        return monitor.nextDeadline();
    }

    private void start() {
        TrackedScript script = monitor.script();
        try {
            Process started = launcher.start(script.command(), script.user(), script.group());
            process = started;
            Object unused = started.onExit().thenRun(() -> {
                ended.add(started);
                wake.run();
            });
        } catch (IOException e) {
            monitor.onStartFailed();
            tell("cannot be started: " + e.getMessage());
        }
    }

    private void signal(int signal) {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            launcher.signal(running, signal);
        } catch (LinuxException e) {
            LOG.warn("script {} cannot be ended: {}", monitor.script().name(), e.getMessage());
        }
    }

    private void tell(String why) {
        if (!monitor.isKnown() || (toldKnown && toldUp == monitor.isUp())) {
            return;
        }
        toldKnown = true;
        toldUp = monitor.isUp();
        if (toldUp) {
            LOG.info("script {} works", monitor.script().name());
        } else {
            LOG.warn("script {} counts as failed: it {}", monitor.script().name(), why);
        }
        result.accept(TrackValue.of(toldUp));
    }

    private static String advice(int code) {
        return switch (code) {
            case NOT_FOUND -> ", which usually means that there is no such program";
            case NOT_EXECUTABLE -> ", which usually means that it may not be executed";
            default -> "";
        };
    }

    /** Asks a run that is still going to end. */
    void terminate() {
        signal(Signals.SIGTERM);
    }

    /** Makes a run end that was asked to. */
    void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            if (!running.waitFor(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS)) {
                signal(Signals.SIGKILL);
            }
        } catch (InterruptedException e) {
            signal(Signals.SIGKILL);
            Thread.currentThread().interrupt();
        }
    }
}
