// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.linux.process.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts scripts so that they can be ended with all their children: as leaders of a session, and with that of a process
 * group, of their own (setsid(1)); as another user if wanted (setpriv(1)). Both programs are part of util-linux. Standard
 * input is empty and output is discarded, as in keepalived; no signal is blocked or ignored (env(1)), and SIGTERM comes when
 * the thread that started it ends.
 *
 * <p>A child inherits network namespace and scheduling of the thread that starts it. Thread-safe.
 */
public final class ScriptLauncher {

    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Path ENV = Path.of("/usr/bin/env");
    /** Since coreutils 8.31. */
    private static final boolean DEFAULT_SIGNALS = canDefaultSignals();

    private static final ProcessBuilder.Redirect NOTHING =
            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile());

    private final boolean ownGroup = Files.isExecutable(SETSID);

    /**
     * Starts a program.
     *
     * @param command program and arguments
     * @param user whom to run it as; absent for the user of this process
     * @param group with which group; absent for the user's own groups
     * @throws IOException with a sentence if it cannot be started; a program that does not exist ends with code 127
     */
    public Process start(List<String> command, Optional<String> user, Optional<String> group) throws IOException {
        List<String> argv = new ArrayList<>();
        if (user.isPresent()) {
            if (!Files.isExecutable(SETPRIV)) {
                throw new IOException("to run it as user " + user.get() + " takes " + SETPRIV
                        + ", which is missing; install util-linux");
            }
            argv.add(SETPRIV.toString());
            argv.add("--reuid=" + user.get());
            argv.add("--regid=" + (group.isPresent() ? group.get() : primaryGroup(user.get())));
            argv.add("--init-groups");
        }
        if (ownGroup) {
            argv.add(SETSID.toString());
        }
        if (Files.isExecutable(SETPRIV)) {
            // After the change of user, which would clear it (prctl(2)); the parent is the thread that calls.
            argv.add(SETPRIV.toString());
            argv.add("--pdeathsig=TERM");
        }
        if (DEFAULT_SIGNALS) {
            // A daemon blocks and ignores signals that a script may rely on.
            argv.add(ENV.toString());
            argv.add("--default-signal");
        }
        argv.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(argv)
                .redirectInput(NOTHING)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // Meant for the Java machine alone, by whoever launched it.
        builder.environment().remove("_JAVA_SR_SIGNUM");
        return builder.start();
    }

    /** Sends a signal to a script started here and to all its children; nothing happens if it has ended. */
    public void signal(Process script, int signal) {
        if (!script.isAlive()) {
            return;
        }
        if (ownGroup) {
            // False where the leader has not made its group yet: it is signalled by itself then.
            if (Signals.sendToGroup((int) script.pid(), signal)) {
                return;
            }
        }
        script.descendants().forEach(child -> end(child, signal));
        end(script.toHandle(), signal);
    }

    private static boolean canDefaultSignals() {
        try {
            Process process = new ProcessBuilder(ENV.toString(), "--default-signal", "true")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String primaryGroup(String user) throws IOException {
        return PrimaryGroup.of(user).orElse(user);
    }

    private static void end(ProcessHandle process, int signal) {
        boolean unused = signal == Signals.SIGKILL ? process.destroyForcibly() : process.destroy();
    }
}
