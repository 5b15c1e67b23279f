// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import io.keepstate.vrrp.codec.KeepalivedStatistic;
import java.util.List;

/** {@code keepalived.stats}: the counters of each instance. Pure. */
public final class InstanceStatisticsText {
    private InstanceStatisticsText() {}

    /** The file's text. */
    public static String of(List<InstanceStatus> instances) {
        StringBuilder text = new StringBuilder();
        for (InstanceStatus instance : instances) {
            append(text, instance.router().config().name(), instance.statistics());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, InstanceStatistics of) {
        text.append("""
                VRRP Instance: %s
                  Advertisements:
                    Received: %d
                    Sent: %d
                  Became master: %d
                  Released master: %d
                  Packet Errors:
                    Length: %d
                    TTL: %d
                    Invalid Type: %d
                    Advertisement Interval: %d
                    Address List: %d
                  Authentication Errors:
                    Invalid Type: %d
                    Type Mismatch: %d
                    Failure: %d
                  Priority Zero:
                    Received: %d
                    Sent: %d
                """.formatted(
                        name,
                        of.advertsReceived(),
                        of.advertsSent(),
                        of.becameMaster(),
                        of.releasedMaster(),
                        of.rejected(KeepalivedStatistic.PACKET_LEN_ERR),
                        of.rejected(KeepalivedStatistic.IP_TTL_ERR),
                        of.rejected(KeepalivedStatistic.INVALID_TYPE_RCVD),
                        of.rejected(KeepalivedStatistic.ADVERT_INTERVAL_ERR),
                        of.rejected(KeepalivedStatistic.ADDR_LIST_ERR),
                        of.rejected(KeepalivedStatistic.INVALID_AUTHTYPE),
                        of.rejected(KeepalivedStatistic.AUTHTYPE_MISMATCH),
                        of.rejected(KeepalivedStatistic.AUTH_FAILURE),
                        of.priorityZeroReceived(),
                        of.priorityZeroSent()));
    }
}
