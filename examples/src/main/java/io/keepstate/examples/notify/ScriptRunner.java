// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import io.keepstate.linux.process.Signals;
import io.keepstate.vrrp.linux.track.ScriptLauncher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts scripts as the user they are for. Nobody waits for them; an exit code other than 0 is logged. Children of the
 * thread that calls: they inherit its scheduling and its network namespace, and get SIGTERM when it ends.
 */
final class ScriptRunner {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyScripts.class);
    private static final String ROOT = "root";

    private final ScriptLauncher launcher = new ScriptLauncher();
    private final AtomicLong failed = new AtomicLong();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /** Starts a script; empty if it cannot be, which is logged. */
    Optional<Process> start(Script script, NotifySettings settings) {
        Optional<String> user = script.user().or(settings::user);
        Optional<String> group = script.user().isPresent() ? script.group() : settings.group();
        boolean asRoot = user.isEmpty() || user.get().equals(ROOT) || user.get().equals("0");
        if (settings.security() && asRoot) {
            Optional<String> complaint =
                    ScriptSecurity.complaint(Path.of(script.argv().get(0)));
            if (complaint.isPresent()) {
                failed.incrementAndGet();
                LOG.warn("{}", complaint.get());
                return Optional.empty();
            }
        }
        String program = script.argv().get(0);
        if (program.startsWith("/") && !Files.isExecutable(Path.of(program))) {
            failed.incrementAndGet();
            LOG.warn("script {} cannot be started: check its path and that it may be executed", program);
            return Optional.empty();
        }
        try {
            boolean change = user.isPresent() && !(asRoot && group.isEmpty());
            Process process =
                    launcher.start(script.argv(), change ? user : Optional.empty(), change ? group : Optional.empty());
            running.add(process);
            Object unused = process.onExit().whenComplete((ended, failure) -> ended(script, ended));
            return Optional.of(process);
        } catch (IOException e) {
            failed.incrementAndGet();
            LOG.warn(
                    "script {} cannot be started ({}): check its path and that it may be executed",
                    program,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Scripts that could not be started, or ended with another code than 0. */
    long failed() {
        return failed.get();
    }

    /** Waits for the scripts that run now, no longer than this. */
    void awaitRunning(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        for (Process process : running) {
            try {
                process.onExit().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (ExecutionException | TimeoutException e) {
                return; // its time is over
            }
        }
    }

    /** Asks all that run now to end, their children too. */
    void endRunning() {
        running.forEach(this::end);
    }

    /** Starts a program that runs for as long as the daemon does: its end is not awaited. */
    Optional<Process> startLasting(Script script, NotifySettings settings) {
        Optional<Process> started = start(script, settings);
        started.ifPresent(running::remove);
        return started;
    }

    /** Asks a script and its children to end. */
    void end(Process process) {
        launcher.signal(process, Signals.SIGTERM);
    }

    /** Ends a script and its children at once. */
    void kill(Process process) {
        launcher.signal(process, Signals.SIGKILL);
    }

    private void ended(Script script, Process ended) {
        running.remove(ended);
        int code = ended.exitValue();
        if (code == 0) {
            LOG.info("script {} ended with code 0", script.text());
        } else {
            failed.incrementAndGet();
            LOG.warn("script {} ended with code {}", script.text(), code);
        }
    }
}
