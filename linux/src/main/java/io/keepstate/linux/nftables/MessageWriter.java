// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes netfilter netlink messages: headers in host order, numbers in attributes in network order. */
final class MessageWriter {
    private static final int NLA_F_NESTED = 0x8000;
    private static final int NLM_F_REQUEST = 0x1;

    private final ByteBuf out;
    private int start;

    MessageWriter(ByteBuf out) {
        this.out = out;
    }

    /** {@code struct nlmsghdr} and {@code struct nfgenmsg}. */
    MessageWriter begin(int type, int flags, int sequence, int family, int resource) {
        start = out.writerIndex();
        out.writeIntLE(0).writeShortLE(type).writeShortLE(flags | NLM_F_REQUEST);
        out.writeIntLE(sequence).writeIntLE(0);
        out.writeByte(family).writeByte(0).writeShort(resource);
        return this;
    }

    void end() {
        out.setIntLE(start, out.writerIndex() - start);
    }

    MessageWriter text(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeShortLE(4 + bytes.length + 1)
                .writeShortLE(type)
                .writeBytes(bytes)
                .writeByte(0);
        pad();
        return this;
    }

    MessageWriter number(int type, int value) {
        out.writeShortLE(8).writeShortLE(type).writeInt(value);
        return this;
    }

    MessageWriter octets(int type, byte[] value) {
        out.writeShortLE(4 + value.length).writeShortLE(type).writeBytes(value);
        pad();
        return this;
    }

    /** Attributes that were written elsewhere. */
    MessageWriter raw(ByteBuf attributes) {
        out.writeBytes(attributes, attributes.readerIndex(), attributes.readableBytes());
        return this;
    }

    /** Starts a nested attribute; answers the place {@link #close} needs. */
    int open(int type) {
        int at = out.writerIndex();
        out.writeShortLE(0).writeShortLE(type | NLA_F_NESTED);
        return at;
    }

    MessageWriter close(int at) {
        out.setShortLE(at, out.writerIndex() - at);
        return this;
    }

    private void pad() {
        out.writeZero(-out.writerIndex() & 3);
    }
}
