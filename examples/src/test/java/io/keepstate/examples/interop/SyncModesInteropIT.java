// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.Requires;
import io.keepstate.node.config.SyncMode;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The installed conntrackd as the peer in NOTRACK and ALARM, in both roles, and with its flows put straight into our
 * kernel.
 */
@ExtendWith(LabExtension.class)
class SyncModesInteropIT {
    private static final int FLOWS = Boolean.getBoolean("keepstate.long") ? 2000 : 300;

    private SyncPair pair;

    @BeforeEach
    void makePair(Lab lab) {
        Requires.program("conntrackd");
        pair = new SyncPair(lab);
    }

    @Test
    void notrackBothWays() {
        pair.modes(SyncMode.NoTrack.DEFAULT, "Mode NOTRACK { CommitTimeout 1800 }");
        pair.startConntrackd();
        pair.startNode();
        bothWays();
        assertThat(pair.stats().session().acksSent()).isZero();
    }

    @Test
    void alarmBothWays() {
        pair.modes(
                new SyncMode.Alarm(Duration.ofSeconds(2), Duration.ofSeconds(20)),
                "Mode ALARM { RefreshTime 2 CacheTimeout 20 CommitTimeout 1800 }");
        pair.startConntrackd();
        pair.startNode();
        bothWays();
        assertThat(pair.stats().session().alivesSent()).isZero();
    }

    /** Its CommitTimeout keeps the lifetime off the wire: as the receiver, it fails with EINVAL here. */
    @Test
    void flowsOfConntrackdGoStraightIntoOurKernel() {
        pair.modes(
                new SyncMode.Ftfw(300, 131_072, true, true),
                "Mode FTFW { DisableExternalCache Off CommitTimeout 1800 }");
        pair.startBoth();
        pair.theirs.create(FlowMix.tcp(FLOWS));
        Lab.eventually(
                SyncPair.PATIENCE,
                () -> pair.ours.table().size() == FLOWS,
                "every flow of conntrackd is in our kernel");
        assertThat(pair.ours.table()).isEqualTo(pair.theirs.table());
        assertThat(pair.stats().injection().orElseThrow().createFailed()).isZero();
        assertThat(pair.external()).isEmpty();
    }

    private void bothWays() {
        pair.ours.create(FlowMix.tcp(FLOWS));
        Lab.eventually(
                SyncPair.PATIENCE,
                () -> pair.conntrackd().external().size() == FLOWS
                        && pair.internal().size() == FLOWS,
                "conntrackd knows our flows");
        assertThat(pair.conntrackd().external()).isEqualTo(pair.internal());
        pair.ours.flush();
        Lab.eventually(
                SyncPair.PATIENCE, () -> pair.conntrackd().external().isEmpty(), "conntrackd knows that they ended");
        pair.theirs.create(FlowMix.tcp(FLOWS));
        Lab.eventually(
                SyncPair.PATIENCE,
                () -> pair.external().size() == FLOWS
                        && pair.conntrackd().internal().size() == FLOWS,
                "we know the flows of conntrackd");
        assertThat(pair.external()).isEqualTo(pair.conntrackd().internal());
    }
}
