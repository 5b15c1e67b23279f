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

    /** Lengths of the queues: what waits to be sent, and what was sent and is not acknowledged. */
    record Queues(int txObjects, int txControls, int rsObjects, int rsControls) {}

    /** @param lastHeard Long.MIN_VALUE if nothing was */
    FtfwStats snapshot(Queues queues, HelloState hello, long lastHeard, boolean silent) {
        return new FtfwStats(
                received,
                dataReceived,
                acksReceived,
                nacksReceived,
                resyncsReceived,
                alivesReceived,
                hellosReceived,
                rejected(),
                lost,
                lostAsConntrackd,
                gaps,
                before,
                gapsUnserved,
                peerRestarts,
                sent,
                objectsSent,
                acksSent,
                nacksSent,
                resyncsSent,
                alivesSent,
                datagramsSent,
                sendDeferred,
                oversized,
                resentForNack,
                resentForHello,
                resentPassedOver,
                resendOverflow,
                controlOverflow,
                released,
                gone,
                refused,
                queues.txObjects(),
                queues.txControls(),
                queues.rsObjects(),
                queues.rsControls(),
                hello,
                lastHeard != Long.MIN_VALUE,
                silent,
                lastHeard);
    }
}
