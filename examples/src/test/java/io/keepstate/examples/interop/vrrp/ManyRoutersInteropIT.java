// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.interop.vrrp.Router.Program;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.LabProcess;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.route.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * As many virtual routers as an interface can have, at ten advertisements a second each: what they cost, in processor
 * time, beside what they cost the installed keepalived at the same moment: a pair of ours on one cable, a pair of
 * keepalived on another one.
 */
@ExtendWith(LabExtension.class)
@Isolated("it measures processor time")
class ManyRoutersInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int ROUTERS = 255;
    private static final int ROUNDS = LONG ? 3 : 1;
    /** Beyond the second burst of announcements, and for the compilers of the Java machine. */
    private static final Duration WARM_UP = Duration.ofSeconds(LONG ? 40 : 12);

    private static final Duration ROUND = Duration.ofSeconds(LONG ? 20 : 8);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TICKS_PER_SECOND = 100;
    private static final Path RESULT = Path.of("target/proof/vrrp-many.md");

    @Test
    void theyCostAtMostWhatTheyCostKeepalived(Lab lab) throws IOException {
        Requires.program("keepalived");
        Cable theirs = new Cable(lab, "theirs", Program.KEEPALIVED);
        Cable ours = new Cable(lab, "ours", Program.KEEPSTATE);
        pass(WARM_UP);
        theirs.assertRoles();
        ours.assertRoles();
        List<List<Double>> percent =
                List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<LabProcess> processes = List.of(ours.active, theirs.active, ours.standby, theirs.standby);
        for (int round = 0; round < ROUNDS; round++) {
            List<Long> before =
                    processes.stream().map(ManyRoutersInteropIT::ticks).toList();
            long began = System.nanoTime();
            pass(ROUND);
            double seconds = (System.nanoTime() - began) / 1e9;
            for (int i = 0; i < processes.size(); i++) {
                percent.get(i).add((ticks(processes.get(i)) - before.get(i)) * 100.0 / TICKS_PER_SECOND / seconds);
            }
        }
        theirs.assertRoles();
        ours.assertRoles();
        Files.createDirectories(RESULT.getParent());
        Files.writeString(RESULT, report(percent));
        assertThat(median(percent.get(0))).as("active: %s", percent).isLessThanOrEqualTo(median(percent.get(1)));
        // In the short form the compilers of a machine that is 12 s old have their share.
        assertThat(median(percent.get(2)))
                .as("standby: %s", percent)
                .isLessThanOrEqualTo(LONG ? median(percent.get(3)) : 1.5 * median(percent.get(3)));
    }

    private static String report(List<List<Double>> percent) {
        return String.format(
                Locale.ROOT,
                """
                ## %d virtual routers at 100 ms on one interface
                Processor time, %% of one processor, median of %d rounds of %d s after %d s of warm-up; a pair of each
                program, both at the same time.

                | | Keepstate | keepalived |
                |---|---|---|
                | active | %.1f | %.1f |
                | standby | %.1f | %.1f |
                """,
                ROUTERS,
                ROUNDS,
                ROUND.toSeconds(),
                WARM_UP.toSeconds(),
                median(percent.get(0)),
                median(percent.get(1)),
                median(percent.get(2)),
                median(percent.get(3)));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Two hosts, the active one started first. */
    private static final class Cable {
        final LabProcess active;
        final LabProcess standby;
        private final LabNamespace first;
        private final LabNamespace second;

        Cable(Lab lab, String name, Program program) {
            first = lab.namespace(name + "-active");
            second = lab.namespace(name + "-standby");
            lab.veth(first, "eth0", second, "eth0");
            first.address("eth0", "10.9.0.1/24");
            second.address("eth0", "10.9.0.2/24");
            active = start(lab, first, program, 200);
            Lab.eventually(PATIENCE, () -> held(first) == ROUTERS, name + " is active");
            standby = start(lab, second, program, 100);
        }

        void assertRoles() {
            Lab.eventually(PATIENCE, () -> held(first) == ROUTERS && held(second) == 0, active + " leads " + standby);
        }

        private static LabProcess start(Lab lab, LabNamespace host, Program program, int priority) {
            StringBuilder text = new StringBuilder();
            for (int id = 1; id <= ROUTERS; id++) {
                text.append("""
                        vrrp_instance R%1$d {
                            interface eth0
                            state BACKUP
                            version 3
                            advert_int 0.1
                            virtual_router_id %1$d
                            priority %2$d
                            virtual_ipaddress {
                                10.8.%1$d.1/32
                            }
                        }
                        """.formatted(id, priority));
            }
            try {
                Path directory = Files.createDirectories(lab.directory().resolve(host.toString()));
                Files.writeString(directory.resolve("keepalived.conf"), text);
                return program.start(host, directory, 1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static long held(LabNamespace host) {
            return host.route(Rtnetlink::addresses).stream()
                    .filter(each -> each.address().getHostAddress().startsWith("10.8."))
                    .count();
        }
    }

    /** User and system time (fields 14 and 15 of /proc/PID/stat, proc(5)) of a program and all it started. */
    private static long ticks(LabProcess process) {
        return ProcessHandle.of(process.pid()).stream()
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                .mapToLong(handle -> ticks(handle.pid()))
                .sum();
    }

    private static long ticks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Lab.eventually(time.multipliedBy(2), () -> System.nanoTime() - end > 0, "time passes");
    }
}
