// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.cli.KeepalivedArguments.Option;
import io.keepstate.examples.conf.keepalived.ConfigurationVerdict;
import io.keepstate.examples.daemon.KeepalivedOptions;
import io.keepstate.examples.daemon.SignalName;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * {@code keepstate keepalived}: the arguments and exit codes of keepalived(8), its VRRP part. What only answers
 * ({@code -v}, {@code -h}, {@code --signum}) loads neither the logging library nor anything native.
 */
final class KeepalivedCommand {
    static final String VERSION = "2.2.7";
    /** An argument that is not understood. */
    static final int USAGE = 1;
    /** The daemon cannot start. */
    static final int CANNOT_START = 2;
    /** The configuration file is not there, or is a directory or a device. */
    static final int NO_CONFIG = 6;

    private static final int LOG_DAEMON = 3;
    private static final int LOG_USER = 1;
    private static final int LOG_LOCAL0 = 16;

    private final PrintStream out;
    private final PrintStream err;
    private final Daemon daemon;

    /** What is done with arguments that ask for more than an answer. */
    interface Daemon extends ToIntFunction<KeepalivedOptions> {
        /** What is to be said about the configuration, and the exit code for it. */
        ConfigurationVerdict review(KeepalivedOptions options);
    }

    KeepalivedCommand(PrintStream out, PrintStream err, Daemon daemon) {
        this.out = out;
        this.err = err;
        this.daemon = daemon;
    }

    int run(List<String> args) {
        KeepalivedArguments arguments = KeepalivedArguments.parse(args);
        if (!arguments.errors().isEmpty()) {
            arguments.errors().forEach(err::println);
            return USAGE;
        }
        if (arguments.has(Option.VERSION)) {
            // On the error stream, as keepalived.
            err.println("Keepalived v" + VERSION + " (Keepstate, VRRP only). Licensed under Apache-2.0.");
            return 0;
        }
        if (arguments.has(Option.HELP)) {
            out.print(KeepalivedUsage.text());
            out.flush();
            return 0;
        }
        if (arguments.has(Option.SIGNUM)) {
            return signum(arguments.value(Option.SIGNUM).orElse(""));
        }
        if (arguments.has(Option.GENHASH) || (arguments.has(Option.CHECK) && !arguments.has(Option.VRRP))) {
            err.println("This is the VRRP part of keepalived only: there are no health checkers and no genhash;"
                    + " leave -C and -T out.");
            return CANNOT_START;
        }
        arguments.warnings().forEach(err::println);
        KeepalivedOptions options;
        try {
            options = options(arguments);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return USAGE;
        }
        if (arguments.has(Option.CONFIG_TEST)) {
            return test(options, arguments.value(Option.CONFIG_TEST).map(Path::of));
        }
        if (!Files.isReadable(options.configFile()) || !Files.isRegularFile(options.configFile())) {
            String why = Files.exists(options.configFile()) && !Files.isRegularFile(options.configFile())
                    ? " is no regular file"
                    : " cannot be read";
            err.println("Configuration file " + options.configFile() + why + ": name another one with -f");
            return NO_CONFIG;
        }
        return daemon.applyAsInt(options);
    }

    private int signum(String name) {
        Optional<SignalName> signal = SignalName.of(name);
        if (signal.isEmpty()) {
            err.println("Unknown sigfunc " + name);
            return USAGE;
        }
        out.println(signal.get().number());
        out.flush();
        return 0;
    }

    /** Checks the configuration file and runs nothing; the findings go to the error stream or to a file. */
    private int test(KeepalivedOptions options, Optional<Path> report) {
        ConfigurationVerdict verdict = daemon.review(options);
        StringBuilder text = new StringBuilder();
        verdict.findings().forEach(finding -> text.append(finding).append(System.lineSeparator()));
        try {
            if (report.isPresent()) {
                Files.writeString(report.get(), text);
            } else {
                err.print(text);
            }
        } catch (IOException e) {
            err.println("Unable to write the report " + report.get() + ": " + e.getMessage());
            return USAGE;
        }
        return verdict.exitCode();
    }

    private static KeepalivedOptions options(KeepalivedArguments arguments) {
        Optional<String> namespace = arguments.value(Option.NAMESPACE);
        return new KeepalivedOptions(
                arguments.value(Option.USE_FILE).map(Path::of).orElse(KeepalivedOptions.DEFAULT_CONFIG),
                arguments.value(Option.CONFIG_ID),
                arguments.value(Option.PID).map(Path::of),
                arguments.value(Option.VRRP_PID).map(Path::of),
                namespace,
                new KeepalivedOptions.Logging(
                        arguments.has(Option.LOG_CONSOLE),
                        !arguments.has(Option.NO_SYSLOG),
                        facility(arguments.value(Option.LOG_FACILITY)),
                        arguments.value(Option.LOG_FILE).map(Path::of),
                        arguments.has(Option.LOG_DETAIL)),
                arguments.has(Option.DUMP_CONF));
    }

    private static int facility(Optional<String> text) {
        if (text.isEmpty()) {
            return LOG_DAEMON;
        }
        String name = text.get().toLowerCase(Locale.ROOT);
        if (name.matches("(local)?[0-7]")) {
            return LOG_LOCAL0 + name.charAt(name.length() - 1) - '0';
        }
        return switch (name) {
            case "daemon" -> LOG_DAEMON;
            case "user" -> LOG_USER;
            default ->
                throw new IllegalArgumentException(
                        "Invalid log facility '" + text.get() + "': give 0 to 7, local0 to local7, user or daemon");
        };
    }
}
