// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/** Why a message, or the rest of a datagram, was not taken. Each is counted; none is thrown. */
public enum RejectReason {
    /** Fewer octets left than a header, or than a control's range, needs. The rest of the datagram is dropped. */
    TRUNCATED("Truncated message"),
    /** Length zero, below the header's size, or beyond the datagram. The rest of the datagram is dropped. */
    BAD_SIZE("Bad message size"),
    /** Another protocol version than 1. Only this message is skipped. */
    WRONG_VERSION("Wrong protocol version"),
    /** A type or a mix of type and flags that the protocol does not know. Only this message is skipped. */
    MALFORMED_HEADER("Malformed header"),
    /** An ACK or NACK whose range ends before it begins; conntrackd counts it as a malformed header. */
    BAD_RANGE("Malformed header"),
    /** The receiver could not read the attributes; the sequence number was accepted all the same. */
    MALFORMED_PAYLOAD("Malformed payload");

    private final String statistic;

    RejectReason(String statistic) {
        this.statistic = statistic;
    }

    /** The line of {@code conntrackd -s network} that counts this. */
    public String statistic() {
        return statistic;
    }
}
