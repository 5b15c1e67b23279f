// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.netty.buffer.ByteBuf;

/** Appends netlink messages and attributes to a buffer. Holds nothing but the buffer and the message's start. */
final class AttributeWriter {
    private final ByteBuf out;
    private final int start;

    /** Begins a message: struct nlmsghdr and struct nfgenmsg. */
    AttributeWriter(ByteBuf out, int type, int flags, int sequence, int family, int version) {
        this.out = out;
        this.start = out.writerIndex();
        out.writeIntLE(0)
                .writeShortLE(type)
                .writeShortLE(flags)
                .writeIntLE(sequence)
                .writeIntLE(0);
        out.writeByte(family).writeByte(version).writeShort(0);
    }

    /** nlmsg_pid: the kernel fills it in for requests; it names the cause of an event. */
    AttributeWriter portId(long portId) {
        out.setIntLE(start + Nlmsg.PORT_ID, (int) portId);
        return this;
    }

    /** Ends the message: its length becomes known. */
    void end() {
        out.setIntLE(start + Nlmsg.LENGTH, out.writerIndex() - start);
    }

    /** Begins a nest; hand the answer to {@link #endNest}. */
    int beginNest(int type) {
        int at = out.writerIndex();
        header(0, type | Nlmsg.NLA_F_NESTED);
        return at;
    }

    void endNest(int at) {
        out.setShortLE(at, out.writerIndex() - at);
    }

    void u8(int type, int value) {
        header(1, type);
        out.writeByte(value).writeZero(3);
    }

    void u16(int type, int value) {
        header(2, type);
        out.writeShort(value).writeZero(2);
    }

    void u32(int type, long value) {
        header(4, type);
        out.writeInt((int) value);
    }

    void u64(int type, long value) {
        header(8, type);
        out.writeLong(value);
    }

    /** 16 octets: an IPv6 address. */
    void words(int type, long high, long low) {
        header(16, type);
        out.writeLong(high).writeLong(low);
    }

    /** Two octets as they stand (struct nf_ct_tcp_flags). */
    void octets(int type, int first, int second) {
        header(2, type);
        out.writeByte(first).writeByte(second).writeZero(2);
    }

    void hostWords(int type, int[] words, int count) {
        header(4 * count, type);
        for (int i = 0; i < count; i++) {
            out.writeIntLE(words[i]);
        }
    }

    /** A name with its NUL; octet by octet, names are ASCII. Longer ones than the kernel's are cut. */
    void text(int type, String name, int longest) {
        String text = name.substring(0, Math.min(name.length(), longest));
        int length = text.length() + 1;
        header(length, type);
        for (int i = 0; i < text.length(); i++) {
            out.writeByte(text.charAt(i));
        }
        out.writeZero(1 + Nlmsg.align(length) - length);
    }

    private void header(int valueOctets, int type) {
        out.writeShortLE(Nlmsg.ATTRIBUTE_HEADER_OCTETS + valueOctets).writeShortLE(type);
    }
}
