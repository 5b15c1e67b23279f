// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Either client with either daemon: every command of the manual page, the same output but for counters and times. Two
 * machines with the same flows, one with the installed conntrackd, one with ours.
 */
@ExtendWith(LabExtension.class)
class ConntrackdCommandsInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String INSTALLED = "conntrackd";
    private static final Path OURS = Path.of("target/keepstate/bin/conntrackd");

    private static final String FTFW = """
            Mode FTFW {
                CommitTimeout 1800
                PurgeTimeout 5
            }
            UDP {
                IPv4_address 10.0.0.1
                IPv4_Destination_Address 10.0.0.2
                Port 3780
                Interface eth2
                Checksum on
            }
            Options {
                ExpectationSync on
            }
            """;

    private static final List<String> FLOWS = List.of(
            "-s 10.5.0.1 -d 10.5.0.2 -p tcp --sport 1113 --dport 81 --state ESTABLISHED -u SEEN_REPLY,ASSURED -t 300 -m 4",
            "-s 10.5.0.1 -d 10.5.0.2 -p tcp --sport 1114 --dport 82 --state SYN_SENT -t 300",
            "-s 10.5.0.1 -d 10.5.0.2 -p udp --sport 1115 --dport 53 -t 300 -w 7",
            "-s 10.5.0.1 -d 10.5.0.2 -p icmp --icmp-type 8 --icmp-code 0 --icmp-id 77 -t 300",
            "-s 10.5.0.1 -d 10.5.0.2 -p gre --srckey 17 --dstkey 34 -t 300",
            "-s 2001:db8::1 -d 2001:db8::2 -p tcp --sport 5 --dport 6 --state FIN_WAIT -u SEEN_REPLY -t 300",
            "-s 10.5.0.3 -d 10.5.0.2 -p tcp --sport 9 --dport 80 --state ESTABLISHED -u SEEN_REPLY,ASSURED -t 300"
                    + " -n 9.9.9.9:5555");

    /** What prints something. In this order: what is asked for first changes nothing. */
    private static final List<String> QUESTIONS = List.of(
            "-i",
            "-i ct -x",
            "-e",
            "-s",
            "-s cache",
            "-s network",
            "-s runtime",
            "-s link",
            "-s process",
            "-s queue",
            "-s expect",
            "-i expect",
            "-e expect",
            "-i expect -x",
            "-e expect -x");

    private static final List<String> ORDERS = List.of(
            "-c",
            "-c ct",
            "-c expect",
            "-f external",
            "-f internal",
            "-f",
            "-R ct",
            "-R expect",
            "-R",
            "-B",
            "-n",
            "-t",
            "-F ct",
            "-F expect",
            "-F");

    /** Without a daemon: what is wrong is said in the same words. */
    private static final List<String> MISTAKES =
            List.of("-s foo", "-f foo", "-x", "-s -x", "-d -s", "-Q", "-i bogus", "-B bogus", "-s multicast");

    private record Machine(LabNamespace namespace, Path configuration, LabProcess daemon) {
        ConntrackdClient.Run ask(String program, String words) {
            return new ConntrackdClient(namespace, program)
                    .run(configuration, words)
                    .normalised();
        }

        void awaitAnswer() {
            Lab.eventually(
                    PATIENCE,
                    () -> !daemon.isAlive() || ask(INSTALLED, "-s").code() == 0,
                    configuration + " answers: " + daemon.output());
        }
    }

    /** What {@code -s} shows otherwise in another mode, over another transport, without caches. */
    private static final List<String> STATISTICS =
            List.of("-s", "-s cache", "-s expect", "-s network", "-s link", "-s queue", "-s rsqueue");

    private static final List<String> SYNC_BLOCKS = List.of("""
            Mode NOTRACK {
                CommitTimeout 1800
            }
            TCP {
                IPv4_address 10.0.0.1
                IPv4_Destination_Address 10.0.0.2
                Port 3780
                Interface eth2
            }
            """, """
            Mode ALARM {
                RefreshTime 60
            }
            UDP {
                IPv4_address 10.0.0.1
                IPv4_Destination_Address 10.0.0.2
                Port 3780
                Interface eth2
            }
            UDP Default {
                IPv4_address 10.0.1.1
                IPv4_Destination_Address 10.0.1.2
                Port 3780
                Interface eth3
            }
            """, """
            Mode NOTRACK {
                DisableInternalCache On
                DisableExternalCache On
            }
            Multicast {
                IPv4_address 225.0.0.50
                IPv4_interface 10.0.0.1
                Group 3780
                Interface eth2
            }
            Options {
                ExpectationSync On
            }
            """);

    @Test
    void everyModeAndTransportShowsTheSameStatistics(Lab lab) throws Exception {
        Requires.program("conntrackd");
        Requires.program("conntrack");
        assumeTrue(Files.isExecutable(OURS), "no distribution in target/keepstate: run the package phase first");
        List<Machine> theirs = new ArrayList<>();
        List<Machine> own = new ArrayList<>();
        for (String block : SYNC_BLOCKS) {
            own.add(machine(lab, "o" + own.size(), OURS.toAbsolutePath().toString(), block));
            theirs.add(machine(lab, "t" + theirs.size(), INSTALLED, block));
        }
        for (List<Machine> all : List.of(theirs, own)) {
            for (Machine machine : all) {
                machine.awaitAnswer();
                create(machine, FLOWS.subList(0, 2));
            }
        }
        SoftAssertions all = new SoftAssertions();
        for (int i = 0; i < SYNC_BLOCKS.size(); i++) {
            awaitFlows(theirs.get(i), 2);
            awaitFlows(own.get(i), 2);
            for (String words : STATISTICS) {
                all.assertThat(own.get(i).ask(INSTALLED, words))
                        .as("%s of %s", words, SYNC_BLOCKS.get(i))
                        .isEqualTo(theirs.get(i).ask(INSTALLED, words));
            }
        }
        all.assertAll();
    }

    @Test
    void eitherClientAsksEitherDaemon(Lab lab) throws Exception {
        Requires.program("conntrackd");
        Requires.program("conntrack");
        assumeTrue(Files.isExecutable(OURS), "no distribution in target/keepstate: run the package phase first");
        String ours = OURS.toAbsolutePath().toString();
        Machine theirs = machine(lab, "theirs", INSTALLED, FTFW);
        Machine own = machine(lab, "ours", ours, FTFW);
        theirs.awaitAnswer();
        own.awaitAnswer();
        for (Machine machine : List.of(theirs, own)) {
            create(machine, FLOWS);
            awaitFlows(machine, FLOWS.size());
            assertThat(machine.ask(INSTALLED, "-i").out()).contains("dst=9.9.9.9");
        }
        SoftAssertions all = new SoftAssertions();
        for (String words : QUESTIONS) {
            ConntrackdClient.Run expected = theirs.ask(INSTALLED, words);
            all.assertThat(own.ask(INSTALLED, words))
                    .as("installed client, our daemon: %s", words)
                    .isEqualTo(expected);
            all.assertThat(theirs.ask(ours, words))
                    .as("our client, installed daemon: %s", words)
                    .isEqualTo(expected);
            all.assertThat(own.ask(ours, words))
                    .as("our client, our daemon: %s", words)
                    .isEqualTo(expected);
        }
        for (Machine machine : List.of(theirs, own)) {
            for (String client : List.of(INSTALLED, ours)) {
                // Which messages wait for an answer at this moment is nobody's to say: there is no peer.
                all.assertThat(machine.ask(client, "-s rsqueue").out())
                        .as("-s rsqueue")
                        .matches("resent queue \\(len=#+\\)((\nobject -> seq:#)|(\ncontrol -> seq:# flags:\\d+))*");
            }
        }
        ConntrackdClient.Run silence = new ConntrackdClient.Run(0, "", "");
        for (String words : ORDERS) {
            all.assertThat(theirs.ask(ours, words))
                    .as("our client, installed daemon: %s", words)
                    .isEqualTo(silence);
            all.assertThat(own.ask(INSTALLED, words))
                    .as("installed client, our daemon: %s", words)
                    .isEqualTo(silence);
        }
        all.assertThat(log(own))
                .contains(
                        "committing all external caches",
                        "flushing caches",
                        "resync with master conntrack table",
                        "sending bulk update",
                        "resync requested",
                        "flushing conntrack table in 5 secs",
                        "flushing kernel conntrack table",
                        "initialization completed",
                        "-- starting in console mode --");
        all.assertThat(own.ask(INSTALLED, "-k"))
                .as("installed client ends our daemon")
                .isEqualTo(silence);
        all.assertThat(own.configuration.resolveSibling("ours.lock"))
                .as("-k returns when all is gone")
                .doesNotExist();
        all.assertThat(theirs.ask(ours, "-k"))
                .as("our client ends the installed daemon")
                .isEqualTo(silence);
        all.assertThat(theirs.configuration.resolveSibling("theirs.lock")).doesNotExist();
        all.assertThat(own.daemon.await(PATIENCE)).isZero();
        all.assertThat(theirs.daemon.await(PATIENCE)).isZero();
        for (String words : MISTAKES) {
            sameMistake(all, theirs.ask(INSTALLED, words), theirs.ask(ours, words), words);
        }
        all.assertAll();
    }

    private static void sameMistake(
            SoftAssertions all, ConntrackdClient.Run expected, ConntrackdClient.Run actual, String words) {
        all.assertThat(actual.err()).as("%s", words).isEqualTo(expected.err());
        all.assertThat(actual.out().isEmpty())
                .as("%s: usage", words)
                .isEqualTo(expected.out().isEmpty());
        // 1.4.7 ends with 0 after an option that it does not know, 1.4.9 and the manual page with 1.
        all.assertThat(actual.code())
                .as("%s", words)
                .isEqualTo(expected.err().contains("Unknown option") ? 1 : expected.code());
    }

    private static Machine machine(Lab lab, String name, String program, String sync) throws IOException {
        LabNamespace namespace = lab.namespace(name);
        LabNamespace wires = lab.namespace("wires");
        lab.veth(namespace, "eth2", wires, "w-" + name);
        namespace.address("eth2", "10.0.0.1/24");
        lab.veth(namespace, "eth3", wires, "x-" + name);
        namespace.address("eth3", "10.0.1.1/24");
        namespace.sysctl("net.netfilter.nf_conntrack_events", "1");
        namespace.nft("table ip nat { chain post { type nat hook postrouting priority srcnat; }\n}\n");
        Path configuration =
                Files.writeString(lab.directory().resolve(name + ".conf"), """
                Sync {
                    %3$s
                }
                General {
                    HashLimit 131072
                    LogFile %1$s/%2$s.log
                    Syslog off
                    LockFile %1$s/%2$s.lock
                    UNIX {
                        Path %1$s/%2$s.ctl
                    }
                    NetlinkBufferSize 2097152
                    NetlinkBufferSizeMaxGrowth 8388608
                    Filter From Userspace {
                        Address Ignore {
                            IPv4_address 10.0.0.1
                        }
                    }
                }
                """.formatted(lab.directory(), name, sync));
        return new Machine(namespace, configuration, namespace.start(program, "-C", configuration.toString()));
    }

    private static void create(Machine machine, List<String> flows) {
        for (String flow : flows) {
            machine.namespace.run(("conntrack -I " + flow).split(" "));
        }
    }

    private static void awaitFlows(Machine machine, int flows) {
        Lab.eventually(
                PATIENCE, () -> machine.ask(INSTALLED, "-i").out().lines().count() >= flows, "it has seen the flows");
    }

    private static String log(Machine machine) throws IOException {
        return Files.readString(machine.configuration.resolveSibling("ours.log"));
    }
}
