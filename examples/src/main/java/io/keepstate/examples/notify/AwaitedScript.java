// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.notify;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a script and waits for its end, as keepalived does before it begins and after it has ended ({@code startup_script},
 * {@code shutdown_script}). On the calling thread, whose network namespace and scheduling the script inherits.
 */
public final class AwaitedScript {
    private static final Logger LOG = LoggerFactory.getLogger(AwaitedScript.class);

    private AwaitedScript() {}

    /**
     * Runs it; what goes wrong is logged.
     *
     * @param timeout after which the script and its children are killed
     * @return whether it ended in time, with code 0
     */
    public static boolean run(Script script, NotifySettings settings, Duration timeout) {
        ScriptRunner runner = new ScriptRunner();
        Optional<Process> started = runner.start(script, settings);
        if (started.isEmpty()) {
            return false;
        }
        Process process = started.get();
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue() == 0;
            }
            LOG.warn("script {} takes longer than {} s and is killed", script.text(), timeout.toSeconds());
            runner.kill(process);
        } catch (InterruptedException e) {
            runner.kill(process);
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
