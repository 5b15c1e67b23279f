// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.netty.buffer.ByteBuf;

/**
 * Looks through a dump of nftables chains for one of type nat: only where there is one does the kernel translate
 * packets of flows that carry NAT. Source: include/uapi/linux/netfilter/nf_tables.h.
 */
public final class NatChains {
    /** The size of {@link #request}. */
    public static final int REQUEST_OCTETS = Nlmsg.HEADER_OCTETS + Nlmsg.NFGENMSG_OCTETS;

    /** NFNL_SUBSYS_NFTABLES in the high octet. */
    private static final int NEW_CHAIN = 10 << 8 | 3;

    private static final int GET_CHAIN = 10 << 8 | 4;
    private static final int NFTA_CHAIN_TYPE = 7;

    private final AttributeCursor attributes = new AttributeCursor();
    private boolean found;

    /** Appends a request for all chains of this network namespace. */
    public static void request(ByteBuf out, int sequence) {
        new AttributeWriter(out, GET_CHAIN, Nlmsg.F_REQUEST | Nlmsg.F_DUMP, sequence, 0, 0).end();
    }

    /** Reads one datagram of the answer. */
    public void read(ByteBuf datagram) {
        int at = datagram.readerIndex();
        int end = datagram.writerIndex();
        while (end - at >= REQUEST_OCTETS) {
            long length = datagram.getUnsignedIntLE(at + Nlmsg.LENGTH);
            if (length < REQUEST_OCTETS || length > end - at) {
                return;
            }
            if (datagram.getUnsignedShortLE(at + Nlmsg.TYPE) == NEW_CHAIN) {
                chain(datagram, at + REQUEST_OCTETS, at + (int) length);
            }
            at += Nlmsg.align((int) length);
        }
    }

    private void chain(ByteBuf in, int from, int to) {
        attributes.over(in, from, to);
        while (attributes.next()) {
            found |= attributes.type() == NFTA_CHAIN_TYPE && attributes.text().equals("nat");
        }
    }

    /** Whether a chain of type nat was among them. */
    public boolean found() {
        return found;
    }
}
