// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keepstate demo}, as a user runs it. */
class DemoIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");

    @TempDir
    Path directory;

    @Test
    void twoAtOnceOneWithSessionsThatLiveAndOneWithoutSyncWhoseSessionsDie() throws Exception {
        HostState before = HostState.read();
        String cycles = LONG ? "10" : "2";
        try (DemoProcess demo = DemoProcess.start(directory, "--cycles", cycles);
                DemoProcess control = DemoProcess.start(directory, "--without-sync")) {
            assertThat(control.exitCode(120)).as(control.output()).isEqualTo(1);
            Map<String, Long> dead = control.result();
            assertThat(dead.get("sessions.total")).isGreaterThanOrEqualTo(100);
            assertThat(dead.get("sessions.alive")).isLessThanOrEqualTo(dead.get("sessions.total") / 10);

            assertThat(demo.exitCode(LONG ? 600 : 200)).as(demo.output()).isZero();
            Map<String, Long> alive = demo.result();
            assertThat(alive.get("sessions.total")).isGreaterThanOrEqualTo(100);
            assertThat(alive.get("sessions.alive")).isEqualTo(alive.get("sessions.total"));
            assertThat(alive.get("sessions.reset")).isZero();
            assertThat(alive).containsKeys("longest_stall_ms", "failover.detected_ms", "flows_committed");
            // State first: the addresses follow the flows.
            assertThat(alive.get("failover.addresses_ms")).isGreaterThanOrEqualTo(alive.get("failover.committed_ms"));
            assertThat(alive.get("flows_committed")).isGreaterThanOrEqualTo(100);
            assertNothingLeft(before, demo, control);
        }
    }

    @Test
    void aKilledDemoLeavesNothing() throws Exception {
        HostState before = HostState.read();
        try (DemoProcess demo = DemoProcess.start(directory)) {
            demo.awaitOutput("idle sessions are open", 60);
            assertThat(demo.survivors()).hasSizeGreaterThan(5);
            demo.kill();
            assertNothingLeft(before, demo);
            // Where a JVM keeps its statistics file, unless told not to.
            assertThat(Path.of("/tmp/hsperfdata_root", Long.toString(demo.pid())))
                    .doesNotExist();
        }
    }

    @Test
    void aWrongOptionIsOneSentenceAndExitCode2() throws Exception {
        try (DemoProcess demo = DemoProcess.start(directory, "--cycles", "0")) {
            assertThat(demo.exitCode(30)).isEqualTo(2);
            assertThat(demo.output().strip()).isEqualTo("keepstate demo: --cycles 0: give 1 or more");
        }
    }

    private static void assertNothingLeft(HostState before, DemoProcess... demos)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Set<String> difference = HostState.read().difference(before);
        List<String> survivors = survivors(demos);
        // The kernel takes namespaces apart behind the last process' back.
        while ((!difference.isEmpty() || !survivors.isEmpty()) && System.nanoTime() < end) {
            Thread.sleep(100);
            difference = HostState.read().difference(before);
            survivors = survivors(demos);
        }
        assertThat(survivors).isEmpty();
        assertThat(difference).isEmpty();
    }

    private static List<String> survivors(DemoProcess... demos) throws IOException {
        List<String> all = new ArrayList<>();
        for (DemoProcess demo : demos) {
            all.addAll(demo.survivors());
        }
        return all;
    }
}
