// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/** What a session tells the owner of the caches beside messages. */
public enum SessionSignal {
    /** The first HELLO of this peer: it has just started, or does not know us yet. Worth asking for a resync. */
    PEER_HELLO,

    /**
     * The first message of a peer in a mode without HELLO. Worth asking for a resync, and worth offering it our state:
     * it has no way to say that it knows nothing.
     */
    PEER_HEARD,

    /**
     * The peer acknowledges, says HELLO, or asks again, in a mode that has none of this: it is configured otherwise.
     */
    OTHER_MODE,

    /**
     * A HELLO in mid-stream, or a stream that went on below our sequence: the peer lost its state. Ask for a resync,
     * sweep what it does not renew, and offer it our own state: it may not ask.
     */
    PEER_RESTARTED,

    /** The peer answered our HELLO: it hears us. The handshake is done. */
    HELLO_BACK_RECEIVED,

    /**
     * Messages were lost and the peer did not, or cannot, send them again: our copy has a hole. Ask for a resync and
     * sweep.
     */
    GAP_UNSERVED,

    /** Nothing valid was heard for {@link FtfwConfig#silentNanos()}. */
    PEER_SILENT,

    /** Heard again after {@link #PEER_SILENT}. No loss by itself: the sequence tells. */
    PEER_BACK
}
