// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.conntrack.EventType;
import io.keepstate.flow.Counters;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the statistics mode knows, and what it logs. */
class FlowCollectorTest {
    private final List<Flow> ended = new ArrayList<>();
    private final FlowCollector collector = new FlowCollector(
            new CollectorSettings(FlowFilter.ALL.acceptProtocols(Set.of(Protocol.UDP)), 100, NetlinkSettings.DEFAULT),
            1,
            ended::add);

    private static Flow udp(int port) {
        return Flow.builder(Tuple.ipv4(0x0a00_0001, 0x0a00_0002, Protocol.UDP, port, 53))
                .build();
    }

    @Test
    void aFlowIsToldWhenItEndsIfItWasKnown() {
        collector.onEvent(EventType.NEW, udp(1), 10);
        collector.onEvent(EventType.DESTROY, udp(1), 20);
        collector.onEvent(EventType.DESTROY, udp(2), 20);
        assertThat(ended).containsExactly(udp(1));
        assertThat(collector.size()).isZero();
        assertThat(collector.stats().destroyMissing()).isEqualTo(1);
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aLogThatIsAPipeIsRefusedAndNotWaitedFor(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> EndedFlowLog.open(Optional.of(pipe), line -> {}))
                .hasMessageContaining("it is a named pipe")
                .hasMessageContaining("name a file, or use Syslog in Stats");
    }

    @Test
    void withoutAFileNoLineIsKept() throws IOException {
        List<String> syslog = new ArrayList<>();
        try (EndedFlowLog log = EndedFlowLog.open(Optional.empty(), syslog::add)) {
            for (int port = 1; port <= 1000; port++) {
                log.add(udp(port), 0);
            }
            log.write();
            assertThat(log.waiting()).isZero();
        }
        assertThat(syslog).hasSize(1000);
    }

    @Test
    void aFilterByStateDoesNotHideTheEndOfAFlow() {
        FlowCollector established = new FlowCollector(
                new CollectorSettings(
                        new FlowFilter(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(FlowFilter.Rule.accept(List.of(TcpState.ESTABLISHED)))),
                        100,
                        NetlinkSettings.DEFAULT),
                1,
                ended::add);
        Flow flow = Flow.builder(Tuple.ipv4(0x0a00_0001, 0x0a00_0002, Protocol.TCP, 1, 80))
                .tcpState(TcpState.ESTABLISHED)
                .build();
        Flow closed = flow.toBuilder().tcpState(TcpState.CLOSE).build();
        established.onEvent(EventType.NEW, flow, 10);
        established.onEvent(EventType.DESTROY, closed, 20);
        assertThat(ended).containsExactly(closed);
        assertThat(established.size()).isZero();
    }

    @Test
    void whatAReadingOfTheTableLacksHasEnded() {
        collector.onTable(udp(1), 10);
        collector.onTable(udp(2), 10);
        int mark = collector.beginReading();
        collector.onTable(udp(2), 20);
        collector.endReading(mark);
        assertThat(ended).hasSize(1);
        assertThat(collector.size()).isEqualTo(1);
        assertThat(collector.stats().updateMissing()).isZero();
    }

    /** The part of the dump that shows it may have been made before. */
    @Test
    void aFlowThatEndsWhileTheTableIsReadDoesNotComeBack() {
        collector.onTable(udp(1), 10);
        int mark = collector.beginReading();
        collector.onEvent(EventType.DESTROY, udp(1), 20);
        assertThat(collector.onTable(udp(1), 20))
                .as("whoever deletes what passes the filter sees it all the same")
                .isTrue();
        assertThat(collector.readingOver()).isTrue();
        collector.endReading(mark);
        assertThat(collector.size()).isZero();
        assertThat(ended).containsExactly(udp(1));
    }

    @Test
    void aLineHasTimeAndCounters(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("stats.log");
        List<String> syslog = new ArrayList<>();
        try (EndedFlowLog log = EndedFlowLog.open(Optional.of(file), syslog::add)) {
            log.add(udp(1).toBuilder().originalCounters(new Counters(3, 180)).build(), 1_763_821_170_000L);
        }
        String flow = "udp      17 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=53 packets=3 bytes=180";
        assertThat(Files.readString(file)).matches("Sat Nov 22 \\d\\d:19:30 2025\t" + flow + "\n");
        assertThat(syslog).containsExactly(flow);
    }
}
