// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** TCP states of connection tracking by number (enum tcp_conntrack, linux/netfilter/nf_conntrack_tcp.h). */
public final class TcpState {
    public static final int NONE = 0;
    public static final int SYN_SENT = 1;
    public static final int SYN_RECV = 2;
    public static final int ESTABLISHED = 3;
    public static final int FIN_WAIT = 4;
    public static final int CLOSE_WAIT = 5;
    public static final int LAST_ACK = 6;
    public static final int TIME_WAIT = 7;
    public static final int CLOSE = 8;
    public static final int SYN_SENT2 = 9;

    private static final String[] NAMES = {
        "NONE",
        "SYN_SENT",
        "SYN_RECV",
        "ESTABLISHED",
        "FIN_WAIT",
        "CLOSE_WAIT",
        "LAST_ACK",
        "TIME_WAIT",
        "CLOSE",
        "SYN_SENT2"
    };

    private TcpState() {}

    /** Whether the kernel knows a state of this number. */
    public static boolean isKnown(int state) {
        return state >= 0 && state < NAMES.length;
    }

    /** The kernel's name, or {@code UNKNOWN(n)}. */
    public static String name(int state) {
        return isKnown(state) ? NAMES[state] : "UNKNOWN(" + state + ")";
    }
}
