// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code keepstate keepalived}: a node that only elects, as a process like keepalived's. */
public final class KeepalivedProcess {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final int CANNOT_START = 2;

    private final KeepalivedOptions options;

    private KeepalivedProcess(KeepalivedOptions options) {
        this.options = options;
    }

    /** Runs until a signal ends it. Answers 0 after a clean end, or if it runs already; 2 if it cannot start. */
    public static int run(KeepalivedOptions options) {
        return new KeepalivedProcess(options).run();
    }

    private int run() {
        CLibrary.libc(); // before syslog, which needs it
        DaemonLog.open(options.logging());
        try {
            enterNamespace();
            for (Path file : pidFiles()) {
                Optional<Long> owner = PidFile.livingOwner(file);
                if (owner.isPresent()) {
                    String says = "daemon is already running: process " + owner.get() + ", by " + file;
                    LOG.info("{}", says);
                    WaitingLauncher.tell(0, says);
                    return 0;
                }
            }
            return runNode();
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
            WaitingLauncher.tell(CANNOT_START, String.valueOf(e.getMessage()));
            return CANNOT_START;
        }
    }

    private int runNode() throws IOException {
        Supplier<Settings> reader = () -> Settings.keepalived(options);
        Settings settings = reader.get();
        if (settings.hasErrors()) {
            settings.findings().forEach(Daemon::log);
            throw new IOException("the configuration " + options.configFile() + " cannot be used: `keepalived -t' lists"
                    + " its errors");
        }
        Daemon daemon = new Daemon(settings, reader, false);
        for (Path file : pidFiles()) {
            daemon.own("process id file", PidFile.write(file));
        }
        int code = daemon.run(failure -> {
            if (failure.isEmpty() && options.dumpConfiguration()) {
                daemon.logData();
            }
            WaitingLauncher.tell(failure.isEmpty() ? 0 : CANNOT_START, failure.orElse(""));
        });
        return code == 0 ? 0 : CANNOT_START;
    }

    /** Threads made from here on inherit it. */
    private void enterNamespace() throws IOException {
        if (options.namespace().isEmpty()) {
            return;
        }
        Path path = Path.of("/run/netns").resolve(options.namespace().get());
        try (NetworkNamespace namespace = NetworkNamespace.open(path)) {
            namespace.enterThisThread();
        } catch (LinuxException e) {
            throw new IOException("cannot enter the network namespace " + path + " (" + e.getMessage()
                    + "): make it with `ip netns add', or correct -s");
        }
    }

    private List<Path> pidFiles() {
        List<Path> files = new ArrayList<>();
        files.add(options.pidFile().orElseGet(() -> defaultFile("keepalived.pid")));
        files.add(options.vrrpPidFile().orElseGet(() -> defaultFile("keepalived_vrrp.pid")));
        return files;
    }

    /** The directory for a namespace is keepalived's own choice (keepalived(8), NAMESPACES). */
    private Path defaultFile(String name) {
        return options.namespace()
                .map(namespace -> Path.of("/run/keepalived/keepalived_" + namespace))
                .orElse(Path.of("/run"))
                .resolve(name);
    }
}
