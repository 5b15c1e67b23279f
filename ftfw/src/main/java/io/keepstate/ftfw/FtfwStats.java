// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a session counted since it began, and where it stands. Messages unless said otherwise.
 *
 * @param received valid messages, late ones included
 * @param dataReceived state messages handed to the receiver
 * @param acksReceived ACKs in sequence
 * @param nacksReceived NACKs in sequence
 * @param resyncsReceived requests for a resync in sequence
 * @param alivesReceived ALIVEs in sequence
 * @param hellosReceived messages that carried HELLO
 * @param rejected messages not taken, by reason
 * @param lost sequence numbers that did not arrive in order
 * @param lostAsConntrackd "Packets lost" of {@code conntrackd -s network}, which counts two too many per gap and none
 *     while the peer says HELLO
 * @param gaps how often sequence numbers were missing
 * @param before late, repeated or reordered messages dropped
 * @param gapsUnserved gaps that the peer did not, or cannot, fill
 * @param peerRestarts HELLOs in mid-stream and streams that went on below our sequence
 * @param sent messages of any kind built
 * @param objectsSent state messages built
 * @param acksSent ACKs built
 * @param nacksSent NACKs built
 * @param resyncsSent requests for a resync built
 * @param alivesSent ALIVEs built
 * @param datagramsSent datagrams taken by the sink
 * @param sendDeferred times the sink could not take a datagram
 * @param oversized messages that do not fit a datagram and left alone in a larger one
 * @param resentForNack messages sent again because the peer asked
 * @param resentForHello messages sent again because the peer started, or because they left while saying HELLO
 * @param resentPassedOver messages sent again because an ACK passed over them
 * @param resendOverflow unacknowledged messages dropped because the resend queue was full
 * @param controlOverflow controls dropped because too many were unacknowledged
 * @param released objects acknowledged or given up
 * @param gone handles that named nothing any more when their turn came
 * @param refused handles refused at the limit of tracked objects
 * @param txObjects objects waiting to be sent
 * @param txControls controls waiting to be sent
 * @param rsObjects objects sent and not acknowledged
 * @param rsControls controls sent and not acknowledged
 * @param helloState our half of the handshake
 * @param peerHeard whether anything valid was ever heard
 * @param peerSilent whether the peer is silent now
 * @param lastHeardNanos when the last valid message came, Long.MIN_VALUE if none did
 */
public record FtfwStats(
        long received,
        long dataReceived,
        long acksReceived,
        long nacksReceived,
        long resyncsReceived,
        long alivesReceived,
        long hellosReceived,
        Map<RejectReason, Long> rejected,
        long lost,
        long lostAsConntrackd,
        long gaps,
        long before,
        long gapsUnserved,
        long peerRestarts,
        long sent,
        long objectsSent,
        long acksSent,
        long nacksSent,
        long resyncsSent,
        long alivesSent,
        long datagramsSent,
        long sendDeferred,
        long oversized,
        long resentForNack,
        long resentForHello,
        long resentPassedOver,
        long resendOverflow,
        long controlOverflow,
        long released,
        long gone,
        long refused,
        int txObjects,
        int txControls,
        int rsObjects,
        int rsControls,
        HelloState helloState,
        boolean peerHeard,
        boolean peerSilent,
        long lastHeardNanos) {

    /** Copies the reject counters. */
    public FtfwStats {
        EnumMap<RejectReason, Long> copy = new EnumMap<>(RejectReason.class);
        for (RejectReason reason : RejectReason.values()) {
            copy.put(reason, rejected.getOrDefault(reason, 0L));
        }
        rejected = Collections.unmodifiableMap(copy);
    }

    /** Messages rejected for this reason. */
    public long rejected(RejectReason reason) {
        return rejected.getOrDefault(reason, 0L);
    }

    /** All rejected messages: "Malformed messages" of {@code conntrackd -s network}. */
    public long malformed() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether the peer answered our HELLO. */
    public boolean isHelloDone() {
        return helloState == HelloState.DONE;
    }
}
