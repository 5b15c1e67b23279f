// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepstate.examples.control.ControlClient;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A daemon that serves as conntrackd in a namespace of the lab, with files and a control socket of its own: the
 * installed one, or ours in a process of its own with the same configuration.
 */
final class Conntrackd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path LAUNCHER = Path.of("target/keepstate/bin/keepstate");
    private static final String FTFW = """
            Mode FTFW {
                DisableExternalCache Off
                CommitTimeout 1800
                PurgeTimeout 5
            }
            """;
    private static final AtomicInteger STARTS = new AtomicInteger();

    private final LabNamespace namespace;
    private final Path file;
    private final Path socket;
    private final Path log;
    private final LabProcess process;

    private Conntrackd(LabNamespace namespace, Path file, Path socket, Path log, LabProcess process) {
        this.namespace = namespace;
        this.file = file;
        this.socket = socket;
        this.log = log;
        this.process = process;
    }

    /** Starts the installed one, on machine 2 of such a wire, and waits until it answers. */
    static Conntrackd start(Lab lab, LabNamespace namespace, SyncWire wire) {
        return start(lab, namespace, wire, FTFW);
    }

    /** The same with this {@code Mode} block. */
    static Conntrackd start(Lab lab, LabNamespace namespace, SyncWire wire, String mode) {
        return start(lab, namespace, mode + wire.blocks(2), SyncWire.ignored(), List.of("conntrackd"));
    }

    /** Starts the installed one and waits until it answers. */
    static Conntrackd start(Lab lab, LabNamespace namespace, String own, String peer) {
        return start(lab, namespace, FTFW + block(own, peer), List.of(own, peer), List.of("conntrackd"));
    }

    /** Starts ours from the distribution of this build and waits until it answers. */
    static Conntrackd startKeepstate(Lab lab, LabNamespace namespace, String own, String peer) {
        assumeTrue(Files.isExecutable(LAUNCHER), "no distribution in target/keepstate: run the package phase first");
        List<String> program = List.of(LAUNCHER.toAbsolutePath().toString(), "conntrackd");
        return start(lab, namespace, FTFW + block(own, peer), List.of(own, peer), program);
    }

    private static String block(String own, String peer) {
        return """
                UDP {
                    IPv4_address %s
                    IPv4_Destination_Address %s
                    Port 3780
                    Interface eth2
                    SndSocketBuffer 1249280
                    RcvSocketBuffer 1249280
                    Checksum on
                }
                """.formatted(own, peer);
    }

    private static Conntrackd start(
            Lab lab, LabNamespace namespace, String links, List<String> ignored, List<String> program) {
        String name = "c" + STARTS.incrementAndGet();
        Path directory = lab.directory();
        Path file = directory.resolve(name + ".conf");
        Path log = directory.resolve(name + ".log");
        Path socket = directory.resolve(name + ".ctl");
        try {
            Files.writeString(file, configuration(directory, name, links, ignored));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("-C", file.toString()));
        LabProcess process = namespace.start(command.toArray(String[]::new));
        Conntrackd daemon = new Conntrackd(namespace, file, socket, log, process);
        Lab.eventually(
                PATIENCE,
                () -> !process.isAlive()
                        || !daemon.request(ControlRequest.STATS).isEmpty(),
                "conntrackd answers");
        assertThat(process.isAlive())
                .as("it runs: %s%s", process.output(), daemon.log())
                .isTrue();
        return daemon;
    }

    private static String configuration(Path directory, String name, String links, List<String> ignored) {
        String addresses = ignored.stream()
                .map(address -> (address.contains(":") ? "IPv6_address " : "IPv4_address ") + address)
                .collect(Collectors.joining("\n"));
        return """
                Sync {
                    %s
                }
                General {
                    HashSize 32768
                    HashLimit 262144
                    LogFile %s
                    Syslog off
                    LockFile %s
                    UNIX {
                        Path %s
                    }
                    NetlinkBufferSize 2097152
                    NetlinkBufferSizeMaxGrowth 8388608
                    Filter From Userspace {
                        Address Ignore {
                            %s
                        }
                    }
                }
                """.formatted(
                        links,
                        directory.resolve(name + ".log"),
                        directory.resolve(name + ".lock"),
                        directory.resolve(name + ".ctl"),
                        addresses);
    }

    /** Runs its client with these options and answers what it prints. */
    String ask(String... options) {
        List<String> command = new ArrayList<>(List.of("conntrackd", "-C", file.toString()));
        command.addAll(List.of(options));
        return namespace.run(command.toArray(String[]::new));
    }

    /** What its control socket answers; empty when nobody is there. Waits as the client does. */
    String request(ControlRequest request) {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        try {
            ControlClient.request(socket, request, reply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reply.toString(StandardCharsets.UTF_8);
    }

    /** {@code -i}. */
    Set<String> internal() {
        return CacheLines.of(ask("-i"));
    }

    /** {@code -e}. */
    Set<String> external() {
        return CacheLines.of(ask("-e"));
    }

    long pid() {
        return process.pid();
    }

    /** What it wrote to its log file. */
    String log() {
        return read(log);
    }

    /** What is in a log file; nothing if there is none. */
    static String read(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.close();
    }
}
