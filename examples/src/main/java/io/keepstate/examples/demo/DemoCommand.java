// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keepstate demo}: a firewall pair loses its master, and the sessions through it live on. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "A firewall pair loses its master; your sessions do not.",
        description = {
            "Builds the reference setup on this machine, inside namespaces of its own: a client, a server, two"
                    + " firewalls. Opens 100 TCP sessions through them, switches the active firewall off, and judges"
                    + " every session by its content. Nothing outside is touched, nothing is left behind."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all sessions lived", "1:a session died", "2:the demo cannot run here"})
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--cycles",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many faults: power loss and clean stop in turn, on both nodes in turn (default 1).")
    private int cycles;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result to FILE.")
    private @Nullable Path json;

    @Option(
            names = "--without-sync",
            description = "The same firewalls without state synchronisation: the sessions must die (exit code 1).")
    private boolean withoutSync;

    @Option(
            names = "--groups",
            paramLabel = "N",
            defaultValue = "1",
            description = "1: one firewall is active, the other stands by (default). 2: two groups of addresses, each"
                    + " firewall active for one.")
    private int groups = 1;

    @Option(
            names = "--c-nodes",
            paramLabel = "WHICH",
            defaultValue = "none",
            hidden = true, // for comparisons and interoperability tests; in docs/demo.md
            description = "Which nodes run the installed keepalived and conntrackd instead: none, fw1, fw2 or both"
                    + " (default none). As root.")
    private String classicNodes = "none";

    @Option(
            names = "--own-conntrackd",
            hidden = true, // as --c-nodes
            description = "The nodes of --c-nodes run the installed keepalived with our conntrackd.")
    private boolean ownConntrackd;

    @Option(
            names = "--deviations",
            paramLabel = "LIST",
            defaultValue = "",
            hidden = true, // as --c-nodes
            description =
                    "What is different from the reference setup: no-external-cache, lan-sync, or both with a comma.")
    private String deviations = "";

    @Option(
            names = {"-v", "--verbose"},
            description = "Show what the nodes log.")
    private boolean verbose;

    /** Made by picocli, which then sets the options. */
    public DemoCommand() {}

    @Override
    public Integer call() {
        DemoOptions options;
        try {
            options = new DemoOptions(
                    cycles,
                    Optional.ofNullable(json).map(file -> file.toAbsolutePath().toString()),
                    withoutSync,
                    classicNodes,
                    ownConntrackd,
                    groups,
                    DemoOptions.deviations(deviations),
                    verbose);
        } catch (IllegalArgumentException wrong) {
            System.err.println("keepstate demo: " + wrong.getMessage());
            return Launcher.CANNOT_RUN;
        }
        return Launcher.launch(options);
    }
}
