// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.flow.Flow;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.Requires;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One of the two daemons is killed while flows come and go, and starts again on the same kernel. */
@ExtendWith(LabExtension.class)
class RestartInteropIT {
    private static final int FLOWS = 6000;
    private static final int SLICE = 500;

    private SyncPair pair;

    @BeforeEach
    void startPair(Lab lab) {
        Requires.program("conntrackd");
        Requires.program("nft");
        pair = new SyncPair(lab);
        pair.startBoth();
    }

    @Test
    void ourExternalCacheIsRightAgainAfterAnActiveConntrackdWasKilled() {
        List<Flow> flows = FlowMix.tcp(FLOWS);
        churn(pair.theirs, flows.subList(0, FLOWS / 2), () -> pair.conntrackd().close());
        assertThat(pair.external()).as("what we had when it was killed").isNotEmpty();
        // While it is dead it hears of nothing: these ends reach nobody.
        pair.theirs.delete(flows.subList(0, 2 * SLICE));
        pair.theirs.create(flows.subList(FLOWS / 2, FLOWS / 2 + SLICE));

        pair.startConntrackd();
        churn(pair.theirs, flows.subList(FLOWS / 2 + SLICE, FLOWS), () -> {});

        Set<String> agreed = CacheLines.awaitEqual(
                SyncPair.PATIENCE,
                "unaided, after its restart",
                pair::external,
                () -> pair.conntrackd().internal());
        assertThat(agreed).hasSizeGreaterThan(FLOWS / 2);
        assertThat(pair.log).anyMatch(line -> line.contains("resync complete"));
    }

    @Test
    void aStandbyConntrackdThatWasKilledIsFilledAgainByUs() {
        List<Flow> flows = FlowMix.tcp(FLOWS);
        churn(pair.ours, flows.subList(0, FLOWS / 2), () -> pair.conntrackd().close());
        churn(pair.ours, flows.subList(FLOWS / 2, FLOWS - SLICE), () -> {});

        pair.startConntrackd();
        churn(pair.ours, flows.subList(FLOWS - SLICE, FLOWS), () -> {});

        CacheLines.awaitEqual(
                SyncPair.PATIENCE,
                "unaided, after its restart",
                pair::internal,
                () -> pair.conntrackd().external());
    }

    @Test
    void ourRestartCostsAStandbyConntrackdNothingButWhatEndedMeanwhile() {
        List<Flow> all = FlowMix.tcp(FLOWS + SLICE);
        List<Flow> flows = all.subList(0, FLOWS);
        pair.ours.create(flows);
        CacheLines.awaitEqual(
                SyncPair.PATIENCE,
                "before",
                pair::internal,
                () -> pair.conntrackd().external());

        // To the peer a stop is what a kill is: no message says it.
        pair.node().stop();
        pair.ours.delete(flows.subList(0, SLICE));
        pair.ours.create(all.subList(FLOWS, FLOWS + SLICE));
        pair.startNode();
        pair.awaitHandshake();

        Lab.eventually(
                SyncPair.PATIENCE,
                () -> pair.conntrackd().external().containsAll(pair.internal()),
                "conntrackd has all of ours again");
        Set<String> stale = pair.conntrackd().external();
        stale.removeAll(pair.internal());
        System.out.printf(
                "our node restarted: conntrackd has all %d of ours, and keeps %d that ended while we were down%n",
                pair.internal().size(), stale.size());
        // Nothing in the protocol takes them away: it never forgets what no message ends. Its own -f external does.
        assertThat(stale).hasSize(SLICE);
        pair.conntrackd().ask("-f", "external");
        pair.conntrackd().ask("-n");
        CacheLines.awaitEqual(
                SyncPair.PATIENCE,
                "after its flush and resync",
                pair::internal,
                () -> pair.conntrackd().external());
    }

    @Test
    void ourRestartAsAStandbyRefillsOurExternalCache() {
        List<Flow> flows = FlowMix.tcp(FLOWS);
        churn(pair.theirs, flows.subList(0, FLOWS / 2), () -> pair.node().stop());
        churn(pair.theirs, flows.subList(FLOWS / 2, FLOWS - SLICE), () -> {});

        pair.startNode();
        churn(pair.theirs, flows.subList(FLOWS - SLICE, FLOWS), () -> {});

        CacheLines.awaitEqual(
                SyncPair.PATIENCE,
                "unaided, after our restart",
                pair::external,
                () -> pair.conntrackd().internal());
    }

    /** New flows in slices, a third of each slice ended again; something happens in the middle of it. */
    private static void churn(SyncMachine active, List<Flow> flows, Runnable inTheMiddle) {
        int slices = flows.size() / SLICE;
        for (int i = 0; i < slices; i++) {
            List<Flow> slice = flows.subList(i * SLICE, (i + 1) * SLICE);
            active.create(slice);
            if (i == slices / 2) {
                inTheMiddle.run();
            }
            active.delete(slice.subList(0, SLICE / 3));
        }
    }
}
