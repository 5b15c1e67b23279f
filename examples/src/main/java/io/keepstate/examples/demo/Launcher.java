// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keepstate.examples.demo.lab.LabException;
import io.keepstate.examples.demo.lab.SteeringScript;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The outer process of the demo. It checks that the demo can run, starts {@link DemoRun} in a JVM inside namespaces of
 * its own, forwards signals, and hands its exit code on. When this process dies, even by SIGKILL, the kernel kills
 * {@code unshare} (parent-death signal), that kills the first process inside ({@code --kill-child}), and with it ends
 * everything inside: processes, namespaces, links, the /run in memory.
 */
final class Launcher {
    /** The exit code of a demo that cannot run. */
    static final int CANNOT_RUN = 2;

    /** A plain user's PATH lacks the directories of {@code ip} and {@code nft}. */
    private static final String PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

    /** {@code CAP_NET_ADMIN} and {@code CAP_SYS_ADMIN} of linux/capability.h. */
    private static final long NEEDED_CAPABILITIES = 1L << 12 | 1L << 21;

    private static final String INSIDE =
            "mount -t tmpfs -o mode=755 tmpfs /run && mkdir -p /run/lock /run/tmp && exec \"$@\"";

    private static final String[][] PROGRAMS = {
        {"ip", "iproute2"},
        {"nft", "nftables"},
        {"unshare", "util-linux"},
        {"nsenter", "util-linux"},
        {"setpriv", "util-linux"},
        {"mount", "mount"}
    };

    private Launcher() {}

    /** Runs the demo; answers its exit code. */
    static int launch(DemoOptions options) {
        try {
            checkPrograms();
            boolean privileged = privileged();
            if (!privileged && !options.classicNodes().equals("none")) {
                throw new LabException("keepalived needs the real root; use sudo with --c-nodes");
            }
            if (!options.classicNodes().equals("none") && !options.withoutSync()) {
                SteeringScript.fetch(Distribution.launcher()); // inside there is no network to fetch it from
            }
            List<String> unshare = unshareCommand(privileged);
            probe(unshare);
            return run(unshare, options);
        } catch (LabException cannotRun) {
            System.err.println("keepstate demo cannot run here: " + cannotRun.getMessage());
            return CANNOT_RUN;
        } catch (IOException failed) {
            System.err.println("keepstate demo cannot run here: " + failed.getMessage());
            return CANNOT_RUN;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return CANNOT_RUN;
        }
    }

    private static void checkPrograms() {
        for (String[] program : PROGRAMS) {
            if (Stream.of(PATH.split(":")).noneMatch(dir -> Files.isExecutable(Path.of(dir, program[0])))) {
                throw new LabException("the program " + program[0] + " is missing; as root: apt-get install "
                        + "--no-install-recommends " + program[1]);
            }
        }
    }

    private static boolean privileged() throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            long effective = status.filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
            return (effective & NEEDED_CAPABILITIES) == NEEDED_CAPABILITIES;
        }
    }

    private static List<String> unshareCommand(boolean privileged) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "unshare"));
        if (!privileged) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(
                List.of("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", INSIDE));
        command.add("sh");
        return command;
    }

    /** Tries the namespaces out, so that a refusal is one sentence and not a stack of them. */
    private static void probe(List<String> unshare) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(unshare);
        // A bridge, a ruleset, and a second level of namespaces, as the machines of the lab need them.
        command.addAll(List.of(
                "sh",
                "-c",
                "ip link add probe type bridge && ip link add probe1 type veth peer name probe2 && nft list tables"
                        + " && exec unshare --net --mount --pid --fork --kill-child --mount-proc true"));
        Process process = prepare(command).redirectErrorStream(true).start();
        String complaint = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            String said = complaint.strip().replace('\n', ';');
            throw new LabException("namespaces, bridges or nftables are refused (" + said
                    + "); run it as root, sudo ./keepstate demo, on a machine or container that allows them");
        }
    }

    private static int run(List<String> unshare, DemoOptions options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(unshare);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=/run/tmp",
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                absoluteClassPath(),
                DemoRun.class.getName()));
        command.addAll(List.of(options.toWords()));
        Process inside = prepare(command).inheritIO().start();
        Thread forwarder = new Thread(() -> end(inside), "forward-signals");
        Runtime.getRuntime().addShutdownHook(forwarder);
        return inside.waitFor();
    }

    /** The machines inside have other working directories. */
    private static String absoluteClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static ProcessBuilder prepare(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", PATH);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** Hands a termination signal on: unshare itself blocks it while it waits. */
    private static void end(Process inside) {
        inside.children().forEach(ProcessHandle::destroy);
        try {
            if (!inside.waitFor(3, TimeUnit.SECONDS)) {
                inside.destroyForcibly().waitFor();
            }
        } catch (InterruptedException hurried) {
            inside.destroyForcibly();
        }
    }
}
