// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

/** Attribute numbers of include/uapi/linux/netfilter/nfnetlink_conntrack.h, named as there. */
final class Cta {
    // enum ctattr_type
    static final int TUPLE_ORIG = 1;
    static final int TUPLE_REPLY = 2;
    static final int STATUS = 3;
    static final int PROTOINFO = 4;
    static final int HELP = 5;
    static final int NAT_SRC = 6;
    static final int TIMEOUT = 7;
    static final int MARK = 8;
    static final int COUNTERS_ORIG = 9;
    static final int COUNTERS_REPLY = 10;
    static final int USE = 11;
    static final int ID = 12;
    static final int NAT_DST = 13;
    static final int TUPLE_MASTER = 14;
    static final int SEQ_ADJ_ORIG = 15;
    static final int SEQ_ADJ_REPLY = 16;
    static final int SECMARK = 17;
    static final int ZONE = 18;
    static final int SECCTX = 19;
    static final int TIMESTAMP = 20;
    static final int MARK_MASK = 21;
    static final int LABELS = 22;
    static final int LABELS_MASK = 23;
    static final int SYNPROXY = 24;
    static final int FILTER = 25;
    static final int STATUS_MASK = 26;
    static final int TIMESTAMP_EVENT = 27;

    // enum ctattr_expect, enum ctattr_expect_nat
    static final int EXPECT_MASTER = 1;
    static final int EXPECT_TUPLE = 2;
    static final int EXPECT_MASK = 3;
    static final int EXPECT_TIMEOUT = 4;
    static final int EXPECT_ID = 5;
    static final int EXPECT_HELP_NAME = 6;
    static final int EXPECT_ZONE = 7;
    static final int EXPECT_FLAGS = 8;
    static final int EXPECT_CLASS = 9;
    static final int EXPECT_NAT = 10;
    static final int EXPECT_FN = 11;
    static final int EXPECT_NAT_DIR = 1;
    static final int EXPECT_NAT_TUPLE = 2;

    // enum ctattr_tuple
    static final int TUPLE_IP = 1;
    static final int TUPLE_PROTO = 2;
    static final int TUPLE_ZONE = 3;

    // enum ctattr_ip
    static final int IP_V4_SRC = 1;
    static final int IP_V4_DST = 2;
    static final int IP_V6_SRC = 3;
    static final int IP_V6_DST = 4;

    // enum ctattr_l4proto
    static final int PROTO_NUM = 1;
    static final int PROTO_SRC_PORT = 2;
    static final int PROTO_DST_PORT = 3;
    static final int PROTO_ICMP_ID = 4;
    static final int PROTO_ICMP_TYPE = 5;
    static final int PROTO_ICMP_CODE = 6;
    static final int PROTO_ICMPV6_ID = 7;
    static final int PROTO_ICMPV6_TYPE = 8;
    static final int PROTO_ICMPV6_CODE = 9;

    // enum ctattr_protoinfo and below
    static final int PROTOINFO_TCP = 1;
    static final int PROTOINFO_DCCP = 2;
    static final int PROTOINFO_SCTP = 3;
    static final int TCP_STATE = 1;
    static final int TCP_WSCALE_ORIGINAL = 2;
    static final int TCP_WSCALE_REPLY = 3;
    static final int TCP_FLAGS_ORIGINAL = 4;
    static final int TCP_FLAGS_REPLY = 5;
    static final int DCCP_STATE = 1;
    static final int DCCP_ROLE = 2;
    static final int DCCP_HANDSHAKE_SEQ = 3;
    static final int SCTP_STATE = 1;
    static final int SCTP_VTAG_ORIGINAL = 2;
    static final int SCTP_VTAG_REPLY = 3;

    // the small nests
    static final int COUNTERS_PACKETS = 1;
    static final int COUNTERS_BYTES = 2;
    static final int TIMESTAMP_START = 1;
    static final int TIMESTAMP_STOP = 2;
    static final int NAT_V4_MINIP = 1;
    static final int NAT_V4_MAXIP = 2;
    static final int NAT_PROTO = 3;
    static final int NAT_V6_MINIP = 4;
    static final int NAT_V6_MAXIP = 5;
    static final int PROTONAT_PORT_MIN = 1;
    static final int PROTONAT_PORT_MAX = 2;
    static final int SEQADJ_CORRECTION_POS = 1;
    static final int SEQADJ_OFFSET_BEFORE = 2;
    static final int SEQADJ_OFFSET_AFTER = 3;
    static final int HELP_NAME = 1;
    static final int SECCTX_NAME = 1;
    static final int SYNPROXY_ISN = 1;
    static final int SYNPROXY_ITS = 2;
    static final int SYNPROXY_TSOFF = 3;

    /** NF_CT_LABELS_MAX_SIZE: 128 labels. */
    static final int MAX_LABEL_OCTETS = 16;

    /** NF_CT_HELPER_NAME_LEN without the NUL. */
    static final int MAX_NAME_OCTETS = 15;

    /** Longer than the name of any function of the kernel that sets expected flows up. */
    static final int MAX_FUNCTION_OCTETS = 63;

    /** Longer than any security context in use. */
    static final int MAX_CONTEXT_OCTETS = 255;

    /** IP_CT_TCP_FLAG_WINDOW_SCALE, IP_CT_TCP_FLAG_SACK_PERM, IP_CT_TCP_FLAG_BE_LIBERAL (nf_conntrack_tcp.h). */
    static final int TCP_FLAG_WINDOW_SCALE = 0x01;

    static final int TCP_FLAG_SACK_PERM = 0x02;
    static final int TCP_FLAG_BE_LIBERAL = 0x08;

    private Cta() {}
}
