// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Walks the attributes of one message or nest. Reused: {@link #over} starts again. */
final class AttributeCursor {
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private int next;
    private int end;
    private int type;
    private int value;
    private int length;
    private boolean broken;

    AttributeCursor over(ByteBuf buffer, int from, int to) {
        in = buffer;
        next = from;
        end = to;
        broken = false;
        return this;
    }

    /** Opens the nest that {@code parent} stands on. */
    AttributeCursor inside(AttributeCursor parent) {
        return over(parent.in, parent.value, parent.value + parent.length);
    }

    /** Moves to the next attribute; false at the end, or where the chain is {@link #broken()}. */
    boolean next() {
        int left = end - next;
        if (left < Nlmsg.ATTRIBUTE_HEADER_OCTETS) {
            return false; // up to 3 octets of padding
        }
        int header = in.getIntLE(next); // struct nlattr: nla_len, nla_type
        int total = header & 0xffff;
        if (total < Nlmsg.ATTRIBUTE_HEADER_OCTETS || total > left) {
            broken = true;
            return false;
        }
        type = header >>> 16 & Nlmsg.NLA_TYPE_MASK;
        value = next + Nlmsg.ATTRIBUTE_HEADER_OCTETS;
        length = total - Nlmsg.ATTRIBUTE_HEADER_OCTETS;
        next += Math.min(Nlmsg.align(total), left);
        return true;
    }

    @Nullable
    MalformedReason broken() {
        return broken ? MalformedReason.WRONG_ATTRIBUTE_LENGTH : null;
    }

    /** Null if the value has this size. */
    @Nullable
    MalformedReason wrongSize(int octets) {
        return length == octets ? null : MalformedReason.WRONG_VALUE_SIZE;
    }

    int type() {
        return type;
    }

    int length() {
        return length;
    }

    int u8() {
        return in.getUnsignedByte(value);
    }

    int u16() {
        return in.getUnsignedShort(value);
    }

    long u32() {
        return in.getUnsignedInt(value);
    }

    long u64() {
        return in.getLong(value);
    }

    /** The eight octets at an offset into the value. */
    long u64(int offset) {
        return in.getLong(value + offset);
    }

    /** Word {@code index} of the value in host order. */
    int hostWord(int index) {
        return in.getIntLE(value + 4 * index);
    }

    /** The value as text up to its NUL, octet by octet: kernel names are ASCII. */
    String text() {
        int nul = in.indexOf(value, value + length, (byte) 0);
        int size = (nul < 0 ? value + length : nul) - value;
        return in.toString(value, size, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
