// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.daemon.Daemon;
import io.keepstate.examples.daemon.DaemonOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code keepstate daemon}. */
@Command(
        name = "daemon",
        description = "Runs one node in the foreground, in the current network namespace. SIGTERM: resign cleanly.",
        mixinStandardHelpOptions = true)
final class DaemonCommand implements Callable<Integer> {
    @Option(
            names = "--keepalived-conf",
            paramLabel = "FILE",
            description = "keepalived's configuration: the VRRP instances and groups.")
    private @Nullable Path keepalivedConf;

    @Option(
            names = "--conntrackd-conf",
            paramLabel = "FILE",
            description = "conntrackd's configuration: how state is replicated.")
    private @Nullable Path conntrackdConf;

    @Option(
            names = "--keepstate-conf",
            paramLabel = "FILE",
            description = "Settings of our own that neither of the two grammars has.")
    private @Nullable Path keepstateConf;

    @Option(names = "--without-sync", hidden = true, description = "Opens no sync socket: a demo's negative control.")
    private boolean withoutSync;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (keepalivedConf == null && conntrackdConf == null) {
            throw new ParameterException(
                    spec.commandLine(), "Nothing to do: give --keepalived-conf FILE, --conntrackd-conf FILE, or both.");
        }
        return Daemon.run(new DaemonOptions(
                Optional.ofNullable(keepalivedConf),
                Optional.ofNullable(conntrackdConf),
                Optional.ofNullable(keepstateConf),
                withoutSync));
    }
}
