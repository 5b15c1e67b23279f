// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.cli.Main;
import io.keepstate.examples.control.ControlClient;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One firewall of the reference setup as a machine: a network namespace, and a mount namespace with a /run, /var/log,
 * /var/lock and /dev of its own that outlives the daemons started there.
 */
final class FirewallHost {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String OWN_DIRECTORIES = """
            set -e
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p /run/lock /run/dev
            for d in null zero random urandom; do touch /run/dev/$d; mount --bind /dev/$d /run/dev/$d; done
            mount --rbind /run/dev /dev
            mount -t tmpfs -o mode=755 tmpfs /var/log
            [ -L /var/lock ] || mount -t tmpfs tmpfs /var/lock
            echo ready
            exec sleep infinity
            """;

    private final Lab lab;
    private final int number;
    private final LabNamespace namespace;
    private final LabProcess keeper;
    /** For daemons that start fast; what they compute in a test is little. */
    private List<String> javaOptions = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1");

    private int files;

    /** A firewall of the lab with its interfaces and addresses; their other ends are in the namespace {@code wires}. */
    FirewallHost(Lab lab, int number) {
        Requires.program("nsenter");
        Requires.program("unshare");
        this.lab = lab;
        this.number = number;
        this.namespace = lab.namespace("fw" + number);
        LabNamespace wires = lab.namespace("wires");
        lab.veth(namespace, "eth0", wires, "w" + number);
        lab.veth(namespace, "eth1", wires, "l" + number);
        lab.veth(namespace, "eth2", wires, "s" + number);
        namespace.address("eth0", "10.15.7.10" + number + "/24");
        namespace.address("eth1", "172.16.0.10" + number + "/24");
        namespace.address("eth2", "10.0.0." + number + "/24");
        namespace.sysctl("net.netfilter.nf_conntrack_events", "1");
        keeper = namespace.start("unshare", "--mount", "--", "sh", "-c", OWN_DIRECTORIES);
        Lab.eventually(PATIENCE, () -> keeper.output().contains("ready"), "the machine is there: " + keeper.output());
    }

    /** Joins the legs and the sync links of the firewalls. */
    static void join(Lab lab, FirewallHost... hosts) {
        for (String leg : List.of("w", "l", "s")) {
            List<String> ports = new ArrayList<>();
            for (FirewallHost host : hosts) {
                ports.add(leg + host.number);
            }
            lab.namespace("wires").bridge("br-" + leg, ports.toArray(String[]::new));
        }
    }

    LabNamespace namespace() {
        return namespace;
    }

    /** A file of this machine as seen from here; no symbolic link may be on the way. */
    Path file(String absolutePath) {
        return Path.of("/proc/" + keeper.pid() + "/root" + absolutePath);
    }

    Path controlSocket() {
        return file("/run/conntrackd.ctl");
    }

    Path lockFile() {
        Path lock = file("/run/lock/conntrack.lock");
        return Files.isSymbolicLink(Path.of("/var/lock")) ? lock : file("/var/lock/conntrack.lock");
    }

    /** The reference file of this firewall. */
    String keepalivedConf() {
        return reference("keepalived");
    }

    /** The reference file of this firewall. */
    String conntrackdConf() {
        return reference("conntrackd");
    }

    private String reference(String software) {
        try {
            return Files.readString(Path.of("conf", software + "-fw" + number + ".conf"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file outside of the machine's own directories, where daemons find it too. */
    Path write(String name, String text) {
        try {
            return Files.writeString(lab.directory().resolve(number + "-" + ++files + "-" + name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on daemons get the options that the launcher gives its Java machine. */
    FirewallHost asLaunched() {
        try {
            javaOptions = Files.readAllLines(Path.of("src/main/bin/keepstate")).stream()
                    .filter(line -> line.startsWith("options=\""))
                    .findFirst()
                    .map(line -> List.of(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'))
                            .split(" ")))
                    .orElseThrow(() -> new AssertionError("the launcher has no line options=\"...\""));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the daemon with both files. */
    LabProcess daemon(String keepalivedConf, String conntrackdConf) {
        return start(
                List.of(),
                "--keepalived-conf",
                write("keepalived.conf", keepalivedConf).toString(),
                "--conntrackd-conf",
                write("conntrackd.conf", conntrackdConf).toString());
    }

    /** Starts {@code keepstate daemon} with these arguments behind a program that changes its environment. */
    LabProcess start(List<String> wrapper, String... arguments) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--mount=/proc/" + keeper.pid() + "/ns/mnt", "--"));
        command.addAll(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "daemon"));
        command.addAll(List.of(arguments));
        return namespace.start(command.toArray(String[]::new));
    }

    /** Waits until a daemon runs. */
    static LabProcess running(LabProcess daemon) {
        Lab.eventually(
                PATIENCE,
                () -> daemon.output().contains("initialization completed") || !daemon.isAlive(),
                "the daemon runs");
        if (!daemon.isAlive()) {
            throw new AssertionError("the daemon ended: " + daemon.output());
        }
        return daemon;
    }

    /** What a request of the control socket is answered. */
    String ask(ControlRequest request) {
        try {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            if (!ControlClient.request(controlSocket(), request, reply)) {
                throw new AssertionError("nobody answers on " + controlSocket());
            }
            return reply.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean holds(String address) {
        return namespace.holds(address);
    }
}
