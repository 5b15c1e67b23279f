// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.demo.DemoCommand;
import io.keepstate.linux.libc.NativeUnavailableException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top command: lists the subcommands and says which of them are not built yet. */
@Command(
        name = "keepstate",
        description = "High availability for stateful Linux firewalls: VRRP and connection state in one process.",
        mixinStandardHelpOptions = true,
        version = "keepstate 0.1.0",
        subcommands = {DemoCommand.class, DaemonCommand.class, DumpCommand.class, VrrpScenarioCommand.class})
final class KeepstateCommand implements Callable<Integer> {
    /** Exit code of a command line that cannot be run. */
    static final int CANNOT_RUN = 2;

    private static final List<String> LATER = List.of("sim", "status", "top", "doctor", "handover", "explain");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    static int execute(String[] args) {
        if (args.length > 0 && LATER.contains(args[0])) {
            System.err.println("keepstate " + args[0] + " is not built yet: `keepstate --help' lists what is.");
            return CANNOT_RUN;
        }
        return new CommandLine(new KeepstateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof NativeUnavailableException) {
                        System.err.println("keepstate " + args[0] + ": " + failure.getMessage());
                        return CANNOT_RUN;
                    }
                    throw failure;
                })
                .execute(args);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing command: name one of the commands below.");
    }

    /** Listed for the help only: it is dispatched before this class is loaded. */
    @Command(name = "keepalived", description = "Same arguments and exit codes as keepalived(8), VRRP part.")
    int keepalived() {
        return CANNOT_RUN;
    }

    /** Listed for the help only: it is dispatched before this class is loaded. */
    @Command(name = "conntrackd", description = "Same arguments, output and exit codes as conntrackd(8).")
    int conntrackd() {
        return CANNOT_RUN;
    }

    /** Listed for the help only: it is dispatched before this class is loaded. */
    @Command(name = "conntrack", description = "Same arguments, output and exit codes as conntrack(8).")
    int conntrack() {
        return CANNOT_RUN;
    }
}
