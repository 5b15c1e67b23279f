// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.conntrackd.ConntrackdConfig;
import io.keepstate.examples.conf.conntrackd.ConntrackdReader;
import io.keepstate.examples.conf.conntrackd.ConntrackdWords;
import io.keepstate.examples.conf.conntrackd.GeneralConfig;
import io.keepstate.examples.control.ControlClient;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.examples.control.LogLine;
import io.keepstate.examples.daemon.ConntrackdOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * {@code keepstate conntrackd}: the arguments, texts and exit codes of conntrackd(8). As a client it loads neither the
 * command-line library, the logging library nor anything native: scripts call it often and wait for it.
 */
final class ConntrackdCommand {
    static final String VERSION = "1.4.7";
    /** How long {@code -k} waits for lock file and socket to go. */
    private static final long END_WITHIN_NANOS = 10_000_000_000L;

    private static final long END_LOOK_MILLIS = 10;

    private final PrintStream out;
    private final PrintStream err;
    private final ToIntFunction<ConntrackdOptions> daemon;

    /** The command on these streams; {@code daemon} runs one and answers its exit code. */
    ConntrackdCommand(PrintStream out, PrintStream err, ToIntFunction<ConntrackdOptions> daemon) {
        this.out = out;
        this.err = err;
        this.daemon = daemon;
    }

    int run(List<String> args) {
        ConntrackdArguments arguments = ConntrackdArguments.parse(args);
        switch (arguments.action()) {
            case VERSION -> {
                // Scripts cut the number out between the v and the full stop.
                out.println("Connection tracking userspace daemon v" + VERSION + ". Licensed under Apache-2.0.");
                out.println("Keepstate, with the protocols and the command line of conntrackd " + VERSION + ".");
                out.flush();
                return 0;
            }
            case HELP -> {
                usage();
                return 0;
            }
            case USAGE_ERROR -> {
                log("ERROR", arguments.error());
                if (arguments.showUsage()) {
                    usage();
                }
                return 1;
            }
            case DETACH, FOREGROUND -> {
                return daemon.applyAsInt(new ConntrackdOptions(
                        Path.of(arguments.configFile()),
                        arguments.ownFile().isEmpty() ? Optional.empty() : Optional.of(Path.of(arguments.ownFile())),
                        arguments.action() == ConntrackdArguments.Action.DETACH));
            }
            default -> {
                if (!arguments.warning().isEmpty()) {
                    log("warning", arguments.warning());
                }
                ControlRequest request = arguments.request();
                return request == null ? 1 : request(Path.of(arguments.configFile()), request);
            }
        }
    }

    private int request(Path configFile, ControlRequest request) {
        if (!Files.isReadable(configFile)) {
            log("ERROR", "can't open config file `" + configFile + "'");
            return 1;
        }
        Reading<ConntrackdConfig> reading = ConntrackdReader.read(configFile);
        for (Finding finding : reading.findings()) {
            String level = finding.severity() == Severity.ERROR ? "ERROR" : "warning";
            ConntrackdWords.of(finding).forEach(line -> log(level, line));
        }
        if (reading.configuration().isEmpty()) {
            return 1;
        }
        GeneralConfig general = reading.get().general();
        Path socket = Path.of(general.unix().path());
        try {
            if (!ControlClient.request(socket, request, out)) {
                log("ERROR", "can't connect: is conntrackd running? appropriate permissions?");
                return 1;
            }
        } catch (IOException readerGone) {
            return 1; // whoever reads our output has left, for example `head'
        }
        if (request == ControlRequest.KILL) {
            awaitEnd(socket, Path.of(general.lockFile()));
        }
        return out.checkError() ? 1 : 0;
    }

    /** conntrackd answers before it has closed everything; a script that starts the next one must not be too early. */
    private static void awaitEnd(Path socket, Path lockFile) {
        long end = System.nanoTime() + END_WITHIN_NANOS;
        while ((Files.exists(socket) || Files.exists(lockFile)) && System.nanoTime() - end < 0) {
            try {
                Thread.sleep(END_LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void usage() {
        out.print("""
            Connection tracking userspace daemon v%s
            Usage: conntrackd [commands] [options]

            General commands:
              -d, run in the background
              -C [configfile], the configuration file
              -v, show the version
              -h, show this help

            Client mode commands:
              -c [ct|expect], commit the external cache to the kernel's table
              -f [internal|external], flush the caches
              -F [ct|expect], flush the kernel's table
              -i [ct|expect], show the internal cache
              -e [ct|expect], show the external cache
              -k, stop the daemon
              -s  [network|cache|runtime|link|rsqueue|process|queue|ct|expect|limits], show statistics
              -R [ct|expect], resync with the kernel's table
              -n, ask the other node for a resync
              -B, send everything to the other nodes
              -x, show a cache as XML (after -i or -e)
              -t, purge the kernel's table after PurgeTimeout

            """.formatted(VERSION));
        out.flush();
    }

    private void log(String level, String message) {
        err.println(LogLine.of(System.currentTimeMillis(), level, message));
    }
}
