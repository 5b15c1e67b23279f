// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import java.util.EnumMap;
import java.util.Map;

/** The counters of one session; {@link FtfwStats} says what each means. */
final class Counters {
    private static final RejectReason[] REASONS = RejectReason.values();

    long received;
    long dataReceived;
    long acksReceived;
    long nacksReceived;
    long resyncsReceived;
    long alivesReceived;
    long hellosReceived;
    long lost;
    long lostAsConntrackd;
    long gaps;
    long before;
    long gapsUnserved;
    long peerRestarts;

    long sent;
    long objectsSent;
    long acksSent;
    long nacksSent;
    long resyncsSent;
    long alivesSent;
    long datagramsSent;
    long sendDeferred;
    long oversized;
    long resentForNack;
    long resentForHello;
    long resentPassedOver;
    long resendOverflow;
    long controlOverflow;
    long released;
    long gone;
    long refused;

    private final long[] rejected = new long[REASONS.length];

    void reject(RejectReason reason) {
        rejected[reason.ordinal()]++;
    }

    Map<RejectReason, Long> rejected() {
        Map<RejectReason, Long> byReason = new EnumMap<>(RejectReason.class);
        for (RejectReason reason : REASONS) {
            byReason.put(reason, rejected[reason.ordinal()]);
        }
        return byReason;
    }
}
