// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlRequest;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.Requires;
import io.keepstate.node.stats.LinkSnapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The installed conntrackd as the peer over every transport, and over two links of which one is cut. */
@ExtendWith(LabExtension.class)
class TransportInteropIT {
    private static final boolean LONG = Boolean.getBoolean("keepstate.long");
    private static final int FLOWS = LONG ? 20_000 : 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(LONG ? 60 : 20);

    @BeforeEach
    void programs() {
        Requires.program("conntrackd");
    }

    private static LinkSnapshot link(SyncPair pair, int index) {
        return pair.node().stats().links().links().get(index);
    }

    private static void awaitBoth(SyncPair pair, String when) {
        CacheLines.awaitEqual(
                PATIENCE,
                "ours at conntrackd, " + when,
                pair::internal,
                () -> pair.conntrackd().external());
        CacheLines.awaitEqual(
                PATIENCE,
                "conntrackd's at ours, " + when,
                () -> pair.conntrackd().internal(),
                pair::external);
    }

    /** In the short form one family is enough: the kernel tests of the channels have both. */
    static List<SyncWire> transports() {
        return LONG
                ? List.of(
                        SyncWire.UDP6,
                        SyncWire.MULTICAST,
                        SyncWire.MULTICAST6,
                        SyncWire.TCP,
                        SyncWire.TCP6,
                        SyncWire.TCP_TIGHT)
                : List.of(SyncWire.MULTICAST6, SyncWire.TCP);
    }

    static List<SyncWire> cables() {
        return LONG ? List.of(SyncWire.TWO_UDP, SyncWire.TWO_TCP) : List.of(SyncWire.TWO_UDP);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void flowsTravelBothWaysAndAgainAfterARestart(SyncWire wire, Lab lab) {
        SyncPair pair = new SyncPair(lab, wire);
        pair.startBoth();
        pair.ours.create(FlowMix.tcp(FLOWS));
        pair.theirs.create(FlowMix.everyKind());
        awaitBoth(pair, "at first");
        assertThat(pair.stats().session().malformed()).isZero();
        assertThat(pair.conntrackd().request(ControlRequest.STATS_NETWORK))
                .containsPattern("Malformed messages:\\s+0\n");

        if (LONG || wire == SyncWire.TCP) {
            pair.conntrackd().close();
            pair.startConntrackd();
            pair.awaitHandshake();
            awaitBoth(pair, "after a restart of conntrackd");
        }
        link(pair, 0).tcp().ifPresent(tcp -> {
            assertThat(tcp.clientConnected() && tcp.serverConnected()).isTrue();
            // conntrackd takes a write in part for the whole and loses the stream; nothing of that is taken for a
            // message.
            assertThat(tcp.desynchronised() > 0).as("streams that were lost").isEqualTo(wire == SyncWire.TCP_TIGHT);
        });
    }

    @ParameterizedTest
    @MethodSource("cables")
    void aCutLinkLosesNothingAndConntrackdComesAlong(SyncWire wire, Lab lab) {
        SyncPair pair = new SyncPair(lab, wire);
        pair.startBoth();
        pair.ours.create(FlowMix.tcp(FLOWS));
        CacheLines.awaitEqual(
                PATIENCE,
                "over the first link",
                pair::internal,
                () -> pair.conntrackd().external());

        pair.ours.namespace.down("eth2");
        pair.ours.create(FlowMix.tcp(2 * FLOWS).subList(FLOWS, 2 * FLOWS));
        pair.theirs.create(FlowMix.everyKind());
        awaitBoth(pair, "over the second link");
        assertThat(link(pair, 1).current()).isTrue();
        assertThat(pair.conntrackd().request(ControlRequest.STATS_LINK))
                .containsPattern("device=eth3 status=RUNNING role=ACTIVE");
        assertThat(pair.log).anyMatch(line -> line.startsWith("device `eth3' becomes dedicated link"));

        pair.ours.namespace.up("eth2");
        Lab.eventually(
                PATIENCE,
                () -> link(pair, 0).current()
                        && pair.conntrackd()
                                .request(ControlRequest.STATS_LINK)
                                .contains("device=eth2 status=RUNNING role=ACTIVE"),
                "both use the default link again");
        pair.theirs.delete(FlowMix.everyKind().subList(0, 50));
        awaitBoth(pair, "over the first link again");
        assertThat(pair.node().stats().links().switches()).isEqualTo(2);
    }
}
