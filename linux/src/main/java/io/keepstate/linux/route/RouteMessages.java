// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of rtnetlink ({@code include/uapi/linux/rtnetlink.h}, {@code if_link.h}, {@code if_addr.h}). A
 * message that is not whole reads as null.
 */
final class RouteMessages {
    static final int NLMSG_HEADER = 16;

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_NEWRULE = 32;
    static final int RTM_DELRULE = 33;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_MASTER = 10;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_IFALIAS = 20;
    static final int IFLA_GROUP = 27;
    static final int IFLA_NET_NS_FD = 28;
    static final int IFLA_EXT_MASK = 29;
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_INFO_DATA = 2;
    /** The counters of a link are most of its description. */
    static final int RTEXT_FILTER_SKIP_STATS = 1 << 3;

    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_LABEL = 3;
    static final int IFA_BROADCAST = 4;
    static final int IFA_CACHEINFO = 6;
    static final int IFA_FLAGS = 8;
    static final int IFA_PROTO = 11;

    private static final int AF_BRIDGE = 7;
    private static final int IFINFO_BYTES = 16;
    private static final int IFADDR_BYTES = 8;

    private RouteMessages() {}

    /** Hands over each message of a datagram: offset of its header and its end. */
    static void forEach(ByteBuf datagram, MessageHandler handler) {
        int at = datagram.readerIndex();
        int end = datagram.writerIndex();
        while (at + NLMSG_HEADER <= end) {
            long length = datagram.getUnsignedIntLE(at);
            if (length < NLMSG_HEADER || at + length > end) {
                return;
            }
            handler.onMessage(datagram, datagram.getUnsignedShortLE(at + 4), at, at + (int) length);
            at += ((int) length + 3) & ~3;
        }
    }

    /** Bridges report their ports as links of family AF_BRIDGE; such a DELLINK means "left the bridge", not "gone". */
    static boolean isBridgePort(ByteBuf in, int at, int end) {
        return at + NLMSG_HEADER < end && in.getByte(at + NLMSG_HEADER) == AF_BRIDGE;
    }

    static @Nullable Link link(ByteBuf in, int at, int end) {
        int header = at + NLMSG_HEADER;
        if (header + IFINFO_BYTES > end) {
            return null;
        }
        String name = "";
        MacAddress mac = null;
        int mtu = 0;
        int master = 0;
        int parent = 0;
        String kind = null;
        String alias = null;
        int group = 0;
        Attributes attributes = new Attributes(in, header + IFINFO_BYTES, end);
        while (attributes.advance()) {
            switch (attributes.type()) {
                case IFLA_ADDRESS -> mac = attributes.mac();
                case IFLA_IFNAME -> name = attributes.text();
                case IFLA_MTU -> mtu = attributes.integer();
                case IFLA_LINK -> parent = attributes.integer();
                case IFLA_MASTER -> master = attributes.integer();
                case IFLA_IFALIAS -> alias = attributes.text();
                case IFLA_GROUP -> group = attributes.integer();
                case IFLA_LINKINFO -> kind = kind(attributes.nested());
                default -> {}
            }
        }
        return new Link(
                in.getIntLE(header + 4), name, in.getIntLE(header + 8), mac, mtu, master, parent, kind, alias, group);
    }

    private static @Nullable String kind(Attributes linkInfo) {
        while (linkInfo.advance()) {
            if (linkInfo.type() == IFLA_INFO_KIND) {
                return linkInfo.text();
            }
        }
        return null;
    }

    static @Nullable InterfaceAddress address(ByteBuf in, int at, int end) {
        int header = at + NLMSG_HEADER;
        if (header + IFADDR_BYTES > end) {
            return null;
        }
        InetAddress local = null;
        InetAddress address = null;
        InetAddress broadcast = null;
        String label = null;
        int flags = in.getUnsignedByte(header + 2);
        long preferred = InterfaceAddress.FOREVER;
        long valid = InterfaceAddress.FOREVER;
        int protocol = 0;
        Attributes attributes = new Attributes(in, header + IFADDR_BYTES, end);
        while (attributes.advance()) {
            switch (attributes.type()) {
                case IFA_ADDRESS -> address = attributes.address();
                case IFA_LOCAL -> local = attributes.address();
                case IFA_BROADCAST -> broadcast = attributes.address();
                case IFA_LABEL -> label = attributes.text();
                case IFA_FLAGS -> flags = attributes.integer();
                case IFA_PROTO -> protocol = attributes.integer();
                case IFA_CACHEINFO -> {
                    preferred = attributes.unsigned(0);
                    valid = Math.max(preferred, attributes.unsigned(4));
                }
                default -> {}
            }
        }
        // Without IFA_LOCAL, IFA_ADDRESS is the address; with both and unequal it is the peer.
        InetAddress own = local != null ? local : address;
        int prefixLength = in.getUnsignedByte(header + 1);
        if (own == null || prefixLength > own.getAddress().length * 8) {
            return null;
        }
        InetAddress peer = own.equals(address) ? null : address;
        int scope = in.getUnsignedByte(header + 3);
        int index = in.getIntLE(header + 4);
        return new InterfaceAddress(
                index, own, prefixLength, peer, broadcast, label, scope, flags, preferred, valid, protocol);
    }

    /** Takes one message of a datagram. */
    interface MessageHandler {
        void onMessage(ByteBuf in, int type, int at, int end);
    }
}
