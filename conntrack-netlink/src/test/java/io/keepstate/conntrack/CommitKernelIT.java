// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.flow.Flow;
import io.keepstate.flow.IpAddress;
import io.keepstate.flow.NatTarget;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.flow.Tuple;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class CommitKernelIT {
    private static final NatTarget SNAT = new NatTarget(Flows.PUBLIC, 5555);
    private static final int TRANSLATED = Status.SRC_NAT | Status.SRC_NAT_DONE | Status.DST_NAT_DONE;

    private LabNamespace fw;
    private Conntrack conntrack;

    @BeforeEach
    void open(Lab lab) {
        fw = lab.namespace("fw");
        fw.nft("table ip nat { chain post { type nat hook postrouting priority srcnat; }\n}");
        conntrack = lab.closing(fw.get(() -> Conntrack.open(ConntrackOptions.DEFAULTS)));
    }

    private CommitCounts commit(Flow... flows) {
        return conntrack.commitAll(List.of(flows), 600);
    }

    private Flow read(Flow flow) {
        return conntrack.get(flow.key()).orElseThrow();
    }

    private static Flow natted(Flow flow) {
        return flow.toBuilder().sourceNat(SNAT).build();
    }

    @Test
    void aThousandFlowsOfWhichFivePercentExistAreAllThere() {
        List<Flow> existing = new ArrayList<>();
        for (int i = 0; i < 1000; i += 20) {
            existing.add(Flows.natted(i).toBuilder()
                    .mark(0)
                    .tcpState(TcpState.SYN_SENT)
                    .build());
        }
        assertThat(conntrack.commitAll(existing, 60).of(CommitOutcome.CREATED)).isEqualTo(50);

        CommitCounts counts = conntrack.commitAll(Flows.many(1000, Flows::natted), 600);

        assertThat(counts.of(CommitOutcome.CREATED)).isEqualTo(950);
        assertThat(counts.of(CommitOutcome.UPDATED)).isEqualTo(50);
        assertThat(counts.failed()).isZero();
        assertThat(counts.lostBatches()).isZero();
        List<Flow> table = conntrack.dumpAll(DumpFilter.ALL);
        assertThat(table).hasSize(1000).allSatisfy(flow -> {
            assertThat(flow.tcpState()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(flow.status() & Status.SRC_NAT).isEqualTo(Status.SRC_NAT);
            assertThat(flow.timeoutSeconds()).isGreaterThan(500);
        });
    }

    @Test
    void natOfASyncMessageIsRestored() {
        Flow flow = natted(Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81));
        assertThat(commit(flow).of(CommitOutcome.CREATED)).isEqualTo(1);
        assertThat(read(flow).reply()).isEqualTo(Flows.tuple(6, "10.0.1.2", 81, "9.9.9.9", 5555));
        assertThat(read(flow).status()).isEqualTo(Flows.ESTABLISHED | TRANSLATED);
    }

    @Test
    void whatADumpShowsCanBeCommittedAgainAndIsTheSame() {
        Flow flow = natted(Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81)).toBuilder()
                .destinationNat(new NatTarget(IpAddress.parse("10.9.9.1"), 8080))
                .build();
        commit(flow);
        Flow dumped = read(flow);
        assertThat(dumped.reply()).isEqualTo(Flows.tuple(6, "10.9.9.1", 8080, "9.9.9.9", 5555));
        conntrack.flush();

        assertThat(commit(dumped).of(CommitOutcome.CREATED)).isEqualTo(1);
        assertThat(read(flow).reply()).isEqualTo(dumped.reply());
        assertThat(read(flow).status()).isEqualTo(dumped.status());
        assertThat(commit(dumped).of(CommitOutcome.UPDATED)).isEqualTo(1);
    }

    @Test
    void icmpIdentifiersTranslatedByTheKernelAreRestored() {
        Tuple echo = Flows.tuple(1, "10.0.0.1", 77, "10.0.1.2", Tuple.icmpTypeAndCode(8, 0));
        Flow dumped = Flow.builder(echo)
                .reply(Flows.tuple(1, "10.0.1.2", 4711, "9.9.9.9", Tuple.icmpTypeAndCode(0, 0)))
                .status(Status.SEEN_REPLY | Status.CONFIRMED | TRANSLATED)
                .build();
        assertThat(commit(dumped).of(CommitOutcome.CREATED)).isEqualTo(1);
        assertThat(read(dumped).reply()).isEqualTo(dumped.reply());
    }

    @Test
    void anEntryOfTheSameTupleThatDoesNotTranslateIsReplaced() {
        Flow plain = Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81);
        commit(plain);
        assertThat(commit(natted(plain)).of(CommitOutcome.REPLACED)).isEqualTo(1);
        assertThat(read(plain).reply().destinationPort()).isEqualTo(5555);
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).hasSize(1);
    }

    @Test
    void anEntryPickedUpFromAnAnswerIsReplaced() {
        Flow flow = natted(Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81));
        Flow backwards = Flows.tcp("10.0.1.2", 81, "9.9.9.9", 5555);
        commit(backwards);
        assertThat(commit(flow).of(CommitOutcome.REPLACED)).isEqualTo(1);
        assertThat(conntrack.dumpAll(DumpFilter.ALL))
                .singleElement()
                .satisfies(entry -> assertThat(entry.original()).isEqualTo(flow.original()));
    }

    @Test
    void bothHalvesPickedUpAreReplacedByTheOneFlow() {
        Flow flow = natted(Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81));
        commit(Flows.tcp("10.0.1.2", 81, "9.9.9.9", 5555), Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81));
        assertThat(commit(flow).of(CommitOutcome.REPLACED)).isEqualTo(1);
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).hasSize(1);
        assertThat(read(flow).reply().destinationPort()).isEqualTo(5555);
    }

    @Test
    void aPortOwnedByAnotherConnectionIsAClashAndNothingIsTouched() {
        Flow first = natted(Flows.tcp("10.0.0.1", 1113, "10.0.1.2", 81));
        Flow second = natted(Flows.tcp("10.0.0.2", 1113, "10.0.1.2", 81));
        assertThat(commit(first, second)).satisfies(counts -> {
            assertThat(counts.of(CommitOutcome.CREATED)).isEqualTo(1);
            assertThat(counts.of(CommitOutcome.NAT_CLASH)).isEqualTo(1);
            assertThat(counts.failed()).isEqualTo(1);
        });
        assertThat(conntrack.get(second.key())).isEmpty();
        assertThat(read(first).reply().destinationPort()).isEqualTo(5555);
    }

    @Test
    void statusBitsTheKernelSetMeanwhileAreKept() {
        commit(Flows.tcp(1));
        Flow younger = Flows.tcp(1).toBuilder().status(Status.CONFIRMED).mark(9).build();
        assertThat(commit(younger).of(CommitOutcome.UPDATED)).isEqualTo(1);
        assertThat(read(younger).status()).isEqualTo(Flows.ESTABLISHED);
        assertThat(read(younger).mark()).isEqualTo(9);
    }

    /** As {@code conntrack -I -u FIXED_TIMEOUT} makes it: the kernel refuses each update that tells a timeout (EPERM). */
    @Test
    void anEntryWhoseTimeoutIsFixedIsReplacedByWhatItWouldHaveBecome() {
        for (Flow copy : List.of(Flows.tcp(1), Flows.natted(2))) {
            Flow fixed = copy.toBuilder()
                    .status(Flows.ESTABLISHED | Status.FIXED_TIMEOUT)
                    .mark(1)
                    .build();
            assertThat(conntrack.orders().create(fixed, 100)).isZero();
            assertThat(read(fixed).status() & Status.FIXED_TIMEOUT).isNotZero();

            Flow old = copy.toBuilder()
                    .status(Status.CONFIRMED)
                    .tcpState(TcpState.SYN_RECV)
                    .mark(9)
                    .build();
            assertThat(commit(old).of(CommitOutcome.REPLACED)).isEqualTo(1);

            Flow replaced = read(old);
            assertThat(replaced.mark()).isEqualTo(9);
            assertThat(replaced.tcpState()).as("what goes on does not begin").isEqualTo(TcpState.ESTABLISHED);
            assertThat(replaced.status() & (Flows.ESTABLISHED | Status.FIXED_TIMEOUT))
                    .isEqualTo(Flows.ESTABLISHED);
            assertThat(replaced.timeoutSeconds()).isGreaterThan(500);
            assertThat(commit(old).of(CommitOutcome.UPDATED)).isEqualTo(1);
        }
    }

    @Test
    void anUnknownHelperCostsTheHelperOnly() {
        Flow flow = Flows.tcp(1).toBuilder().helper("nosuch").build();
        CommitCounts counts = commit(flow);
        assertThat(counts.of(CommitOutcome.CREATED)).isEqualTo(1);
        assertThat(counts.withoutHelper()).isEqualTo(1);
        assertThat(read(flow).helper()).isNull();
    }

    @Test
    void aRelatedFlowWhoseMasterComesLateIsRetriedAtTheEnd() {
        Flow master = Flows.tcp(1);
        Flow related = Flows.tcp(2).toBuilder()
                .master(master.original())
                .status(Flows.ESTABLISHED | Status.EXPECTED)
                .build();
        Flow orphan = Flows.tcp(3).toBuilder().master(Flows.tcp(4).original()).build();

        CommitCounts counts = commit(related, orphan, master);

        assertThat(counts.of(CommitOutcome.CREATED)).isEqualTo(2);
        assertThat(counts.of(CommitOutcome.NO_MASTER)).isEqualTo(1);
        assertThat(read(related).status() & Status.EXPECTED).isEqualTo(Status.EXPECTED);
        assertThat(read(related).master()).isEqualTo(master.original());
        assertThat(commit(related).of(CommitOutcome.UPDATED))
                .as("a second time")
                .isEqualTo(1);
    }

    @Test
    void aRefusedFlowDoesNotHurtItsNeighboursAndItsErrorIsCounted() {
        Flow wrong = Flows.tcp(2).toBuilder().tcpState(99).build();
        CommitCounts counts = commit(Flows.tcp(1), wrong, Flows.tcp(3));
        assertThat(counts.of(CommitOutcome.CREATED)).isEqualTo(2);
        assertThat(counts.of(CommitOutcome.FAILED)).isEqualTo(1);
        assertThat(counts.errors()).containsValue(1L);
    }

    @Test
    void deletesGoThroughTheSamePipeline() {
        conntrack.commitAll(Flows.many(300, Flows::tcp), 600);
        CommitPipeline pipeline = conntrack.newPipeline(CommitListener.NONE);
        for (int i = 0; i < 310; i++) {
            pipeline.submitDelete(i, Flows.tcp(i));
        }
        while (!pipeline.isIdle()) {
            pipeline.doWork(System.nanoTime(), 64);
        }
        assertThat(pipeline.counts().of(CommitOutcome.DELETED)).isEqualTo(300);
        assertThat(pipeline.counts().of(CommitOutcome.ABSENT)).isEqualTo(10);
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).isEmpty();
    }

    @Test
    void rehearsingLeavesTheTableAlone() {
        CommitPipeline pipeline = conntrack.newPipeline(CommitListener.NONE);
        for (int i = 0; i < 1000; i++) {
            pipeline.rehearse(Flows.natted(i), 600);
        }
        assertThat(conntrack.dumpAll(DumpFilter.ALL)).isEmpty();
        assertThat(pipeline.isIdle()).isTrue();
    }

    @Test
    void whatIsAskedAboutOneFlowHappensInThatOrder() {
        conntrack.create(Flows.tcp(1), 60);
        CommitPipeline pipeline = conntrack.newPipeline(CommitListener.NONE);
        // The first create needs three requests; the deletion behind it one.
        pipeline.submitCreate(0, Flows.natted(1), 600);
        pipeline.submitDelete(0, Flows.natted(1));
        pipeline.submitCreate(0, Flows.tcp(2), 600);
        pipeline.submitDelete(0, Flows.tcp(2));
        pipeline.submitCreate(0, Flows.tcp(2), 600);
        while (!pipeline.isIdle()) {
            pipeline.doWork(System.nanoTime(), 1000);
        }
        assertThat(conntrack.dumpAll(DumpFilter.ALL))
                .extracting(Flow::original)
                .containsExactly(Flows.tcp(2).original());
        pipeline.close();
    }
}
