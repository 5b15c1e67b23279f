// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Protocol;

/**
 * Attribute numbers of flow messages (conntrackd's network.h, enum nta_attr), and how long their data is.
 */
final class WireAttribute {
    static final int IPV4 = 0;
    static final int IPV6 = 1;
    static final int L4PROTO = 2;
    static final int PORT = 3;
    static final int TCP_STATE = 4;
    static final int STATUS = 5;
    static final int TIMEOUT = 6;
    static final int MARK = 7;
    static final int MASTER_IPV4 = 8;
    static final int MASTER_IPV6 = 9;
    static final int MASTER_L4PROTO = 10;
    static final int MASTER_PORT = 11;
    static final int SNAT_IPV4 = 12;
    static final int DNAT_IPV4 = 13;
    static final int SPAT_PORT = 14;
    static final int DPAT_PORT = 15;
    static final int NAT_SEQ_ADJ = 16;
    static final int SCTP_STATE = 17;
    static final int SCTP_VTAG_ORIG = 18;
    static final int SCTP_VTAG_REPL = 19;
    static final int DCCP_STATE = 20;
    static final int DCCP_ROLE = 21;
    static final int ICMP_TYPE = 22;
    static final int ICMP_CODE = 23;
    static final int ICMP_ID = 24;
    static final int TCP_WSCALE_ORIG = 25;
    static final int TCP_WSCALE_REPL = 26;
    static final int HELPER_NAME = 27;
    static final int LABELS = 28;
    static final int SNAT_IPV6 = 29;
    static final int DNAT_IPV6 = 30;
    static final int SYNPROXY = 31;
    static final int ZONE = 32;

    /** Longest helper name a receiver takes: TLV length 16, less head and terminating NUL. */
    static final int MAX_HELPER_LENGTH = 11;

    /** Most words of labels a receiver takes: TLV length 1028. */
    static final int MAX_LABEL_WORDS = 256;

    /** Longest data of the attributes whose length varies. */
    private static final int MAX_HELPER_DATA = 12;

    private static final int MAX_LABELS_DATA = 4 * MAX_LABEL_WORDS;

    /** Data length by attribute number; negative: at most that much. */
    static final int[] DATA_LENGTH = {
        8,
        32,
        1,
        4,
        1,
        4,
        4,
        4,
        8,
        32,
        1,
        4,
        4,
        4,
        2,
        2,
        24,
        1,
        4,
        4,
        1,
        1,
        1,
        1,
        2,
        1,
        1,
        -MAX_HELPER_DATA,
        -MAX_LABELS_DATA,
        16,
        16,
        12,
        2
    };

    private WireAttribute() {}

    /** Whether expectations of this protocol have ports on the wire, or GRE keys in their place, as PPTP expects them. */
    static boolean hasPortsOrKeys(int protocol) {
        return Protocol.hasPorts(protocol) || protocol == Protocol.GRE;
    }

    /** Whether the ports of this protocol are on the wire; UDPLITE has ports too, but they never reach it. */
    static boolean carriesPortsOf(int protocol) {
        return Protocol.hasPorts(protocol) && protocol != Protocol.UDPLITE;
    }
}
