// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs with the installed keepalived and conntrackd: power loss and clean stop, both ways round. */
class MixedPairInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");

    @TempDir
    Path directory;

    @BeforeAll
    static void needsTheDaemonsInC() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/keepalived"))
                        && Files.isExecutable(Path.of("/usr/sbin/conntrackd")),
                "keepalived or conntrackd is not installed");
    }

    @Test
    void sessionsLiveThroughTheLossOfEitherNodeOfAMixedPair() throws Exception {
        mixedPairs("");
        if (LONG) {
            mixedPairs("no-external-cache");
            mixedPairs("lan-sync");
            mixedPairs("no-external-cache,lan-sync");
            try (DemoProcess ours =
                    DemoProcess.start(directory, "--cycles", "4", "--deviations", "no-external-cache,lan-sync")) {
                assertAllAlive(ours);
            }
        }
    }

    private void mixedPairs(String deviations) throws Exception {
        // Cycle 1 is a power loss of fw1, cycle 2 a clean stop of fw2: two pairs make all four.
        String cycles = LONG ? "4" : "2";
        try (DemoProcess preferredInC = DemoProcess.start(
                        directory, "--c-nodes", "fw1", "--cycles", cycles, "--deviations", deviations);
                DemoProcess standbyInC = DemoProcess.start(
                        directory, "--c-nodes", "fw2", "--cycles", cycles, "--deviations", deviations)) {
            assertAllAlive(preferredInC);
            assertAllAlive(standbyInC);
        }
    }

    @Test
    void theLabItselfIsProvenByAPairInC() throws Exception {
        try (DemoProcess pair = DemoProcess.start(directory, "--c-nodes", "both");
                DemoProcess control = DemoProcess.start(directory, "--c-nodes", "both", "--without-sync")) {
            assertAllAlive(pair);
            assertThat(control.exitCode(120)).as(control.output()).isEqualTo(1);
            assertThat(control.result().get("sessions.alive")).isLessThanOrEqualTo(10);
        }
    }

    private static void assertAllAlive(DemoProcess demo) throws Exception {
        assertThat(demo.exitCode(LONG ? 480 : 240)).as(demo.output()).isZero();
        Map<String, Long> result = demo.result();
        assertThat(result.get("sessions.total")).isGreaterThanOrEqualTo(100);
        assertThat(result.get("sessions.alive")).isEqualTo(result.get("sessions.total"));
        assertThat(result.get("sessions.reset")).isZero();
    }
}
