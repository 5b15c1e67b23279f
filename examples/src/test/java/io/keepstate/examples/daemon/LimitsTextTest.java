// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.control.ControlRequest;
import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.ftfw.BestEffortConfig;
import io.keepstate.ftfw.NoTrackSession;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.stats.BypassSnapshot;
import io.keepstate.node.stats.CacheSnapshot;
import io.keepstate.node.stats.EventSocketSnapshot;
import io.keepstate.node.stats.KernelSnapshot;
import io.keepstate.node.stats.KernelWritesSnapshot;
import io.keepstate.node.stats.LinksSnapshot;
import io.keepstate.node.stats.NodeStats;
import io.keepstate.node.stats.SyncStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code -s limits} shows, and that nothing else changes by it. */
class LimitsTextTest {
    private static final CacheSnapshot EMPTY = new CacheSnapshot(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final SyncStats SYNC = new SyncStats(
            EMPTY,
            EMPTY,
            0,
            0,
            new NoTrackSession(BestEffortConfig.DEFAULT, 1).stats(),
            new KernelSnapshot(0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 3),
            Map.of(),
            Map.of(MalformedPayload.UNKNOWN_ATTRIBUTE, 3L),
            0,
            Map.of("EINVAL", 2L),
            Map.of("no_room", 4L, "gre_keys", 1L),
            Map.of("long_helper", 5L),
            Optional.of(new SyncStats.ExpectationStats(
                    EMPTY,
                    EMPTY,
                    0,
                    Map.of("no_master", 6L),
                    Map.of("expectation_zone", 8L),
                    new SyncStats.ExpectationEvents(16, 17, 18))),
            Optional.of(new BypassSnapshot(0, 0, 0, 9, 0)),
            Optional.empty(),
            0,
            15,
            0);
    private static final NodeStats NODE = new NodeStats(
            0,
            Map.of(),
            Optional.of(SYNC),
            new LinksSnapshot(List.of(), 0, 0),
            Optional.of(new EventSocketSnapshot(4096, 2, 1, 10, true)),
            Optional.of(new KernelWritesSnapshot(11, 12, 13)),
            Map.of(),
            14,
            19);

    @Test
    void everythingThatWasLeftOutHasItsLine() {
        String text = Statistics.text(ControlRequest.STATS_LIMITS, NODE, Statistics.SyncLimits.NONE, event -> 0, 0);
        assertThat(text).startsWith("""
                flows not at the peer:
                \tgre_keys                                   1
                \tno_room                                    4

                flows at the peer without an attribute:
                \tlong_helper                                5

                """);
        Map.of(
                        "expectation_zone", 8,
                        "no_master", 6,
                        "EINVAL", 2,
                        "unknown_attribute", 3,
                        "withheld", 9,
                        "buffer_doubled", 10,
                        "filtered_in_kernel", 1,
                        "found_by_a_dump_only", 7,
                        "ends_not_told", 15,
                        "loop_queue_full", 14)
                .forEach((name, count) -> assertThat(text).containsPattern("\t" + name + " +" + count + "\n"));
        assertThat(text).containsPattern("\tforgotten_during_a_dump +3\n");
    }

    @Test
    void whatTheKernelDidNotTakeOfAGroupsHoldingsHasItsLine() {
        assertThat(Statistics.text(ControlRequest.STATS_LIMITS, NODE, Statistics.SyncLimits.NONE, event -> 0, 0))
                .containsPattern("\tholdings_refused +19\n");
    }

    @Test
    void eventsOfExpectationsHaveTheirBlock() {
        assertThat(Statistics.text(ControlRequest.STATS_LIMITS, NODE, Statistics.SyncLimits.NONE, event -> 0, 0))
                .containsPattern(
                        "events of expectations:\n\tfiltered +16\n\tmasters_read +17\n\tmasters_not_read +18\n");
    }

    @Test
    void whatTheKernelTookInPartHasItsBlock() {
        assertThat(Statistics.text(ControlRequest.STATS_LIMITS, NODE, Statistics.SyncLimits.NONE, event -> 0, 0))
                .containsPattern("took in part:\n\twithout_helper +11\n\twithout_labels +12\n");
    }

    /** What a conntrackd with DisableExternalCache On needs: without lifetimes it refuses every flow (EINVAL). */
    @Test
    void whetherLifetimesAreToldIsSaid() {
        SyncConfiguration.Builder common = SyncConfiguration.builder(PeerLink.between("10.0.0.1", "10.0.0.2"))
                .commitTimeout(Duration.ofMinutes(30));
        assertThat(limitsOf(common.build())).containsPattern("\tlifetimes_told +0\n");
        SyncMode injecting = new SyncMode.NoTrack(false, true, false);
        assertThat(limitsOf(common.mode(injecting).build())).containsPattern("\tlifetimes_told +1\n");
    }

    private static String limitsOf(SyncConfiguration sync) {
        return Statistics.text(ControlRequest.STATS_LIMITS, NODE, Statistics.SyncLimits.of(sync), event -> 0, 0);
    }

    @Test
    void aNodeThatOnlyElectsHasNone() {
        NodeStats electing = new NodeStats(
                0, Map.of(), Optional.empty(), LinksSnapshot.NONE, Optional.empty(), Optional.empty(), Map.of(), 0, 0);
        assertThat(Statistics.text(ControlRequest.STATS_LIMITS, electing, Statistics.SyncLimits.NONE, event -> 0, 0))
                .isEmpty();
    }
}
