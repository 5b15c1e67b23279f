// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the lab: a process tree with network, mount and process namespaces of its own. Everything it has (links,
 * addresses, conntrack table, /run, processes) dies with its first process, as with a real power switch.
 */
public final class Machine {
    /** What every machine does first: directories of its own, since all nodes name the same paths. */
    private static final String BOOT = """
            set -e
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir -p /run/lock /run/tmp
            mount -t tmpfs -o mode=755 tmpfs /var/log
            [ -L /var/lock ] || mount -t tmpfs tmpfs /var/lock
            [ ! -S /dev/log ] || mount --bind /dev/null /dev/log
            [ ! -d /etc/conntrackd ] || mount -t tmpfs -o mode=755 tmpfs /etc/conntrackd
            """;

    private static final String NETWORK = """
            if [ ! -d /proc/sys/net/ipv6/conf ]; then echo 'this kernel has IPv6 disabled: boot without ipv6.disable=1'; exit 1; fi
            for f in all default; do
              echo 0 > /proc/sys/net/ipv6/conf/$f/disable_ipv6
              echo 0 > /proc/sys/net/ipv6/conf/$f/accept_dad
              echo 0 > /proc/sys/net/ipv6/conf/$f/accept_ra
            done
            ip link set lo up
            """;

    private final String name;
    private final long pid;
    private final @Nullable Process keeper;

    private Machine(String name, long pid, @Nullable Process keeper) {
        this.name = name;
        this.pid = pid;
        this.keeper = keeper;
    }

    /** Switches a new machine on; it has no links but lo. */
    static Machine boot(String name) {
        Process keeper = Program.start(new ProcessBuilder(List.of(
                "unshare",
                "--net",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                BOOT + NETWORK + "echo ready; exec sleep infinity")));
        List<String> complaints = new ArrayList<>();
        try {
            BufferedReader reader = new BufferedReader(new InputStreamReader(keeper.getInputStream(), UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.equals("ready")) {
                    long init = keeper.toHandle()
                            .children()
                            .findFirst()
                            .orElseThrow()
                            .pid();
                    return new Machine(name, init, keeper);
                }
                complaints.add(line);
            }
        } catch (IOException ended) {
            complaints.add(String.valueOf(ended.getMessage()));
        }
        throw new LabException("cannot make the machine " + name + ": " + String.join(" ", complaints));
    }

    /** The machine this JVM runs on: its namespaces were made before it was started. */
    static Machine own(String name) {
        Machine machine = new Machine(name, ProcessHandle.current().pid(), null);
        machine.run(NETWORK);
        return machine;
    }

    public String name() {
        return name;
    }

    /** Its first process, as seen from this JVM. */
    long pid() {
        return pid;
    }

    /** Writes a file of this machine. */
    void write(String absolutePath, String text) {
        Path path = Path.of("/proc/" + pid + "/root" + absolutePath);
        try {
            Files.writeString(path, text);
        } catch (IOException failed) {
            throw new LabException("cannot write " + path + ": " + failed.getMessage(), failed);
        }
    }

    /** Runs a shell script on this machine. */
    String run(String script) {
        return Program.run("set -e\n" + script, enter("sh", "-s"));
    }

    /** Runs {@code ip -batch}; process ids in {@code netns} arguments are those seen from outside. */
    void ip(String batch) {
        Program.run(batch, List.of("nsenter", "-t", Long.toString(pid), "-n", "ip", "-batch", "-"));
    }

    /** Loads an nftables ruleset. */
    void nft(String ruleset) {
        Program.run(ruleset, List.of("nsenter", "-t", Long.toString(pid), "-n", "nft", "-f", "-"));
    }

    /** The command line that runs {@code command} on this machine. */
    List<String> enter(String... command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid), "-n", "-m", "-p", "--"));
        line.addAll(List.of(command));
        return line;
    }

    /** Kills every process of the machine; its namespaces go with them. */
    void powerOff() {
        if (keeper == null) {
            return;
        }
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        try {
            // The kernel ends the first process only when all others of its namespace are gone.
            if (!keeper.waitFor(10, TimeUnit.SECONDS)) {
                throw new LabException("machine " + name + " does not die: a process of it hangs in the kernel");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
