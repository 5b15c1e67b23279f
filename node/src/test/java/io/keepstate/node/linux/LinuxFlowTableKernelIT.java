// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.node.port.CommitResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernel's table without events, as polling and injection use it. */
@ExtendWith(LabExtension.class)
class LinuxFlowTableKernelIT {
    private LinuxFlowTable table;
    private final List<String> refused = new ArrayList<>();
    private int answers;

    @BeforeEach
    void open(Lab lab) {
        table = lab.closing(lab.namespace("fw")
                .get(() -> new LinuxFlowTable(ConntrackOptions.DEFAULTS, LinuxFlowTable.Follow.NOTHING)));
    }

    private static Tuple tuple(int protocol, String source, int sourceId, String destination, int destinationId) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        return new Tuple(
                from.family(), from.high(), from.low(), to.high(), to.low(), protocol, sourceId, destinationId);
    }

    private void commit(Flow... flows) {
        table.commit(List.of(flows), new CommitResult() {
            @Override
            public void refused(Flow flow, String reason) {
                refused.add(flow + ": " + reason);
            }

            @Override
            public void done(int committed, int notCommitted) {
                answers++;
            }
        });
        work();
    }

    private void work() {
        while (table.nextDeadline() != Long.MAX_VALUE) {
            table.doWork(System.nanoTime(), 1000);
        }
    }

    private List<Flow> dump() {
        List<Flow> flows = new ArrayList<>();
        table.dump(flows::add, failure -> assertThat(failure).isNull());
        work();
        return flows;
    }

    @Test
    void aFlowWithoutALifetimeGetsThatOfItsProtocol() {
        assertThat(table.stream()).isNull();
        Flow tcp = Flow.builder(tuple(Protocol.TCP, "10.0.0.1", 1000, "10.0.0.2", 80))
                .status(Status.SEEN_REPLY | Status.ASSURED)
                .tcpState(TcpState.ESTABLISHED)
                .build();
        Flow closing = tcp.toBuilder()
                .original(tuple(Protocol.TCP, "10.0.0.1", 1001, "10.0.0.2", 80))
                .tcpState(TcpState.CLOSE)
                .build();
        commit(
                tcp,
                closing,
                Flow.builder(tuple(Protocol.UDP, "10.0.0.1", 1000, "10.0.0.2", 53))
                        .build(),
                Flow.builder(tuple(Protocol.UDPLITE, "10.0.0.1", 1000, "10.0.0.2", 53))
                        .build(),
                Flow.builder(tuple(Protocol.SCTP, "fd00::1", 1000, "fd00::2", 53))
                        .set(Attribute.SCTP_STATE, 4)
                        .build(),
                Flow.builder(tuple(Protocol.GRE, "10.0.0.1", 7, "10.0.0.2", 8)).build(),
                Flow.builder(tuple(Protocol.ICMP, "10.0.0.1", 77, "10.0.0.2", Tuple.icmpTypeAndCode(8, 0)))
                        .build(),
                Flow.builder(tuple(Protocol.ICMPV6, "fd00::1", 78, "fd00::2", Tuple.icmpTypeAndCode(128, 0)))
                        .build(),
                Flow.builder(tuple(89, "10.0.0.1", 0, "10.0.0.2", 0)).build());
        assertThat(refused).isEmpty();
        assertThat(answers).isEqualTo(1);
        List<Flow> flows = dump();
        assertThat(flows)
                .hasSize(9)
                .allSatisfy(flow -> assertThat(flow.timeoutSeconds()).isPositive());
        assertThat(lifetime(flows, tcp)).isGreaterThan(400_000);
        assertThat(lifetime(flows, closing)).isLessThanOrEqualTo(10);
    }

    private static long lifetime(List<Flow> flows, Flow of) {
        return flows.stream()
                .filter(flow -> flow.original().equals(of.original()))
                .mapToLong(Flow::timeoutSeconds)
                .sum();
    }

    @Test
    void deletionsFindTheirZoneAlsoThatOfOneDirection() {
        Tuple tuple = tuple(Protocol.UDP, "10.0.0.1", 1000, "10.0.0.2", 53);
        Tuple other = tuple(Protocol.UDP, "10.0.0.1", 1001, "10.0.0.2", 53);
        commit(
                Flow.builder(tuple).build(),
                Flow.builder(tuple).zone(5).build(),
                Flow.builder(other).set(Attribute.ZONE_ORIGINAL, 6).build());
        assertThat(refused).isEmpty();
        assertThat(dump())
                .extracting(Flow::key)
                .containsExactlyInAnyOrder(new FlowKey(tuple, 0), new FlowKey(tuple, 5), new FlowKey(other, 6));

        // Its answers would be those of the flow in zone 0.
        commit(Flow.builder(tuple).set(Attribute.ZONE_ORIGINAL, 6).build());
        assertThat(refused).singleElement().satisfies(text -> assertThat(text).endsWith("nat_clash"));

        table.delete(List.of(new FlowKey(tuple, 5), new FlowKey(other, 6)), failure -> answers++);
        work();
        assertThat(dump()).extracting(Flow::key).containsExactly(new FlowKey(tuple, 0));
    }
}
