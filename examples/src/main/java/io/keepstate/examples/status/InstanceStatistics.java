// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.node.stats.RouterSnapshot;
import io.keepstate.vrrp.VirtualRouterCounters;
import io.keepstate.vrrp.codec.KeepalivedStatistic;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * keepalived's counters of one instance.
 *
 * @param advertsReceived good ones
 * @param advertsSent with those of priority 0
 * @param becameMaster how often
 * @param releasedMaster how often
 * @param priorityZeroReceived resignations heard
 * @param priorityZeroSent resignations sent
 * @param rejected packets that failed a check, under keepalived's names
 */
public record InstanceStatistics(
        long advertsReceived,
        long advertsSent,
        long becameMaster,
        long releasedMaster,
        long priorityZeroReceived,
        long priorityZeroSent,
        Map<KeepalivedStatistic, Long> rejected) {
    /** Copies the map. */
    public InstanceStatistics {
        rejected = Map.copyOf(rejected);
    }

    /** The counters of a router. */
    public static InstanceStatistics of(RouterSnapshot router) {
        VirtualRouterCounters counters = router.counters();
        EnumMap<KeepalivedStatistic, Long> rejected = new EnumMap<>(KeepalivedStatistic.class);
        for (KeepalivedStatistic statistic : KeepalivedStatistic.values()) {
            rejected.put(statistic, statistic.sum(router.rejects()));
        }
        rejected.put(KeepalivedStatistic.ADDR_LIST_ERR, counters.addressListMismatches());
        return new InstanceStatistics(
                counters.advertsReceived(),
                counters.advertsSent(),
                counters.becameActive(),
                counters.releasedActive(),
                counters.priorityZeroReceived(),
                counters.priorityZeroSent(),
                rejected);
    }

    /** What was counted since an earlier time. */
    public InstanceStatistics since(InstanceStatistics earlier) {
        EnumMap<KeepalivedStatistic, Long> difference = new EnumMap<>(KeepalivedStatistic.class);
        rejected.forEach((statistic, count) -> difference.put(statistic, count - earlier.rejected(statistic)));
        return new InstanceStatistics(
                advertsReceived - earlier.advertsReceived,
                advertsSent - earlier.advertsSent,
                becameMaster - earlier.becameMaster,
                releasedMaster - earlier.releasedMaster,
                priorityZeroReceived - earlier.priorityZeroReceived,
                priorityZeroSent - earlier.priorityZeroSent,
                difference);
    }

    /** Whether it cannot have come after the other: something is less than it was. */
    boolean isBelow(InstanceStatistics earlier) {
        InstanceStatistics difference = since(earlier);
        return Stream.concat(
                        Stream.of(
                                difference.advertsReceived,
                                difference.advertsSent,
                                difference.becameMaster,
                                difference.releasedMaster,
                                difference.priorityZeroReceived,
                                difference.priorityZeroSent),
                        difference.rejected.values().stream())
                .anyMatch(count -> count < 0);
    }

    /** Packets rejected under one of keepalived's names. */
    public long rejected(KeepalivedStatistic statistic) {
        return rejected.getOrDefault(statistic, 0L);
    }
}
