// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/**
 * The header of every message (conntrackd's {@code struct nethdr}) and its 16-octet form with a range for controls.
 * Multi-octet fields are in network order.
 *
 * <pre>
 *  0               1               2               3
 * +-------+-------+---------------+-------------------------------+
 * |version| type  |     flags     |   length, header included     |
 * +-------+-------+---------------+-------------------------------+
 * |                        sequence number                        |
 * +---------------------------------------------------------------+
 * |              from (ACK, NACK; 0 in a RESYNC)                  |
 * +---------------------------------------------------------------+
 * |               to, inclusive (the same)                        |
 * +---------------------------------------------------------------+
 * </pre>
 */
public final class NetHeader {
    /** The only protocol version there is. */
    public static final int VERSION = 1;
    /** Octets of the header. */
    public static final int LENGTH = 8;
    /** Octets of an ACK, NACK or RESYNC. */
    public static final int CONTROL_LENGTH = 16;
    /** Longest payload we build; conntrackd builds messages in 4096 octets, header included. */
    public static final int MAX_PAYLOAD_LENGTH = 4096 - LENGTH;

    /** Message type: a flow was made. */
    public static final int CT_NEW = 0;
    /** Message type: a flow changed. */
    public static final int CT_UPD = 1;
    /** Message type: a flow ended. */
    public static final int CT_DEL = 2;
    /** Message type: an expectation was made. */
    public static final int EXP_NEW = 3;
    /** Message type: an expectation changed. */
    public static final int EXP_UPD = 4;
    /** Message type: an expectation ended. */
    public static final int EXP_DEL = 5;
    /** Message type: a control of the session, named by its flags. */
    public static final int CTL = 10;

    /** Flag: send everything again. */
    public static final int RESYNC = 0x02;
    /** Flag: a range that did not arrive. */
    public static final int NACK = 0x04;
    /** Flag: a range that arrived. */
    public static final int ACK = 0x08;
    /** Flag: nothing to say. */
    public static final int ALIVE = 0x10;
    /** Flag: the sender has not been answered yet. */
    public static final int HELLO = 0x20;
    /** Flag: the answer to a HELLO. */
    public static final int HELLO_BACK = 0x40;

    private static final int FLAGS_OFFSET = 1;
    private static final int LENGTH_OFFSET = 2;
    private static final int SEQUENCE_OFFSET = 4;
    private static final int FROM_OFFSET = 8;
    private static final int TO_OFFSET = 12;

    private NetHeader() {}

    /** The version of the message at an index. */
    public static int version(ByteBuf in, int index) {
        return in.getUnsignedByte(index) >>> 4;
    }

    /** The type of the message at an index. */
    public static int type(ByteBuf in, int index) {
        return in.getUnsignedByte(index) & 0x0f;
    }

    static int flags(ByteBuf in, int index) {
        return in.getUnsignedByte(index + FLAGS_OFFSET);
    }

    /** Octets of the message at an index, header included, as it says itself. */
    public static int length(ByteBuf in, int index) {
        return in.getUnsignedShort(index + LENGTH_OFFSET);
    }

    /** The number of the message at an index. */
    public static int sequence(ByteBuf in, int index) {
        return in.getInt(index + SEQUENCE_OFFSET);
    }

    static int from(ByteBuf in, int index) {
        return in.getInt(index + FROM_OFFSET);
    }

    static int to(ByteBuf in, int index) {
        return in.getInt(index + TO_OFFSET);
    }

    /** Writes a header at the writer index. */
    public static void write(ByteBuf out, int type, int flags, int length, int sequence) {
        out.writeByte((VERSION << 4) | type);
        out.writeByte(flags);
        out.writeShort(length);
        out.writeInt(sequence);
    }

    /** Writes an ACK, NACK or RESYNC at the writer index. */
    public static void writeControl(ByteBuf out, int flags, int sequence, int from, int to) {
        write(out, CTL, flags, CONTROL_LENGTH, sequence);
        out.writeInt(from);
        out.writeInt(to);
    }

    /** Overwrites the header at {@code index}, once the length of what follows it is known. */
    public static void set(ByteBuf out, int index, int type, int flags, int length, int sequence) {
        out.setByte(index, (VERSION << 4) | type);
        out.setByte(index + FLAGS_OFFSET, flags);
        out.setShort(index + LENGTH_OFFSET, length);
        out.setInt(index + SEQUENCE_OFFSET, sequence);
    }
}
