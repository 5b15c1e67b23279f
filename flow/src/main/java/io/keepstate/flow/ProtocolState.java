// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

import org.jspecify.annotations.Nullable;

/**
 * Names of protocol states as conntrack prints them: enum tcp_conntrack, sctp_conntrack and ct_dccp_states of
 * linux/netfilter.
 */
public final class ProtocolState {
    private static final String[] SCTP = {
        "NONE",
        "CLOSED",
        "COOKIE_WAIT",
        "COOKIE_ECHOED",
        "ESTABLISHED",
        "SHUTDOWN_SENT",
        "SHUTDOWN_RECD",
        "SHUTDOWN_ACK_SENT",
        "HEARTBEAT_SENT",
        "HEARTBEAT_ACKED"
    };

    private static final String[] DCCP = {
        "NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ", "CLOSING", "TIMEWAIT", "IGNORE", "INVALID"
    };

    private ProtocolState() {}

    /** The name of the flow's state, or null for a flow that has none. */
    public static @Nullable String name(Flow flow) {
        if (flow.has(Attribute.TCP_STATE)) {
            return TcpState.name(flow.tcpState());
        }
        if (flow.has(Attribute.SCTP_STATE)) {
            return name(SCTP, (int) flow.get(Attribute.SCTP_STATE));
        }
        return flow.has(Attribute.DCCP_STATE) ? name(DCCP, (int) flow.get(Attribute.DCCP_STATE)) : null;
    }

    /** The number of the flow's state in its protocol, or -1 for a flow that has none. */
    public static int number(Flow flow) {
        if (flow.has(Attribute.TCP_STATE)) {
            return flow.tcpState();
        }
        if (flow.has(Attribute.SCTP_STATE)) {
            return (int) flow.get(Attribute.SCTP_STATE);
        }
        return flow.has(Attribute.DCCP_STATE) ? (int) flow.get(Attribute.DCCP_STATE) : -1;
    }

    /** The number of a state by its name: of {@code TCP_STATE}, {@code SCTP_STATE} or {@code DCCP_STATE}; -1 for none. */
    public static int number(Attribute of, String name) {
        for (int state = 0; state < DCCP.length; state++) {
            String known = of == Attribute.TCP_STATE
                    ? TcpState.name(state)
                    : name(of == Attribute.SCTP_STATE ? SCTP : DCCP, state);
            if (known.equals(name)) {
                return state;
            }
        }
        return -1;
    }

    private static String name(String[] names, int state) {
        return state >= 0 && state < names.length ? names[state] : "UNKNOWN(" + state + ")";
    }
}
