// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

import io.keepstate.examples.demo.traffic.TrafficServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches the kernel's own list of one group's TCP flows on one machine, with the program {@code conntrack}: a flow that
 * was purged, or deleted and made again, has gone from the list or is heard as a destroy event.
 */
public final class FlowWatch implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/conntrack");
    private static final Pattern ID = Pattern.compile(" id=(\\d+)");

    private final Machine machine;
    private final Pattern ofGroup;
    private final AtomicInteger destroyed = new AtomicInteger();
    private final Process events;
    private final Set<String> before;

    private FlowWatch(Machine machine, AddressGroup group) {
        this.machine = machine;
        String servers = Pattern.quote(group.route().server4()) + "|"
                + Pattern.quote(group.route().server6());
        // The first of a line's two tuples is the client's.
        ofGroup = Pattern.compile(
                "^[^=]*src=\\S+ dst=(" + servers + ") sport=\\d+ dport=" + TrafficServer.TCP_PORT + " .*");
        // In the network namespace only, so that it can be killed from outside.
        List<String> command = List.of(
                "nsenter",
                "-t",
                Long.toString(machine.pid()),
                "-n",
                PROGRAM.toString(),
                "-E",
                "-e",
                "DESTROY",
                "-p",
                "tcp");
        events = Program.start(new ProcessBuilder(command));
        Program.follow(machine.name() + "-destroyed", events.getInputStream(), line -> {
            if (ofGroup.matcher(line).matches()) {
                destroyed.incrementAndGet();
            }
        });
        before = ids();
    }

    /** Whether this machine has the program. */
    static boolean available() {
        return Files.isExecutable(PROGRAM);
    }

    static FlowWatch start(Machine machine, AddressGroup group) {
        return new FlowWatch(machine, group);
    }

    /** What became of the flows that were there at the start. */
    public Seen seen() {
        Set<String> now = ids();
        int same = (int) before.stream().filter(now::contains).count();
        return new Seen(before.size(), same, destroyed.get());
    }

    @Override
    public void close() {
        events.destroyForcibly();
    }

    private Set<String> ids() {
        return Stream.of("ipv4", "ipv6")
                // Its last words, on the other stream, would come in the middle of a line.
                .map(family -> machine.run(PROGRAM + " -L -f " + family + " -p tcp -o id 2>/dev/null"))
                .flatMap(String::lines)
                .filter(line -> ofGroup.matcher(line).matches())
                .map(FlowWatch::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String id(String line) {
        Matcher id = ID.matcher(line);
        return id.find() ? id.group(1) : line;
    }

    /**
     * What became of a group's flows.
     *
     * @param before how many there were
     * @param same how many of them are still there, by the kernel's own ids
     * @param destroyed how many destroy events were heard
     */
    public record Seen(int before, int same, int destroyed) {
        /** Flows that were taken from the kernel. */
        public int lost() {
            return Math.max(before - same, destroyed);
        }
    }
}
