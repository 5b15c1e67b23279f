// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.flow.Status;
import io.keepstate.flow.TcpState;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Our node and the installed conntrackd hold the same flows, whoever is active, in the caches and after a commit. */
@ExtendWith(LabExtension.class)
class ConntrackdInteropIT {
    private SyncPair pair;

    @BeforeEach
    void startPair(Lab lab) {
        Requires.program("conntrackd");
        Requires.program("nft");
        pair = new SyncPair(lab);
    }

    @Test
    void conntrackdStandsByForUs() {
        RealTraffic traffic = RealTraffic.through(pair.lab, pair.ours.namespace);
        pair.startBoth();
        sameFlows(pair.ours, traffic, pair::internal, () -> pair.conntrackd().external());
        assertThat(pair.conntrackd().internal()).as("what it has of its own").isEmpty();

        pair.conntrackd().ask("-c");

        assertSameTables();
        assertThat(pair.conntrackd().log()).doesNotContain("can't be committed");
        assertThat(pair.external()).as("commits are not sent back").isEmpty();
        assertThat(pair.stats().session().malformed()).isZero();
    }

    @Test
    void weStandByForConntrackd() throws Exception {
        RealTraffic traffic = RealTraffic.through(pair.lab, pair.theirs.namespace);
        pair.startBoth();
        sameFlows(pair.theirs, traffic, pair::external, () -> pair.conntrackd().internal());
        assertThat(pair.internal()).as("what we have of our own").isEmpty();

        int[] result = pair.commit();

        assertThat(result).containsExactly(pair.external().size(), 0);
        assertSameTables();
        assertThat(pair.conntrackd().external()).as("commits are not sent back").isEmpty();
        assertThat(pair.stats().session().malformed()).isZero();
    }

    /** Flows of every kind, then real packets, then changes and ends. */
    private static void sameFlows(
            SyncMachine active, RealTraffic traffic, Supplier<Set<String>> one, Supplier<Set<String>> other) {
        List<Flow> flows = FlowMix.everyKind();
        assertThat(flows).hasSizeGreaterThanOrEqualTo(500);
        active.create(flows);
        Set<String> created = CacheLines.awaitEqual(SyncPair.PATIENCE, "new flows", one, other);
        assertThat(created).hasSize(flows.size());

        traffic.exchange();
        Set<String> withTraffic = CacheLines.awaitEqual(SyncPair.PATIENCE, "real packets", one, other);
        assertThat(withTraffic).hasSizeGreaterThanOrEqualTo(flows.size() + RealTraffic.FLOWS);

        List<Flow> ended = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
            Flow flow = flows.get(i);
            if (i % 5 == 0) {
                active.update(changed(flow, i));
            } else if (i % 7 == 0 && flow.original().destinationId() != FlowMix.MASTER_PORT) {
                // A flow whose master is gone cannot be committed by anybody.
                ended.add(flow);
            }
        }
        active.delete(ended);
        Set<String> changed = CacheLines.awaitEqual(SyncPair.PATIENCE, "changes and ends", one, other);
        assertThat(changed).hasSizeLessThan(withTraffic.size()).isNotEqualTo(withTraffic);
        assertThat(changed).anyMatch(line -> line.contains("mark=4660"));
    }

    private static Flow changed(Flow flow, int i) {
        return flow.tcpState() == TcpState.ESTABLISHED
                ? flow.toBuilder().tcpState(TcpState.FIN_WAIT).mark(i).build()
                : flow.toBuilder().mark(0x1234).build();
    }

    private void assertSameTables() {
        Set<SyncMachine.KernelEntry> ours = pair.ours.table();
        Set<SyncMachine.KernelEntry> theirs = pair.theirs.table();
        assertThat(ours).hasSizeGreaterThan(400);
        assertThat(ours).anyMatch(entry -> (entry.status() & Status.SRC_NAT) != 0);
        assertThat(ours).anyMatch(entry -> (entry.status() & Status.DST_NAT) != 0);
        assertThat(CacheLines.difference(ours, theirs)).as("only in our kernel").isEmpty();
        assertThat(CacheLines.difference(theirs, ours)).as("only in its kernel").isEmpty();
    }
}
