// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Walks the attributes of a netlink message; whatever does not fit ends the walk. */
final class Attributes {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    private final ByteBuf in;
    private final int end;
    private int next;
    private int at;
    private int length;
    private int type;

    Attributes(ByteBuf in, int from, int end) {
        this.in = in;
        this.next = from;
        this.end = end;
    }

    boolean advance() {
        if (next + HEADER > end) {
            return false;
        }
        int whole = in.getUnsignedShortLE(next);
        if (whole < HEADER || next + whole > end) {
            return false;
        }
        type = in.getUnsignedShortLE(next + 2) & TYPE_MASK;
        at = next + HEADER;
        length = whole - HEADER;
        next += (whole + 3) & ~3;
        return true;
    }

    int type() {
        return type;
    }

    int integer() {
        return length >= Integer.BYTES ? in.getIntLE(at) : length >= 1 ? in.getUnsignedByte(at) : 0;
    }

    long unsigned(int offset) {
        return offset + Integer.BYTES <= length ? in.getUnsignedIntLE(at + offset) : 0;
    }

    String text() {
        int stop = at;
        while (stop < at + length && in.getByte(stop) != 0) {
            stop++;
        }
        return in.toString(at, stop - at, StandardCharsets.UTF_8);
    }

    @Nullable
    MacAddress mac() {
        return length == MacAddress.BYTES ? MacAddress.read(in, at) : null;
    }

    @Nullable
    InetAddress address() {
        if (length != 4 && length != 16) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.getBytes(at, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 octets are always an address", e);
        }
    }

    Attributes nested() {
        return new Attributes(in, at, at + length);
    }
}
