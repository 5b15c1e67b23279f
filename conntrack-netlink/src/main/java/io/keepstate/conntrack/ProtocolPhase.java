// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Protocol;
import org.jspecify.annotations.Nullable;

/** How far a connection is, for the protocols that have states (enum tcp_conntrack, sctp_conntrack, ct_dccp_states). */
enum ProtocolPhase {
    /** No state, or none that says anything. */
    UNKNOWN,
    /** Not open yet. */
    HANDSHAKE,
    /** Open, or half closed: data may flow. */
    CARRIED,
    /** Closing or closed: the entry stays for late packets only. */
    ENDING;

    /** The attribute that holds a protocol's state, or null if it has none. */
    static @Nullable Attribute state(int protocol) {
        return switch (protocol) {
            case Protocol.TCP -> Attribute.TCP_STATE;
            case Protocol.SCTP -> Attribute.SCTP_STATE;
            case Protocol.DCCP -> Attribute.DCCP_STATE;
            default -> null;
        };
    }

    static ProtocolPhase of(Flow flow) {
        int protocol = flow.original().protocol();
        Attribute attribute = state(protocol);
        if (attribute == null) {
            return UNKNOWN;
        }
        int state = (int) flow.get(attribute);
        return switch (protocol) {
            case Protocol.TCP -> tcp(state);
            case Protocol.SCTP -> sctp(state);
            default -> dccp(state);
        };
    }

    /** 0 NONE, 1 SYN_SENT, 2 SYN_RECV, 3 ESTABLISHED, 4 FIN_WAIT, 5 CLOSE_WAIT, 6 LAST_ACK, 7 TIME_WAIT, 8 CLOSE, 9 SYN_SENT2. */
    private static ProtocolPhase tcp(int state) {
        return switch (state) {
            case 0, 1, 2, 9 -> HANDSHAKE;
            case 3, 4, 5, 6 -> CARRIED;
            case 7, 8 -> ENDING;
            default -> UNKNOWN;
        };
    }

    /** 1 CLOSED, 2 COOKIE_WAIT, 3 COOKIE_ECHOED, 4 ESTABLISHED, 5..7 SHUTDOWN_*, 8 HEARTBEAT_SENT, 9 HEARTBEAT_ACKED. */
    private static ProtocolPhase sctp(int state) {
        return switch (state) {
            case 2, 3, 8 -> HANDSHAKE;
            case 4, 9 -> CARRIED;
            case 1, 5, 6, 7 -> ENDING;
            default -> UNKNOWN;
        };
    }

    /** 1 REQUEST, 2 RESPOND, 3 PARTOPEN, 4 OPEN, 5 CLOSEREQ, 6 CLOSING, 7 TIMEWAIT. */
    private static ProtocolPhase dccp(int state) {
        return switch (state) {
            case 1, 2, 3 -> HANDSHAKE;
            case 4 -> CARRIED;
            case 5, 6, 7 -> ENDING;
            default -> UNKNOWN;
        };
    }
}
