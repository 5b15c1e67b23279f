// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Reading;
import io.keepstate.examples.conf.Severity;
import io.keepstate.node.config.ExpectationSync;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sample files say what their comments promise, and nothing in them is remarked. */
class SampleFilesTest {
    @Test
    void notrackOverTcp() {
        SyncConfig sync = sync("notrack-tcp");
        assertThat(sync.mode()).isEqualTo(new SyncMode.NoTrack(false, true, true));
        PeerLink.Tcp link = (PeerLink.Tcp) sync.links().preferred();
        assertThat(link.errorQueueLength()).isEqualTo(1024);
        assertThat(link.peer()).hasToString("10.0.0.2");
    }

    @Test
    void alarmOverMulticast() {
        SyncConfig sync = sync("alarm-multicast");
        assertThat(sync.mode()).isEqualTo(new SyncMode.Alarm(Duration.ofSeconds(15), Duration.ofSeconds(180)));
        assertThat(sync.commitTimeoutSeconds()).isEqualTo(180);
        PeerLink.Multicast link = (PeerLink.Multicast) sync.links().preferred();
        assertThat(link.group()).hasToString("225.0.0.50");
        assertThat(link.interfaceAddress().orElseThrow()).hasToString("10.0.0.1");
    }

    @Test
    void ftfwOverMulticastOfIpv6() {
        SyncConfig sync = sync("ftfw-multicast");
        assertThat(((PeerLink.Multicast) sync.links().preferred()).group()).hasToString("ff02::50");
        assertThat(sync.expectations()).isEqualTo(ExpectationSync.of(List.of("ftp", "sip")));
    }

    @Test
    void ftfwOverTwoLinks() {
        SyncConfig sync = sync("ftfw-two-links");
        assertThat(sync.links().links())
                .extracting(link -> link.interfaceName().orElseThrow())
                .containsExactly("eth2", "eth1");
        assertThat(sync.links().defaultLink()).isZero();
    }

    @Test
    void statistics() {
        ConntrackdConfig config = read("stats");
        assertThat(config.sync()).isEmpty();
        assertThat(config.stats().orElseThrow().logFile()).contains("/var/log/conntrackd-stats.log");
        assertThat(config.general().filter().tcpStates().orElseThrow().values()).containsExactlyInAnyOrder(3, 5, 7, 8);
    }

    private static SyncConfig sync(String name) {
        return read(name).sync().orElseThrow();
    }

    private static ConntrackdConfig read(String name) {
        Reading<ConntrackdConfig> reading = ConntrackdReader.read(Path.of("conf/samples/conntrackd-" + name + ".conf"));
        assertThat(reading.findings()).noneMatch(finding -> finding.severity() != Severity.NOTE);
        return reading.get();
    }
}
