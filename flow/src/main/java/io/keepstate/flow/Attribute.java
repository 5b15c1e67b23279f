// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Numeric attributes that a {@link Flow} may or may not carry; absent is not the same as zero. */
public enum Attribute {
    /** IPS_* bits, {@link Status}. */
    STATUS,
    /** Seconds until the entry expires. */
    TIMEOUT,
    /** Firewall mark, 32 bits. */
    MARK,
    /** Conntrack zone of both directions, 0..65535. */
    ZONE,
    /** Zone of the original direction only. */
    ZONE_ORIGINAL,
    /** Zone of the reply direction only. */
    ZONE_REPLY,
    /** The kernel's id of the entry, local to one machine. */
    ID,
    /** Reference count in the kernel. */
    USE,
    /** {@link TcpState}. */
    TCP_STATE,
    /** Window scale of the original direction, 0..14. */
    TCP_WSCALE_ORIGINAL,
    /** Window scale of the reply direction, 0..14. */
    TCP_WSCALE_REPLY,
    /** IP_CT_TCP_FLAG_* of the original direction: {@code value << 8 | mask} as struct nf_ct_tcp_flags. */
    TCP_FLAGS_ORIGINAL,
    /** IP_CT_TCP_FLAG_* of the reply direction. */
    TCP_FLAGS_REPLY,
    /** enum sctp_conntrack. */
    SCTP_STATE,
    /** SCTP verification tag of the original direction. */
    SCTP_VTAG_ORIGINAL,
    /** SCTP verification tag of the reply direction. */
    SCTP_VTAG_REPLY,
    /** enum ct_dccp_states. */
    DCCP_STATE,
    /** 0 client, 1 server. */
    DCCP_ROLE,
    /** DCCP handshake sequence number, 48 bits. */
    DCCP_HANDSHAKE_SEQUENCE,
    /** Start of the flow, nanoseconds since the epoch. */
    TIMESTAMP_START,
    /** End of the flow, nanoseconds since the epoch. */
    TIMESTAMP_STOP,
    /** When the event that tells of the flow happened, nanoseconds since the epoch (Linux 6.14). */
    TIMESTAMP_EVENT;

    private static final Attribute[] ALL = values();

    long bit() {
        return 1L << ordinal();
    }

    static int count() {
        return ALL.length;
    }
}
