// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one behind the other ({@code include/uapi/linux/netlink.h}: header 16 octets in host order,
 * attributes aligned to 4).
 */
final class RequestWriter {
    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    static final int NLM_F_APPEND = 0x800;
    static final int NLA_F_NESTED = 0x8000;

    private static final int LENGTH = 0;

    private final ByteBuf out;
    private int start;

    RequestWriter(ByteBuf out) {
        this.out = out;
    }

    RequestWriter begin(int type, int flags, int sequence) {
        start = out.writerIndex();
        out.writeIntLE(0);
        out.writeShortLE(type);
        out.writeShortLE(flags | NLM_F_REQUEST);
        out.writeIntLE(sequence);
        out.writeIntLE(0);
        return this;
    }

    void end() {
        out.setIntLE(start + LENGTH, out.writerIndex() - start);
        pad();
    }

    /** {@code struct ifinfomsg}: family, type, index, flags, mask of the flags to change. */
    RequestWriter interfaceHeader(int index, int flags, int change) {
        out.writeIntLE(0).writeIntLE(index).writeIntLE(flags).writeIntLE(change);
        return this;
    }

    RequestWriter octet(int value) {
        out.writeByte(value);
        return this;
    }

    RequestWriter word(int value) {
        out.writeIntLE(value);
        return this;
    }

    RequestWriter attribute(int type, int value) {
        out.writeShortLE(8).writeShortLE(type).writeIntLE(value);
        return this;
    }

    RequestWriter attributeOctet(int type, int value) {
        out.writeShortLE(5).writeShortLE(type).writeByte(value);
        pad();
        return this;
    }

    RequestWriter attribute(int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShortLE(4 + bytes.length + 1)
                .writeShortLE(type)
                .writeBytes(bytes)
                .writeByte(0);
        pad();
        return this;
    }

    RequestWriter attribute(int type, InetAddress address) {
        byte[] bytes = address.getAddress();
        out.writeShortLE(4 + bytes.length).writeShortLE(type).writeBytes(bytes);
        return this;
    }

    RequestWriter attribute(int type, MacAddress mac) {
        out.writeShortLE(4 + MacAddress.BYTES).writeShortLE(type);
        mac.write(out);
        pad();
        return this;
    }

    /** A 64-bit number in network order. */
    RequestWriter attributeNetworkLong(int type, long value) {
        out.writeShortLE(12).writeShortLE(type).writeLong(value);
        return this;
    }

    /** {@code struct rtvia}: a gateway of a family that is not the route's. */
    RequestWriter attributeVia(int type, int family, InetAddress address) {
        byte[] bytes = address.getAddress();
        out.writeShortLE(4 + Short.BYTES + bytes.length).writeShortLE(type);
        out.writeShortLE(family).writeBytes(bytes);
        pad();
        return this;
    }

    RequestWriter octets(byte[] value) {
        out.writeBytes(value);
        return this;
    }

    /** Starts a {@code struct rtnexthop}, which begins with its length like an attribute; {@link #close} ends it. */
    int openNextHop(int flags, int weightLessOne, int interfaceIndex) {
        int at = out.writerIndex();
        out.writeShortLE(0).writeByte(flags).writeByte(weightLessOne).writeIntLE(interfaceIndex);
        return at;
    }

    /** Starts an attribute that holds a structure, not attributes; answers the place {@link #close} needs. */
    int openPlain(int type) {
        int at = out.writerIndex();
        out.writeShortLE(0).writeShortLE(type);
        return at;
    }

    /** Starts a nested attribute; answers the place {@link #close} needs. */
    int open(int type) {
        int at = out.writerIndex();
        out.writeShortLE(0).writeShortLE(type | NLA_F_NESTED);
        return at;
    }

    RequestWriter close(int at) {
        out.setShortLE(at, out.writerIndex() - at);
        return this;
    }

    private void pad() {
        out.writeZero(-out.writerIndex() & 3);
    }
}
