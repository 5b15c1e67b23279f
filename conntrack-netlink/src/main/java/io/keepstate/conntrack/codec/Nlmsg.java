// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

/** Netlink framing: include/uapi/linux/netlink.h, include/uapi/linux/netfilter/nfnetlink.h. */
final class Nlmsg {
    // struct nlmsghdr: length, type, flags, sequence, port id
    static final int HEADER_OCTETS = 16;
    static final int LENGTH = 0;
    static final int TYPE = 4;
    static final int FLAGS = 6;
    static final int SEQUENCE = 8;
    static final int PORT_ID = 12;

    // struct nfgenmsg: family, version, resource id (network order)
    static final int NFGENMSG_OCTETS = 4;
    static final int NFGENMSG_FAMILY = HEADER_OCTETS;

    static final int NOOP = 1;
    static final int ERROR = 2;
    static final int DONE = 3;

    /** NFNL_SUBSYS_CTNETLINK in the high octet, enum cntl_msg_types in the low one. */
    static final int CT_NEW = 0x0100;

    static final int CT_GET = 0x0101;
    static final int CT_DELETE = 0x0102;

    /** NFNL_SUBSYS_CTNETLINK_EXP in the high octet, enum ctnl_exp_msg_types in the low one. */
    static final int EXP_NEW = 0x0200;

    static final int EXP_GET = 0x0201;
    static final int EXP_DELETE = 0x0202;

    static final int F_REQUEST = 0x01;
    static final int F_ACK = 0x04;
    static final int F_DUMP = 0x300;
    static final int F_EXCL = 0x200;
    static final int F_CREATE = 0x400;

    static final int ATTRIBUTE_HEADER_OCTETS = 4;
    static final int NLA_F_NESTED = 0x8000;
    static final int NLA_TYPE_MASK = 0x3fff;

    private Nlmsg() {}

    static int align(int length) {
        return (length + 3) & ~3;
    }
}
