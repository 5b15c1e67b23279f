// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlRequest;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output leads to a pipe that somebody holds and does not read, as a pager or a terminal that was paused. */
@ExtendWith(LabExtension.class)
class UnreadLogKernelIT {
    /** Its two lines are 150 octets at least, and a pipe takes 64 KiB (pipe(7)). */
    private static final int COMMITS = 1000;

    private static final String INTO_A_PIPE_THAT_NOBODY_READS = """
            mkfifo /run/unread
            sleep 120 </run/unread &
            exec "$@" >/run/unread 2>&1
            """;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(180)
    void no_loop_waits_and_the_end_comes(boolean bySignal, Lab lab) {
        FirewallHost host = new FirewallHost(lab, 1);
        LabProcess daemon = host.start(
                List.of("sh", "-c", INTO_A_PIPE_THAT_NOBODY_READS, "sh"),
                "--keepalived-conf",
                host.write("keepalived.conf", host.keepalivedConf()).toString(),
                "--conntrackd-conf",
                host.write("conntrackd.conf", host.conntrackdConf()).toString());
        Lab.eventually(FirewallHost.PATIENCE, () -> host.holds("10.15.7.100"), "it becomes active");
        for (int i = 0; i < COMMITS; i++) {
            host.ask(ControlRequest.COMMIT);
        }
        assertThat(host.ask(ControlRequest.STATS)).contains("cache internal:");
        // Longer than the addresses live without the election loop (4 s).
        long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
        Lab.eventually(
                FirewallHost.PATIENCE,
                () -> {
                    assertThat(host.holds("10.15.7.100")).isTrue();
                    return System.nanoTime() > end;
                },
                "its leases are renewed");
        if (bySignal) {
            daemon.terminate();
        } else {
            host.ask(ControlRequest.KILL);
        }
        assertThat(daemon.await(FirewallHost.PATIENCE)).isZero();
        assertThat(host.controlSocket()).doesNotExist();
        assertThat(host.holds("10.15.7.100")).isFalse();
    }
}
