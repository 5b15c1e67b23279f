// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import static io.keepstate.flow.wire.WireWriter.HEAD_LENGTH;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Walks the attributes of a payload and checks their heads; the same for flows and expectations. */
final class AttributeWalk {
    private AttributeWalk() {}

    /** Takes one attribute, whose head is right. */
    interface Visitor {
        /** Reads the data, {@code length} octets at {@code at}; the answer is why the message is refused, or null. */
        @Nullable
        MalformedPayload attribute(ByteBuf in, int attribute, int at, int length);
    }

    /**
     * Hands all attributes from reader to writer index over, until one is refused. Up to four octets after the last
     * one are ignored, a bare head too, as conntrackd does.
     *
     * @param highest largest attribute number that is known
     * @param lengths data length by attribute number; negative: at most that much
     */
    static @Nullable MalformedPayload walk(ByteBuf payload, int highest, int[] lengths, Visitor visitor) {
        int end = payload.writerIndex();
        for (int at = payload.readerIndex(); end - at > HEAD_LENGTH; ) {
            int head = payload.getInt(at);
            int length = head >>> 16;
            int attribute = head & 0xffff;
            if (length > end - at) {
                return MalformedPayload.TRUNCATED_ATTRIBUTE;
            }
            if (length < HEAD_LENGTH) {
                return MalformedPayload.SHORT_ATTRIBUTE;
            }
            if (attribute > highest) {
                return MalformedPayload.UNKNOWN_ATTRIBUTE;
            }
            int dataLength = length - HEAD_LENGTH;
            int expected = lengths[attribute];
            if (expected >= 0 && dataLength != expected) {
                return MalformedPayload.WRONG_SIZE;
            }
            if (expected < 0 && dataLength > -expected) {
                return MalformedPayload.TOO_LONG;
            }
            MalformedPayload reason = visitor.attribute(payload, attribute, at + HEAD_LENGTH, dataLength);
            if (reason != null) {
                return reason;
            }
            at += (length + 3) & ~3;
        }
        return null;
    }

    /**
     * A name up to its NUL, or null if it has anything but printable ASCII: names go to the kernel, into logs and into
     * dumps, and no control character may travel on any of those ways.
     */
    static @Nullable String name(ByteBuf in, int at, int length) {
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int octet = in.getUnsignedByte(at + i);
            if (octet == 0) {
                break;
            }
            if (!isPrintable(octet)) {
                return null;
            }
            name.append((char) octet);
        }
        return name.toString();
    }

    /** Whether this character may be part of a name. */
    static boolean isPrintable(int character) {
        return character > ' ' && character <= '~';
    }
}
