// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Attribute;
import io.keepstate.flow.Family;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Protocol;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.libc.LinuxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class ConntrackKernelIT {
    private Conntrack conntrack;

    @BeforeEach
    void open(Lab lab) {
        conntrack = lab.closing(lab.namespace("fw").get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
    }

    @Test
    void aCreatedFlowIsReadBackAsItWasWritten() {
        Flow flow = Flows.tcp(7).toBuilder().zone(5).build();

        assertThat(conntrack.create(flow, 600)).isTrue();

        Flow read = conntrack.get(flow.key()).orElseThrow();
        assertThat(read.original()).isEqualTo(flow.original());
        assertThat(read.reply()).isEqualTo(flow.original().inverted());
        assertThat(read.status()).isEqualTo(Flows.ESTABLISHED);
        assertThat(read.tcpState()).isEqualTo(TcpState.ESTABLISHED);
        assertThat(read.mark()).isEqualTo(7);
        assertThat(read.zone()).isEqualTo(5);
        assertThat(read.timeoutSeconds()).isBetween(590L, 600L);
        assertThat(read.get(Attribute.TCP_FLAGS_ORIGINAL) >>> 8 & 0x08).isEqualTo(0x08);
    }

    @Test
    void aSecondCreateAnswersFalseAndChangesNothing() {
        assertThat(conntrack.create(Flows.tcp(1), 600)).isTrue();
        assertThat(conntrack.create(Flows.tcp(1).toBuilder().mark(99).build(), 600))
                .isFalse();
        assertThat(conntrack.get(Flows.tcp(1).key()).orElseThrow().mark()).isEqualTo(1);
    }

    @Test
    void anUpdateChangesStateMarkAndTimeoutAndKeepsStatusBits() {
        conntrack.create(Flows.tcp(1), 600);
        Flow closing = Flow.builder(Flows.tcp(1).original())
                .status(Status.CONFIRMED)
                .tcpState(TcpState.TIME_WAIT)
                .mark(42)
                .build();

        assertThat(conntrack.update(closing, 30)).isTrue();

        Flow read = conntrack.get(closing.key()).orElseThrow();
        assertThat(read.tcpState()).isEqualTo(TcpState.TIME_WAIT);
        assertThat(read.mark()).isEqualTo(42);
        assertThat(read.timeoutSeconds()).isLessThanOrEqualTo(30);
        assertThat(read.status()).isEqualTo(Flows.ESTABLISHED);
        assertThat(conntrack.update(Flows.tcp(2), 30)).isFalse();
    }

    @Test
    void aDeleteWithAnIdSparesAYoungerEntryOfTheSameTuple() {
        conntrack.create(Flows.tcp(1), 600);
        Flow old = conntrack.get(Flows.tcp(1).key()).orElseThrow();
        conntrack.delete(Flows.tcp(1));
        conntrack.create(Flows.tcp(1).toBuilder().mark(2).build(), 600);

        Flow stale =
                old.toBuilder().set(Attribute.ID, old.get(Attribute.ID) ^ 1).build();
        assertThat(conntrack.delete(stale)).isFalse();
        assertThat(conntrack.get(Flows.tcp(1).key())).isPresent();
        assertThat(conntrack.delete(conntrack.get(Flows.tcp(1).key()).orElseThrow()))
                .isTrue();
        assertThat(conntrack.delete(Flows.tcp(1))).isFalse();
        assertThat(conntrack.get(Flows.tcp(1).key())).isEmpty();
    }

    @Test
    void theSameTupleInAnotherZoneIsAnotherFlow() {
        conntrack.create(Flows.udp(1), 600);
        conntrack.create(Flows.udp(1).toBuilder().zone(9).mark(9).build(), 600);

        assertThat(conntrack
                        .get(new FlowKey(Flows.udp(1).original(), 9))
                        .orElseThrow()
                        .mark())
                .isEqualTo(9);
        assertThat(conntrack.get(new FlowKey(Flows.udp(1).original(), 8))).isEmpty();
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).hasSize(2);
        assertThat(conntrack.delete(Flows.udp(1).toBuilder().zone(9).build())).isTrue();
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).hasSize(1);
    }

    @Test
    void zonesOfOneDirectionAreKept() {
        Flow flow = Flow.builder(Flows.udp(1).original())
                .set(Attribute.ZONE_ORIGINAL, 3)
                .status(Status.CONFIRMED)
                .build();
        conntrack.create(flow, 600);

        Flow read = conntrack.dumpAll(DumpFilter.ALL).get(0);
        assertThat(read.get(Attribute.ZONE_ORIGINAL)).isEqualTo(3);
        assertThat(read.has(Attribute.ZONE)).isFalse();
        assertThat(read.has(Attribute.ZONE_REPLY)).isFalse();
        assertThat(conntrack.delete(read)).isTrue();
    }

    @Test
    void aDumpShowsEveryFlowOnceAndObeysItsFilter() {
        Flow six = Flow.builder(Flows.tuple(Protocol.UDP, "fd00::1", 1000, "fd00::2", 53))
                .status(Status.CONFIRMED)
                .mark(4)
                .build();
        conntrack.commitAll(Flows.many(1000, Flows::tcp), 600);
        conntrack.commitAll(List.of(six, Flows.udp(3).toBuilder().zone(4).build()), 600);

        List<Flow> all = conntrack.dumpAll(DumpFilter.ALL);
        assertThat(all).hasSize(1002);
        Set<FlowKey> keys = new HashSet<>();
        all.forEach(flow -> keys.add(flow.key()));
        assertThat(keys).hasSize(1002);
        assertThat(conntrack.dumpAll(DumpFilter.ALL.withFamily(Family.IPV6))).hasSize(1);
        assertThat(conntrack.dumpAll(DumpFilter.ALL.withZone(4))).hasSize(1);
        assertThat(conntrack.dumpAll(DumpFilter.ALL.withMark(4, -1))).hasSize(2);
        assertThat(conntrack.dumpAll(DumpFilter.ALL.withStatus(0, Status.ASSURED)))
                .hasSize(2);
    }

    @Test
    void aDumpIsReadInSlices() {
        conntrack.commitAll(Flows.many(1000, Flows::tcp), 600);
        try (TableDump dump = conntrack.startDump(DumpFilter.ALL)) {
            int[] seen = {0};
            int first = dump.doWork(flow -> seen[0]++, 1);
            assertThat(first).isBetween(1, 500);
            assertThat(dump.isDone()).isFalse();
            while (!dump.isDone()) {
                dump.doWork(flow -> seen[0]++, 1);
            }
            assertThat(seen[0]).isEqualTo(1000);
            assertThat(dump.errno()).isZero();
            assertThat(dump.malformedCount()).isZero();
        }
    }

    /** netlink_recvmsg makes the next part, so whoever reads in slices must let events win. */
    @Test
    void thePartOfADumpThatWaitsShowsFlowsThatHaveEndedSince() {
        conntrack.commitAll(Flows.many(1000, Flows::tcp), 600);
        try (TableDump dump = conntrack.startDump(DumpFilter.ALL)) {
            dump.doWork(flow -> {}, 1);
            conntrack.flush();
            int ended = 0;
            while (!dump.isDone()) {
                ended += dump.doWork(flow -> {}, 1);
            }
            assertThat(ended).isBetween(1, 500);
            assertThat(dump.errno()).isZero();
        }
    }

    @Test
    void aFlushOfOneFamilySparesTheOther() {
        Flow six = Flow.builder(Flows.tuple(Protocol.UDP, "fd00::1", 1000, "fd00::2", 53))
                .status(Status.CONFIRMED)
                .build();
        conntrack.create(six, 600);
        conntrack.create(Flows.udp(1), 600);

        conntrack.flush(Family.IPV6);
        assertThat(conntrack.dumpAll(DumpFilter.ALL))
                .singleElement()
                .satisfies(flow ->
                        assertThat(flow.original()).isEqualTo(Flows.udp(1).original()));
        conntrack.flush();
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).isEmpty();
    }

    @Test
    void whatTheKernelRefusesIsAnExceptionThatNamesErrorAndFlow() {
        Flow orphan = Flows.tcp(1).toBuilder().master(Flows.tcp(2).original()).build();
        assertThatThrownBy(() -> conntrack.create(orphan, 600))
                .isInstanceOf(LinuxException.class)
                .hasMessageContaining("ENOENT")
                .hasMessageContaining("dport=443");
    }

    @Test
    void harmfulStatusBitsOfAPeerDoNotReachTheKernel() {
        int all = 0xffff;
        conntrack.create(Flows.tcp(1).toBuilder().status(all).build(), 600);
        assertThat(conntrack.get(Flows.tcp(1).key()).orElseThrow().status()).isEqualTo(Flows.ESTABLISHED);
        assertThat(conntrack.update(Flows.tcp(1).toBuilder().status(all).build(), 300))
                .isTrue();
        assertThat(conntrack.get(Flows.tcp(1).key()).orElseThrow().status()).isEqualTo(Flows.ESTABLISHED);
    }

    @Test
    void everyProtocolIsCreatedAndReadBack() {
        for (Tuple tuple : List.of(
                Flows.tuple(Protocol.SCTP, "10.0.0.1", 1000, "10.0.0.2", 2000),
                Flows.tuple(Protocol.UDPLITE, "10.0.0.1", 1000, "10.0.0.2", 2000),
                Flows.tuple(Protocol.GRE, "10.0.0.1", 0x1234, "10.0.0.2", 0x5678),
                Flows.tuple(Protocol.ICMP, "10.0.0.1", 77, "10.0.0.2", Tuple.icmpTypeAndCode(8, 0)),
                Flows.tuple(Protocol.ICMPV6, "fd00::1", 78, "fd00::2", Tuple.icmpTypeAndCode(128, 0)),
                Flows.tuple(89, "10.0.0.1", 0, "10.0.0.2", 0),
                Flows.tuple(Protocol.TCP, "fd00::1", 1000, "fd00::2", 2000))) {
            Flow flow = Flow.builder(tuple)
                    .status(Status.CONFIRMED)
                    .set(Attribute.SCTP_STATE, 4)
                    .tcpState(TcpState.ESTABLISHED)
                    .build();
            assertThat(conntrack.create(flow, 600)).as(tuple.toString()).isTrue();
            assertThat(conntrack.get(flow.key()).orElseThrow().reply())
                    .as(tuple.toString())
                    .isEqualTo(tuple.inverted());
        }
    }
}
