// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both firewalls active, each for a group of its own: either loses power, and comes back. */
class TwoGroupsIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");

    @TempDir
    Path directory;

    @Test
    void sessionsLiveThroughTheLossOfEitherNodeAndTheOtherGroupsFlowsStay() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/keepalived"))
                        && Files.isExecutable(Path.of("/usr/sbin/conntrackd"))
                        && Files.isExecutable(Path.of("/usr/sbin/conntrack")),
                "keepalived, conntrackd or conntrack is not installed");
        // Power loss of fw1 and of fw2; then clean stops of both, and so on.
        String cycles = LONG ? "6" : "2";
        try (DemoProcess pair = DemoProcess.start(directory, "--groups", "2", "--cycles", cycles);
                DemoProcess mixed =
                        DemoProcess.start(directory, "--groups", "2", "--c-nodes", "fw1", "--cycles", cycles)) {
            Map<String, Long> own = assertAllAlive(pair);
            assertThat(own.get("own_flows.watched")).isEqualTo(50);
            assertThat(own.get("own_flows.lost")).isZero();
            // What conntrackd's commit finds in the kernel it deletes and makes again: the ids may be others.
            assertThat(assertAllAlive(mixed).get("own_flows.watched")).isEqualTo(50);
        }
        if (LONG) {
            try (DemoProcess other =
                    DemoProcess.start(directory, "--groups", "2", "--c-nodes", "fw2", "--cycles", cycles)) {
                assertAllAlive(other);
            }
        }
    }

    private static Map<String, Long> assertAllAlive(DemoProcess demo) throws Exception {
        assertThat(demo.exitCode(LONG ? 600 : 300)).as(demo.output()).isZero();
        Map<String, Long> result = demo.result();
        assertThat(result.get("sessions.total")).isGreaterThanOrEqualTo(100);
        assertThat(result.get("sessions.alive")).isEqualTo(result.get("sessions.total"));
        assertThat(result.get("sessions.reset")).isZero();
        return result;
    }
}
