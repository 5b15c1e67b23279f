// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop.vrrp;

import io.keepstate.examples.cli.Main;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** A host that runs either program with a configuration file of its own. */
final class Router {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The programs, each with what its log says when it listens, and when it has read its file again. */
    enum Program {
        KEEPSTATE("E1: INITIALIZE -> BACKUP", "reload complete") {
            @Override
            List<String> command() {
                return List.of(
                        "env",
                        "--block-signal=HUP,USR1,USR2,RTMIN+2,RTMAX-1",
                        "_JAVA_SR_SIGNUM=40",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmn16m",
                        "-XX:-UsePerfData",
                        "-Xshare:auto",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:GuaranteedSafepointInterval=0",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "keepalived",
                        "-n",
                        "-l");
            }
        },
        KEEPALIVED("(E1) Entering BACKUP STATE", "Reload") {
            @Override
            List<String> command() {
                // Without -G each line of its log goes to /dev/console where there is no syslog, 0.5 to 10 ms each on a
                // serial line: it writes one between the priority 0 it has heard and the timer that it starts for it.
                //
                // In real time where that is allowed, as ours is by itself: what is measured is what the programs do,
                // not how long one of normal priority waits while Java machines start on other hosts. Without
                // vrrp_rt_priority: with it 2.2.7 is killed by its own RLIMIT_RTTIME after a reload.
                return List.of(
                        "sh",
                        "-c",
                        "chrt --rr -p 20 $$ 2>/dev/null; exec keepalived \"$@\"",
                        "keepalived",
                        "-n",
                        "-l",
                        "-G",
                        "-D",
                        "-P");
            }
        };

        private final String listening;
        private final String reloading;

        Program(String listening, String reloading) {
            this.listening = listening;
            this.reloading = reloading;
        }

        abstract List<String> command();

        /** Starts it with the keepalived.conf of a directory; the n-th time there. */
        LabProcess start(LabNamespace host, Path directory, int nth) {
            return start(host, directory, nth, List.of());
        }

        /** The same behind a program that changes how it runs. */
        LabProcess start(LabNamespace host, Path directory, int nth, List<String> wrapper) {
            // As the launcher does it: the Java machine unblocks SIGHUP unless that is ignored.
            List<String> all =
                    new ArrayList<>(List.of("sh", "-c", "trap '' HUP; TMPDIR=" + directory + " exec \"$@\"", "x"));
            all.addAll(wrapper);
            all.addAll(command());
            // Of its own each time: keepalived takes the file of a killed one for that of a running one as long as
            // nobody has collected its exit code, which is not ours to do.
            all.addAll(List.of("-f", directory.resolve("keepalived.conf").toString()));
            all.addAll(List.of("-p", directory.resolve("pid-" + nth).toString()));
            all.addAll(List.of("-r", directory.resolve("vrrp-pid-" + nth).toString()));
            return host.start(all.toArray(String[]::new));
        }
    }

    final Program program;
    final LabNamespace host;
    /** The end of its cable at the switch. */
    final String port;

    private final Combination combination;
    private final Path directory;
    private final String own;
    private final String peer;
    private int priority;
    private boolean preempt;
    private LabProcess process;
    private int starts;

    Router(Lab lab, Program program, LabNamespace host, Combination combination, int number, int priority) {
        this.program = program;
        this.host = host;
        this.port = "port" + number;
        this.combination = combination;
        this.priority = priority;
        boolean ipv4 = combination.family() == Combination.Family.IPV4;
        own = (ipv4 ? "10.9.0." : "2001:db8:9::") + number;
        peer = (ipv4 ? "10.9.0." : "2001:db8:9::") + (3 - number);
        try {
            directory = Files.createDirectories(lab.directory().resolve(program.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int priority() {
        return priority;
    }

    /** What the file will say from the next start or reload on. */
    void configure(int newPriority, boolean newPreempt) {
        priority = newPriority;
        preempt = newPreempt;
    }

    /** Starts the program, and waits until it listens. */
    void start() {
        write();
        starts++;
        process = program.start(host, directory, starts);
        LabProcess started = process;
        await(() -> output().contains(program.listening) || !started.isAlive(), "listens");
        if (!started.isAlive()) {
            throw new AssertionError(this + " ended: " + output());
        }
    }

    /**
     * A power loss of its processes. The parent would start the other one again, and its end would tell that to stop: it is
     * stopped first and ends last.
     */
    void kill() {
        host.run("sh", "-c", "kill -STOP " + process.pid());
        ProcessHandle parent = ProcessHandle.of(process.pid()).orElseThrow();
        parent.descendants().toList().forEach(ProcessHandle::destroyForcibly);
        parent.destroyForcibly();
        process.await(PATIENCE);
    }

    /** SIGTERM. */
    void terminate() {
        process.terminate();
    }

    void awaitEnd() {
        process.await(PATIENCE);
    }

    /** Changes the file and has it read again, as an operator does. */
    void reload(int newPriority, boolean newPreempt) {
        configure(newPriority, newPreempt);
        write();
        int before = occurrences(program.reloading);
        host.run("sh", "-c", "kill -HUP " + process.pid());
        await(() -> occurrences(program.reloading) > before, "reloads");
    }

    private void await(BooleanSupplier condition, String what) {
        try {
            Lab.eventually(PATIENCE, condition, this + " " + what);
        } catch (AssertionError e) {
            throw new AssertionError(this + ": " + output(), e);
        }
    }

    private int occurrences(String text) {
        return output().split(Pattern.quote(text), -1).length;
    }

    boolean holds() {
        return host.holds(combination.address());
    }

    String output() {
        return process.output();
    }

    private Path file() {
        return directory.resolve("keepalived.conf");
    }

    private void write() {
        try {
            Files.writeString(file(), """
                    global_defs {
                        router_id %s
                    }
                    vrrp_instance E1 {
                        interface eth0
                        state BACKUP
                        %s
                        virtual_router_id 61
                        priority %d
                        %s
                    }
                    """.formatted(
                            program, preempt ? "" : "nopreempt", priority, combination.configuration(own, peer)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return program.name().toLowerCase(Locale.ROOT);
    }
}
