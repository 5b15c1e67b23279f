// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code bin/conntrackd} as a process: into the background and back, signals, a crash, what it loads as a client. */
@ExtendWith(LabExtension.class)
class ConntrackdLifecycleKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final Path OURS = Path.of("target/keepstate/bin/conntrackd");

    private Path directory;
    private Path configuration;
    private Path lock;
    private Path socket;
    private LabNamespace namespace;
    private ConntrackdClient client;

    @BeforeEach
    void machine(Lab lab) throws IOException {
        Requires.program("setsid");
        assumeTrue(Files.isExecutable(OURS), "no distribution in target/keepstate: run the package phase first");
        directory = lab.directory();
        lock = directory.resolve("lock");
        socket = directory.resolve("ctl");
        namespace = lab.namespace("fw");
        lab.veth(namespace, "eth2", lab.namespace("wires"), "w");
        namespace.address("eth2", "10.0.0.1/24");
        client = new ConntrackdClient(namespace, OURS.toAbsolutePath().toString());
        configuration = write("conntrackd.conf", directory.resolve("log"));
    }

    @AfterEach
    void nobodyStays() throws IOException {
        if (lock != null && Files.exists(lock)) {
            ProcessHandle.of(owner()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private Path write(String name, Path logFile) throws IOException {
        return Files.writeString(directory.resolve(name), """
                Sync {
                    Mode FTFW {
                        PurgeTimeout 5
                    }
                    UDP {
                        IPv4_address 10.0.0.1
                        IPv4_Destination_Address 10.0.0.2
                        Port 3780
                        Interface eth2
                    }
                }
                General {
                    LogFile %s
                    LockFile %s
                    UNIX {
                        Path %s
                    }
                }
                """.formatted(logFile, lock, socket));
    }

    private long owner() throws IOException {
        return Long.parseLong(Files.readAllLines(lock).get(0));
    }

    @Test
    void aDaemonInTheBackgroundFromItsStartToItsEnd() throws Exception {
        assertThat(client.run(configuration, "-d")).as("-d").isEqualTo(new ConntrackdClient.Run(0, "", ""));
        assertThat(client.run(configuration, "-s").out())
                .as("it serves when -d returns")
                .contains("cache internal:");
        long limit = LONG ? 200 : 1000;
        assertThat(medianMillis(limit)).as("what -s takes, in ms").isLessThan(limit);
        long first = owner();
        assertThat(Path.of("/proc", Long.toString(first), "cwd").toRealPath())
                .as("it keeps no file system in use")
                .isEqualTo(Path.of("/"));

        ConntrackdClient.Run second = client.run(configuration, "-d");
        assertThat(second.code()).isEqualTo(1);
        assertThat(second.out()).isEmpty();
        assertThat(second.err())
                .hasLineCount(1)
                .contains("[ERROR] lockfile `" + lock + "' exists, perhaps conntrackd already running?")
                .contains("process " + first);

        for (String signal : List.of("HUP", "USR1", "USR2", "ALRM", "PIPE")) {
            namespace.run("sh", "-c", "kill -" + signal + " " + first);
        }
        List<SocketChannel> silent = silentClients();
        assertThat(client.run(configuration, "-s cache").code())
                .as("it lives, beside silent clients")
                .isZero();
        for (SocketChannel channel : silent) {
            channel.close();
        }

        namespace.run("sh", "-c", "kill -KILL " + first);
        Lab.eventually(PATIENCE, () -> ProcessHandle.of(first).isEmpty() || !isServed(), "it is dead");
        assertThat(client.run(configuration, "-s"))
                .extracting(ConntrackdClient.Run::code, run -> run.normalised().err())
                .containsExactly(1, "[ERROR] can't connect: is conntrackd running? appropriate permissions?\n");
        assertThat(client.run(configuration, "-d").code())
                .as("what it left is taken over")
                .isZero();
        assertThat(owner()).isNotEqualTo(first);

        assertThat(client.run(configuration, "-k")).isEqualTo(new ConntrackdClient.Run(0, "", ""));
        assertThat(lock).as("gone when -k returns").doesNotExist();
        assertThat(socket).doesNotExist();
        assertThat(Files.readString(directory.resolve("log")))
                .contains("initialization completed", "-- starting in daemon mode --", "---- shutdown received ----")
                .contains("took over the lock file " + lock + " of process " + first);
    }

    /** Of five runs of {@code -s}; of the best of some such rounds, since the machine is not ours alone. */
    private long medianMillis(long limit) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 5 && best >= limit; round++) {
            long[] millis = LongStream.generate(() -> {
                        long start = System.nanoTime();
                        client.run(configuration, "-s");
                        return (System.nanoTime() - start) / 1_000_000;
                    })
                    .limit(5)
                    .sorted()
                    .toArray();
            System.out.println("conntrackd -s: " + Arrays.toString(millis) + " ms");
            best = Math.min(best, millis[2]);
        }
        return best;
    }

    private boolean isServed() {
        return client.run(configuration, "-s").code() == 0;
    }

    /** Some say nothing, some half a number, some too much, some do not read. */
    private List<SocketChannel> silentClients() throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(new byte[i % 4 == 3 ? 64 : i % 4]));
            clients.add(channel);
        }
        return clients;
    }

    /** What primary-backup.sh does with a dead daemon: conntrackd's file is all that it names. */
    @Test
    void aDaemonStartedWithItsFileAloneHasOurSettingsToo() throws Exception {
        Requires.program("setpriv");
        String[] group = Files.readAllLines(Path.of("/etc/group")).stream()
                .map(line -> line.split(":"))
                .filter(fields -> fields.length > 2 && !fields[2].equals("0"))
                .findFirst()
                .orElseThrow();
        Files.writeString(directory.resolve("keepstate.conf"), "control_group " + group[0] + "\n");
        Files.writeString(configuration, "General {\n    Nice -20\n}\n" + Files.readString(configuration));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r--r--"));
        ConntrackdClient.Run start = client.run(configuration, "-d");
        assertThat(start.code()).isZero();
        assertThat(start.normalised().err())
                .as("what is odd about the file, said to the caller")
                .hasLineCount(1)
                .startsWith("[warning] " + configuration + ":2: Nice: has no effect");

        assertThat(statsAs("--groups", group[2]).out()).as("a member").contains("cache internal:");
        ConntrackdClient.Run stranger = statsAs("--clear-groups").normalised();
        assertThat(stranger.code()).isEqualTo(1);
        assertThat(stranger.out()).isEmpty();
        assertThat(stranger.err()).endsWith("[ERROR] can't connect: is conntrackd running? appropriate permissions?\n");
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(statsAs("--clear-groups").out())
                .as("a stranger, after somebody has opened the file to all")
                .isEmpty();
        assertThat(statsAs("--groups", group[2]).out()).contains("cache internal:");
        assertThat(client.run(configuration, "-s runtime").out()).containsPattern("local read failed:\\s+1\n");
        assertThat(client.run(configuration, "-k").code()).isZero();
    }

    /** Our client as nobody, who may read every file (it lies wherever this was built), but write none. */
    private ConntrackdClient.Run statsAs(String... groups) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid", "65534", "--regid", "65534"));
        command.addAll(List.of(groups));
        command.addAll(List.of("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search", "--"));
        command.addAll(List.of(client.program(), "-C", configuration.toString(), "-s"));
        return client.run(command);
    }

    @Test
    void aLogThatCannotBeWrittenIsOneSentence() throws Exception {
        Path file = write("unwritable.conf", directory.resolve("none/log"));
        ConntrackdClient.Run run = client.run(file, "-d");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .hasLineCount(1)
                .contains("[ERROR] cannot write the log file " + directory.resolve("none/log"))
                .contains("change LogFile");
        assertThat(lock).doesNotExist();
        assertThat(socket).doesNotExist();
    }

    @Test
    void aLogThatIsAPipeIsRefusedAndNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        ConntrackdClient.Run run = client.run(write("pipe.conf", pipe), "-d");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).hasLineCount(1).contains("it is a named pipe").contains("name a file, or use Syslog");
    }

    @Test
    void aClientLoadsNothingThatItDoesNotNeed() throws Exception {
        Path classes = directory.resolve("classes");
        String option = "KEEPSTATE_JAVA_OPTS=-Xlog:class+load:file=" + classes;
        ConntrackdClient.Run run =
                client.run(List.of("env", option, client.program(), "-C", configuration.toString(), "-s"));
        assertThat(run.code()).isEqualTo(1);
        List<String> loaded = Files.readAllLines(classes);
        assertThat(loaded).hasSizeGreaterThan(300);
        assertThat(loaded)
                .noneMatch(line -> line.contains(" jnr.")
                        || line.contains(" com.kenai.jffi")
                        || line.contains(" io.netty.")
                        || line.contains(" ch.qos.logback")
                        || line.contains(" org.slf4j")
                        || line.contains(" picocli"));
        assertThat(loaded.stream().filter(line -> line.contains(" io.keepstate.") && !line.contains("$$Lambda")))
                .as("its own classes come from the archive that packaging made")
                .allMatch(line -> line.contains("shared objects file"));
    }

    @Test
    void aMissingArchiveCostsTimeAndNothingElse() throws Exception {
        Path home = Files.createDirectories(directory.resolve("elsewhere"));
        Files.createDirectories(home.resolve("lib"));
        Path distribution = OURS.toAbsolutePath().getParent().getParent();
        // A copy in another directory: neither the archive nor the paths in it are there.
        Path bin = Files.createDirectories(home.resolve("bin"));
        for (Path script : list(distribution.resolve("bin"))) {
            Files.copy(script, bin.resolve(script.getFileName().toString()), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (Path jar : list(distribution.resolve("lib"))) {
            if (jar.toString().endsWith(".jar")) {
                Files.createSymbolicLink(
                        home.resolve("lib").resolve(jar.getFileName().toString()), jar);
            }
        }
        ConntrackdClient elsewhere =
                new ConntrackdClient(namespace, bin.resolve("conntrackd").toString());
        assertThat(elsewhere.run(configuration, "-s").normalised())
                .isEqualTo(client.run(configuration, "-s").normalised());
        Files.copy(distribution.resolve("lib/client.jsa"), home.resolve("lib/client.jsa"));
        assertThat(elsewhere.run(configuration, "-s").normalised())
                .as("an archive of another place")
                .isEqualTo(client.run(configuration, "-s").normalised());
    }

    private static List<Path> list(Path some) throws IOException {
        try (var files = Files.list(some)) {
            return files.toList();
        }
    }
}
