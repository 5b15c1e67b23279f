// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.keepstate.examples.cli.Main;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code keepstate keepalived} as a process beside the installed keepalived: the same files, signals, pipes. */
@ExtendWith(LabExtension.class)
class KeepalivedProcessInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int JSON = 36;
    private static final int STATS_CLEAR = 63;
    private static final int HUP = 1;

    private static final String CONFIGURATION = """
            global_defs {
                vrrp_notify_fifo %1$s/fifo
                script_user root
                startup_script "/bin/sh -c 'ip -o address > %1$s/at-start'"
                shutdown_script "/bin/sh -c 'ip -o address > %1$s/at-end'"
            }
            vrrp_sync_group G1 {
                group {
                    E1
                    I1
                }
            }
            vrrp_instance E1 {
                interface eth0
                virtual_router_id 61
                version 3
                advert_int 0.1
                priority 150
                virtual_ipaddress {
                    10.9.0.100/24
                }
                virtual_ipaddress_excluded {
                    2001:db8:9::100/64
                }
            }
            vrrp_instance I1 {
                interface eth1
                virtual_router_id 62
                version 3
                advert_int 0.1
                priority 150
                garp_master_delay 1
                nopreempt
                virtual_ipaddress {
                    10.9.1.100
                }
                notify_master "/bin/true m"
            }
            """;

    private static final String ANOTHER = """
            track_group S {
                group {
                    X
                }
            }
            static_ipaddress {
                10.8.0.1/24 dev eth1 track_group S
            }
            vrrp_script works {
                script /bin/true
            }
            vrrp_instance X {
                interface eth0
                use_vmac
                track_script {
                    works
                }
                virtual_router_id 70
                version 3
                advert_int 0.1
                virtual_ipaddress {
                    10.9.0.200/24
                }
            }
            """;

    private Lab lab;
    private LabNamespace a;
    private LabNamespace b;

    @BeforeEach
    void twoMachines(Lab someLab) {
        Requires.program("keepalived");
        Requires.program("env");
        lab = someLab;
        a = lab.namespace("a");
        b = lab.namespace("b");
        for (int leg = 0; leg < 2; leg++) {
            lab.veth(a, "eth" + leg, b, "eth" + leg);
            a.address("eth" + leg, "10.9." + leg + ".1/24");
            b.address("eth" + leg, "10.9." + leg + ".2/24");
        }
    }

    @Test
    void jsonHasTheKeysOfTheInstalledKeepalivedInItsOrder() throws IOException {
        List<String> theirs = keysOfJson(theirs("theirs", a));
        List<String> ours = keysOfJson(ours("ours", a));
        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void pipesHaveTheLinesOfTheInstalledKeepalived() {
        List<String> theirs = linesOfPipe(theirs("theirs", a));
        List<String> ours = linesOfPipe(ours("ours", a));
        assertThat(ours).isEqualTo(theirs).hasSize(9);
    }

    @Test
    void aReloadIsNoticedByNobody() throws IOException {
        Daemon active = ours("ours", a);
        active.awaitActive();
        Daemon backup = theirs("theirs", b);
        backup.edit("priority 150", "priority 50");
        backup.restart();
        Lab.eventually(PATIENCE, () -> backup.process.output().contains("(I1) Entering BACKUP"), "the peer listens");
        active.edit("10.9.0.100/24", "10.9.0.100/24\n10.9.0.101/24");
        active.signal(HUP);
        Lab.eventually(PATIENCE, () -> a.holds("10.9.0.101"), "the new address is up: " + active.process.output());
        active.edit("priority 150", "priority 200");
        active.signal(HUP);
        Lab.eventually(
                PATIENCE,
                () -> active.process.output().contains("E1: priority 150 -> 200"),
                "the new priority counts: " + active.process.output());
        active.edit("\n10.9.0.101/24", "");
        active.edit("virtual_router_id 62", "virtual_router_id 620");
        active.signal(HUP);
        Lab.eventually(PATIENCE, () -> active.process.output().contains("reload refused"), "a bad file is refused");
        assertThat(a.holds("10.9.0.101")).isTrue();
        active.edit("virtual_router_id 620", "virtual_router_id 62");
        active.signal(HUP);
        Lab.eventually(PATIENCE, () -> !a.holds("10.9.0.101"), "the address is down: " + active.process.output());
        assertThat(a.holds("10.9.0.100")).isTrue();
        assertThat(a.holds("10.9.1.100")).isTrue();
        // At 100 ms three missed advertisements and the skew would have made it MASTER.
        assertThat(backup.process.output()).doesNotContain("MASTER STATE");
        assertThat(active.process.output()).doesNotContain("ACTIVE -> BACKUP", "ACTIVE -> FAULT");
    }

    @Test
    void instancesComeAndGoAndTheOthersDoNotNotice() throws IOException {
        Daemon daemon = ours("ours", a);
        daemon.awaitActive();
        LabProcess reader = a.start("sh", "-c", "exec cat " + daemon.directory.resolve("fifo"));
        daemon.append(ANOTHER);
        daemon.signal(HUP);
        Lab.eventually(PATIENCE, () -> a.holds("10.9.0.200"), "the new instance is active: " + daemon.process.output());
        assertThat(a.holds("10.8.0.1")).as("the static address").isTrue();
        assertThat(a.run("ip", "-o", "address", "show", "dev", "vrrp.70")).contains("10.9.0.200/24");
        daemon.edit("virtual_router_id 62", "virtual_router_id 63");
        daemon.edit(ANOTHER, "");
        daemon.signal(HUP);
        Lab.eventually(PATIENCE, () -> !a.holds("10.9.0.200"), "it is gone: " + daemon.process.output());
        Lab.eventually(
                PATIENCE,
                () -> reader.output().contains("INSTANCE \"I1\" FAULT 150\nINSTANCE \"I1\" MASTER 150\n"),
                "the changed instance left its group and joined it: " + reader.output());
        assertThat(a.holds("10.9.0.100") && a.holds("10.9.1.100")).isTrue();
        assertThat(daemon.process.output()).as("its group").doesNotContain("ACTIVE -> BACKUP", "E1: ACTIVE ->");
        Lab.eventually(
                PATIENCE,
                () -> reader.output().contains("INSTANCE \"X\" FAULT"),
                "its end is told: " + reader.output());
        assertThat(reader.output()).contains("INSTANCE \"X\" BACKUP 100\nINSTANCE \"X\" MASTER 100\n");
        daemon.end();
        reader.terminate();
        assertThat(a.holds("10.9.0.100")).isFalse();
        assertThat(a.holds("10.9.1.100")).isFalse();
        assertThat(a.holds("10.8.0.1")).isFalse();
        for (String moment : List.of("at-start", "at-end")) {
            assertThat(daemon.file(moment))
                    .as("addresses %s", moment)
                    .contains("10.9.0.1/24")
                    .doesNotContain("10.9.0.100", "10.9.1.100", "10.8.0.1");
        }
    }

    @Test
    void countersBeginAtZeroAfterTheyWereCleared() throws IOException {
        Daemon daemon = ours("ours", a);
        daemon.awaitActive();
        daemon.signal(STATS_CLEAR);
        String first = daemon.file("keepalived.stats");
        assertThat(first).contains("Became master: 1");
        daemon.signal(STATS_CLEAR);
        Lab.eventually(
                PATIENCE,
                () -> daemon.file("keepalived.stats").contains("Became master: 0"),
                "counted from zero: " + daemon.process.output());
    }

    private Daemon theirs(String name, LabNamespace where) {
        return new Daemon(name, where, List.of("keepalived", "-n", "-l", "-G", "-D", "-P"));
    }

    /** Started as the launcher does it. */
    private Daemon ours(String name, LabNamespace where) {
        return new Daemon(
                name,
                where,
                List.of(
                        "env",
                        "--block-signal=HUP,USR1,USR2,RTMIN+2,RTMAX-1",
                        "_JAVA_SR_SIGNUM=40",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "keepalived",
                        "-n",
                        "-l",
                        "-G"));
    }

    private static List<String> keysOfJson(Daemon daemon) throws IOException {
        daemon.awaitActive();
        daemon.signal(JSON);
        String json = daemon.file("keepalived.json");
        daemon.end();
        List<String> keys = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.FIELD_NAME && !token.isStructEnd() && !token.isStructStart()) {
                    continue;
                }
                keys.add(token == JsonToken.FIELD_NAME ? parser.currentName() : token.asString());
            }
        }
        return keys;
    }

    private static List<String> linesOfPipe(Daemon daemon) {
        LabProcess reader = daemon.where.start("sh", "-c", "exec cat " + daemon.directory.resolve("fifo"));
        Lab.eventually(
                PATIENCE,
                () -> reader.output().contains("GROUP \"G1\" MASTER"),
                "the group is active: " + daemon.process.output());
        daemon.end();
        Lab.eventually(
                PATIENCE, () -> reader.output().contains("GROUP \"G1\" STOP"), "the end is told: " + reader.output());
        reader.terminate();
        // Which of the two instances is elected first is left to chance.
        List<String> lines = new ArrayList<>(reader.output().lines().toList());
        lines.subList(3, 5).sort(null);
        return lines;
    }

    /** A daemon with a directory of its own for configuration, process id files, pipe and dumps. */
    private final class Daemon {
        final Path directory;
        final LabNamespace where;
        private final List<String> command;
        LabProcess process;

        Daemon(String name, LabNamespace where, List<String> command) {
            this.where = where;
            this.command = command;
            try {
                directory = Files.createDirectories(lab.directory().resolve(name));
                Files.writeString(directory.resolve("keepalived.conf"), CONFIGURATION.formatted(directory));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            process = start();
        }

        private LabProcess start() {
            List<String> all =
                    new ArrayList<>(List.of("sh", "-c", "trap '' HUP; TMPDIR=" + directory + " exec \"$@\"", "x"));
            all.addAll(command);
            all.addAll(List.of(
                    "-f", directory.resolve("keepalived.conf").toString(),
                    "-p", directory.resolve("pid").toString(),
                    "-r", directory.resolve("vrrp_pid").toString()));
            LabProcess started = where.start(all.toArray(String[]::new));
            Lab.eventually(
                    PATIENCE,
                    () -> Files.exists(directory.resolve("fifo")) || !started.isAlive(),
                    "it runs: " + started.output());
            return started;
        }

        void restart() {
            end();
            process = start();
        }

        void end() {
            process.terminate();
            process.await(PATIENCE);
        }

        void awaitActive() {
            Lab.eventually(PATIENCE, () -> where.holds("10.9.0.100") && where.holds("10.9.1.100"), process.output());
        }

        void edit(String from, String to) throws IOException {
            Path file = directory.resolve("keepalived.conf");
            String text = Files.readString(file);
            assertThat(text).contains(from);
            Files.writeString(file, text.replace(from, to));
        }

        void append(String text) throws IOException {
            Path file = directory.resolve("keepalived.conf");
            Files.writeString(file, Files.readString(file) + text);
        }

        void signal(int number) {
            where.run("sh", "-c", "kill -" + number + " " + pid());
        }

        private String pid() {
            try {
                return Files.readString(directory.resolve("pid")).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String file(String name) {
            Path file = directory.resolve(name);
            Lab.eventually(PATIENCE, () -> Files.exists(file), file + " is written: " + process.output());
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
