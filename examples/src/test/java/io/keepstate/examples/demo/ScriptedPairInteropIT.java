// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The installed keepalived with conntrackd's own primary-backup.sh, unmodified but for the path of the program, drives a
 * pair of our conntrackd: no session breaks.
 */
class ScriptedPairInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");

    @TempDir
    Path directory;

    @Test
    void theUnmodifiedScriptDrivesOurConntrackdThroughFailovers() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/keepalived")), "keepalived is not installed");
        // A cycle is one fault, in turn power loss and clean stop, and a return or a handover: two changes of role.
        String cycles = LONG ? "10" : "1";
        try (DemoProcess demo = DemoProcess.start(
                directory, "--c-nodes", "both", "--own-conntrackd", "--cycles", cycles, "--verbose")) {
            assertThat(demo.exitCode(LONG ? 900 : 240)).as(demo.output()).isZero();
            Map<String, Long> result = demo.result();
            assertThat(result.get("sessions.total")).isGreaterThanOrEqualTo(100);
            assertThat(result.get("sessions.alive")).isEqualTo(result.get("sessions.total"));
            assertThat(result.get("sessions.reset")).isZero();
        }
    }
}
