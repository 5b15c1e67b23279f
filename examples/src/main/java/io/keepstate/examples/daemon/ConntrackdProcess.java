// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.conntrackd.ConntrackdWords;
import io.keepstate.linux.process.WorkingDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code conntrackd} and {@code conntrackd -d}: a node that only replicates, as a process like conntrackd's. */
public final class ConntrackdProcess {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private ConntrackdProcess() {}

    /** Runs until it is told to end. Answers 0 after a clean end, 1 if it cannot start. */
    public static int run(ConntrackdOptions options) {
        DaemonLog.useConntrackdConsole();
        Path file = options.configFile().toAbsolutePath(); // HUP reads it again, from another directory perhaps
        Optional<Path> own = options.keepstateConf().map(Path::toAbsolutePath);
        if (!Files.isReadable(file)) {
            return cannotStart("can't open config file `" + options.configFile() + "'");
        }
        Supplier<Settings> reader =
                () -> Settings.read(Optional.empty(), Optional.of(file)).withOwn(own, Optional.of(file));
        Settings settings = reader.get();
        settings.findings().forEach(ConntrackdProcess::tellCaller);
        if (settings.hasErrors()) {
            settings.findings().forEach(ConntrackdProcess::log);
            WaitingLauncher.tell(1, "");
            return 1;
        }
        Daemon daemon = new Daemon(settings, reader, false);
        return daemon.run(failure -> {
            if (failure.isEmpty()) {
                if (options.background()) {
                    WorkingDirectory.leave();
                }
                LOG.info("-- starting in {} mode --", options.background() ? "daemon" : "console");
                WaitingLauncher.tell(0, "");
            } else {
                LOG.error("conntrackd cannot start, please review your configuration");
                WaitingLauncher.tell(1, DaemonLog.line("ERROR", failure.get()));
            }
        });
    }

    /** Who called with {@code -d} sees no console; conntrackd speaks of its file before it leaves the terminal. */
    private static void tellCaller(Finding finding) {
        String level = finding.severity() == Severity.ERROR ? "ERROR" : "warning";
        ConntrackdWords.of(finding).forEach(line -> WaitingLauncher.say(DaemonLog.line(level, line)));
    }

    /** An error in conntrackd's words, as its client says it. */
    private static void log(Finding finding) {
        if (finding.severity() == Severity.ERROR) {
            ConntrackdWords.of(finding).forEach(LOG::error);
        } else {
            Daemon.log(finding);
        }
    }

    private static int cannotStart(String reason) {
        LOG.error("{}", reason);
        WaitingLauncher.tell(1, DaemonLog.line("ERROR", reason));
        return 1;
    }
}
