// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.Requires;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A tenth of the datagrams is lost in each direction, from the end of the handshake on. New flows arrive all the same,
 * unaided; and when one request for a resync is made after the loss has ended, nothing at all is missing.
 */
@ExtendWith(LabExtension.class)
class LossyLinkInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int RUNS = LONG ? 20 : 3;
    /**
     * One run may miss: conntrackd cannot know that a NACK of ours was lost with the last thing it had to say, and does
     * not ask for anything by itself. Three runs are no statistic, so the short form may miss once too; what must hold
     * in every run is what comes after the request for a resync.
     */
    private static final int UNAIDED = RUNS - 1;

    private static final int FLOWS = 2000;
    private static final Duration REPAIR = Duration.ofSeconds(8);

    private SyncPair pair;

    @BeforeEach
    void makePair(Lab lab) {
        Requires.program("conntrackd");
        Requires.program("nft");
        pair = new SyncPair(lab);
    }

    @Test
    void flowsArriveAtConntrackd() {
        Supplier<Set<String>> standby = () -> pair.conntrackd().external();
        runs(
                "ours to C",
                pair.ours,
                pair::internal,
                standby,
                () -> pair.conntrackd().ask("-n"));
    }

    @Test
    void flowsOfConntrackdArrive() {
        Supplier<Set<String>> active = () -> pair.conntrackd().internal();
        runs("C to ours", pair.theirs, active, pair::external, pair::requestResync);
    }

    private void runs(
            String direction,
            SyncPair.Machine active,
            Supplier<Set<String>> internal,
            Supplier<Set<String>> external,
            Runnable resync) {
        int unaided = 0;
        for (int run = 1; run <= RUNS; run++) {
            pair.startBoth();
            pair.ours.loseATenth();
            pair.theirs.loseATenth();
            long start = System.nanoTime();
            active.create(FlowMix.tcp(FLOWS));
            Lab.eventually(SyncPair.PATIENCE, () -> internal.get().size() == FLOWS, "the active node has its flows");
            boolean equal = CacheLines.becomeEqual(REPAIR, internal, external);
            long millis = (System.nanoTime() - start) / 1_000_000;
            unaided += equal ? 1 : 0;
            int missing = FLOWS - external.get().size();
            long lost = pair.ours.loseNoMore();
            long lostThere = pair.theirs.loseNoMore();
            assertThat(active == pair.ours ? lostThere : lost)
                    .as("lost datagrams of the active node")
                    .isPositive();

            resync.run();

            CacheLines.awaitEqual(SyncPair.PATIENCE, "after loss and a resync, run " + run, internal, external);
            System.out.printf(
                    "%s, run %d: %s; lost %d datagrams to us, %d to C; gaps %d, resyncs asked %d%n",
                    direction,
                    run,
                    equal ? "equal unaided after " + millis + " ms" : missing + " missing unaided, none after -n",
                    lost,
                    lostThere,
                    pair.stats().session().gaps(),
                    pair.stats().session().resyncsSent());
            pair.stopBoth();
        }
        assertThat(unaided).as("runs of %d that became equal unaided", RUNS).isGreaterThanOrEqualTo(UNAIDED);
    }
}
