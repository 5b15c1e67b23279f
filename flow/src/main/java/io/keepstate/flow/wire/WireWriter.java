// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow.wire;

import io.keepstate.flow.Family;
import io.keepstate.flow.Tuple;
import io.netty.buffer.ByteBuf;

/**
 * Writes attributes: {@code length:16, number:16, data, padding to 4}; the length counts the four octets of the head
 * and the data, not the padding.
 */
final class WireWriter {
    /** Length of an attribute's head. */
    static final int HEAD_LENGTH = 4;

    private WireWriter() {}

    static ByteBuf head(ByteBuf out, int attribute, int dataLength) {
        return out.writeInt((HEAD_LENGTH + dataLength) << 16 | attribute);
    }

    static void octet(ByteBuf out, int attribute, int value) {
        head(out, attribute, 1).writeInt(value << 24);
    }

    static void number(ByteBuf out, int attribute, long value) {
        head(out, attribute, 4).writeInt((int) value);
    }

    /** Source and destination address, as the one attribute or the other. */
    static void addresses(ByteBuf out, Tuple tuple, int ipv4, int ipv6) {
        if (tuple.family() == Family.IPV4) {
            head(out, ipv4, 8).writeInt((int) tuple.sourceLow()).writeInt((int) tuple.destinationLow());
        } else {
            head(out, ipv6, 32)
                    .writeLong(tuple.sourceHigh())
                    .writeLong(tuple.sourceLow())
                    .writeLong(tuple.destinationHigh())
                    .writeLong(tuple.destinationLow());
        }
    }

    static void ports(ByteBuf out, int attribute, Tuple tuple) {
        head(out, attribute, 4).writeShort(tuple.sourceId()).writeShort(tuple.destinationId());
    }

    /** A name of ASCII, with its NUL. */
    static void name(ByteBuf out, int attribute, String name) {
        int length = name.length() + 1;
        head(out, attribute, length);
        for (int i = 0; i < name.length(); i++) {
            out.writeByte(name.charAt(i));
        }
        out.writeZero(1 + (-length & 3));
    }
}
