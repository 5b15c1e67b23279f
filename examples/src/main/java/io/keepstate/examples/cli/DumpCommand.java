// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

import io.keepstate.examples.dump.Dump;
import io.keepstate.examples.dump.DumpOptions;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code keepstate dump}. */
@Command(
        name = "dump",
        header = "Decodes VRRP, sync messages and announcements.",
        description = {
            "VRRP version 2 and 3 over IPv4 and IPv6, with authentication; conntrackd's sync messages over UDP;"
                    + " gratuitous ARP and unsolicited neighbour advertisements. Reads a capture (pcap or pcapng) or"
                    + " listens until SIGINT, which needs CAP_NET_RAW."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was malformed",
            "1:at least one message was malformed",
            "2:it cannot run, or the capture is damaged"
        },
        mixinStandardHelpOptions = true)
final class DumpCommand implements Callable<Integer> {
    @Option(
            names = {"-r", "--read"},
            paramLabel = "FILE",
            description = "The capture file to read; - for standard input.")
    private @Nullable Path file;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IFACE",
            description = "The interface to listen on.")
    private @Nullable String interfaceName;

    @Option(names = "--json", description = "One JSON object a line, as docs/dump.md describes it.")
    private boolean json;

    @Option(
            names = "--sync-port",
            paramLabel = "PORT",
            description = "UDP port of sync messages; default: ${DEFAULT-VALUE}.")
    private int syncPort = DumpOptions.SYNC_PORT;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "Ends after N frames, decoded or not.")
    private long count;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        DumpOptions options;
        try {
            options = new DumpOptions(
                    Optional.ofNullable(file), Optional.ofNullable(interfaceName), syncPort, count, json);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                false,
                StandardCharsets.UTF_8);
        return new Dump(options, out, System.err).run();
    }
}
