// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.CommitCounts;
import io.keepstate.conntrack.Conntrack;
import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.examples.demo.lab.SteeringScript;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.Flow;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A firewall of a {@link ReferenceSetup}: its machine, the conntrackd on it, and what primary-backup.sh makes of that.
 * Files of its own stand in for those that all machines of the reference setup have at the same place.
 */
final class ReferenceFirewall {
    /** Whose conntrackd runs on a firewall. */
    enum Software {
        /** Ours, from the distribution of this build. */
        OURS,
        /** The installed one, in C. */
        C;

        String program() {
            return this == OURS
                    ? LAUNCHER.resolveSibling("conntrackd").toAbsolutePath().toString()
                    : "/usr/sbin/conntrackd";
        }
    }

    /** In the long form a dozen daemons start at a time. */
    static final Duration PATIENCE = Duration.ofSeconds(Boolean.getBoolean("keepstate.long") ? 90 : 30);

    private static final Path LAUNCHER = Path.of("target/keepstate/bin/keepstate");
    private static final int LIFETIME_SECONDS = 3600;

    final Software software;
    private final Lab lab;
    private final LabNamespace wires;
    private final String setup;
    private final int number;
    private final UnaryOperator<String> edit;
    private final String rules;
    private final Path file;
    private final Path log;
    private final Path script;
    private @Nullable LabNamespace machine;
    private @Nullable Conntrack conntrack;
    private @Nullable LabProcess daemon;

    /**
     * A firewall that is switched off.
     *
     * @param wires where its cables end
     * @param number 1 or 2
     * @param edit what is different in its conntrackd.conf
     */
    ReferenceFirewall(
            Lab lab,
            LabNamespace wires,
            String setup,
            int number,
            Software software,
            UnaryOperator<String> edit,
            String rules) {
        this.lab = lab;
        this.wires = wires;
        this.setup = setup;
        this.number = number;
        this.software = software;
        this.edit = edit;
        this.rules = rules;
        this.file = path("conf");
        this.log = path("log");
        this.script = path("sh");
    }

    private Path path(String suffix) {
        return lab.directory().resolve(setup + "-fw" + number + "." + suffix);
    }

    LabNamespace machine() {
        return Objects.requireNonNull(machine, "it is off");
    }

    boolean isOn() {
        return machine != null;
    }

    /** Cables, addresses, rules; nothing runs yet. */
    void powerOn() {
        LabNamespace on = lab.namespace(setup + "-fw" + number);
        machine = on;
        on.sysctl("net.ipv4.ip_forward", "1");
        on.sysctl("net.ipv6.conf.all.forwarding", "1");
        on.sysctl("net.netfilter.nf_conntrack_tcp_loose", "0");
        on.sysctl("net.netfilter.nf_conntrack_tcp_be_liberal", "0");
        // Not the 30 s that nothing but UDP has: six pairs on a busy machine take longer from one step to the next.
        on.sysctl("net.netfilter.nf_conntrack_udp_timeout", "600");
        on.sysctl("net.netfilter.nf_conntrack_udp_timeout_stream", "600");
        for (String cable : List.of("eth0 wan", "eth1 lan", "eth2 sync")) {
            String device = cable.substring(0, 4);
            String port = "fw" + number + device;
            lab.veth(wires, port, on, device);
            wires.run("ip", "link", "set", port, "master", cable.substring(5));
        }
        on.address("eth0", "10.15.7.10" + number + "/24");
        on.address("eth0", "2001:db8:15:7::10" + number + "/64");
        on.address("eth1", "172.16.0.10" + number + "/24");
        on.address("eth1", "2001:db8:16:10::10" + number + "/64");
        on.address("eth2", "10.0.0." + number + "/24");
        on.nft(rules);
        conntrack = lab.closing(on.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
        write();
    }

    private void write() {
        try {
            String text = Files.readString(Path.of("conf/conntrackd-fw" + number + ".conf"))
                    .replace("/var/lock/conntrack.lock", path("lock").toString())
                    .replace("/var/run/conntrackd.ctl", path("ctl").toString())
                    .replace("LogFile on", "LogFile " + log)
                    .replace("Syslog on", "Syslog off");
            Files.writeString(file, edit.apply(text));
            // Ours is a Java program: a script that calls it four times takes a second more.
            Software client = Boolean.getBoolean("keepstate.long") ? software : Software.C;
            SteeringScript.fetch(LAUNCHER);
            String steering = Files.readString(SteeringScript.path(LAUNCHER))
                    .replace("CONNTRACKD_BIN=/usr/sbin/conntrackd\n", "CONNTRACKD_BIN=" + client.program() + "\n")
                    .replace("CONNTRACKD_LOCK=/var/lock/conntrack.lock\n", "CONNTRACKD_LOCK=" + path("lock") + "\n")
                    .replace("CONNTRACKD_CONFIG=/etc/conntrackd/conntrackd.conf\n", "CONNTRACKD_CONFIG=" + file + "\n");
            assertThat(steering).contains(client.program(), path("lock") + "\n", file + "\n");
            Files.writeString(script, steering);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts its conntrackd; {@link #awaitService} waits for it. */
    void startService() {
        forget("log");
        daemon = machine().start(software.program(), "-C", file.toString());
    }

    void awaitService() {
        LabProcess started = Objects.requireNonNull(daemon);
        Lab.eventually(
                PATIENCE,
                () -> !started.isAlive()
                        || Files.exists(path("ctl")) && ask(Software.C, "-s").code() == 0,
                this + " answers");
        assertThat(started.isAlive())
                .as("%s runs: %s%s", this, started.output(), log())
                .isTrue();
    }

    /** The end of its conntrackd, as {@code conntrackd -k} brings it; the machine stays on. */
    void stopService() {
        assertThat(ask(Software.C, "-k").code()).isZero();
        Objects.requireNonNull(daemon).await(PATIENCE);
        daemon = null;
    }

    /** No carrier any more, then no process, no table. */
    void powerOff() {
        wires.run("sh", "-c", "for port in eth0 eth1 eth2; do ip link set fw" + number + "$port down; done");
        Objects.requireNonNull(conntrack).close();
        machine().close();
        machine = null;
        daemon = null;
        // A new machine has an empty /run and /var/log.
        forget("lock");
        forget("ctl");
    }

    private void forget(String suffix) {
        try {
            Files.deleteIfExists(path(suffix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What keepalived does on becoming master: the addresses, and the script. */
    void becomePrimary() {
        steer("primary");
        machine().address("eth0", "10.15.7.100/24");
        machine().address("eth0", "2001:db8:15:7::100/64");
        machine().address("eth1", "172.16.0.100/24");
        machine().address("eth1", "2001:db8:16:10::100/64");
    }

    /** What keepalived does on becoming backup. */
    void becomeBackup() {
        steer("backup");
    }

    /** What keepalived does when it ends: the addresses are gone, no script runs. */
    void dropAddresses() {
        machine()
                .run(
                        "sh",
                        "-c",
                        "ip addr del 10.15.7.100/24 dev eth0; ip addr del 2001:db8:15:7::100/64 dev eth0;"
                                + "ip addr del 172.16.0.100/24 dev eth1; ip addr del 2001:db8:16:10::100/64 dev eth1");
    }

    private void steer(String role) {
        machine().run("sh", script.toString(), role);
    }

    /** Runs a client, of either program, with this firewall's file. */
    ConntrackdClient.Run ask(Software client, String words) {
        return new ConntrackdClient(machine(), client.program()).run(file, words);
    }

    /** Puts flows into its kernel as if they were its own. */
    void create(List<Flow> flows) {
        Conntrack open = Objects.requireNonNull(conntrack);
        CommitCounts counts = machine().get(() -> open.commitAll(flows, LIFETIME_SECONDS));
        assertThat(counts.failed()).as("flows refused by %s: %s", this, counts).isZero();
    }

    /** Deletes its kernel's flows behind the back of its conntrackd. */
    void empty() {
        Conntrack open = Objects.requireNonNull(conntrack);
        machine().get(() -> {
            open.flush();
            return true;
        });
    }

    /** Its kernel's flows. */
    Set<SyncMachine.KernelEntry> table() {
        return flows().stream().map(SyncMachine.KernelEntry::of).collect(Collectors.toSet());
    }

    /** The same with all that the kernel tells. */
    List<Flow> flows() {
        Conntrack open = Objects.requireNonNull(conntrack);
        return machine().get(() -> open.dumpAll(DumpFilter.ALL));
    }

    /** Its kernel's expectations. */
    List<Expectation> expectations() {
        Conntrack open = Objects.requireNonNull(conntrack);
        return machine().get(() -> open.expectations().dumpAll(null));
    }

    /** What its conntrackd wrote to its log file since it was started. */
    String log() {
        return Conntrackd.read(log);
    }

    @Override
    public String toString() {
        return setup + " fw" + number + " (" + software + ")";
    }
}
