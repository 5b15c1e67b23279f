// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a datagram one after the other, in conntrackd's order of checks, so that both sides of a
 * damaged datagram drop the same part of it. Total: any octets give messages and reasons, never an exception.
 *
 * <pre>{@code
 * reader.wrap(datagram);
 * while (reader.next()) {
 *     RejectReason reason = reader.rejected();
 *     ...
 * }
 * }</pre>
 *
 * <p>A cursor, reused for each datagram; the accessors speak of the message that the last {@link #next} found. Does not
 * allocate. The datagram's indices are not moved.
 */
public final class FrameReader {
    private ByteBuf datagram = Unpooled.EMPTY_BUFFER;
    private int index;
    private int next;
    private int end;
    private FrameKind kind = FrameKind.ALIVE;
    private @Nullable RejectReason rejected;

    /** Starts at the datagram's reader index. */
    public void wrap(ByteBuf datagram) {
        this.datagram = datagram;
        index = datagram.readerIndex();
        next = index;
        end = datagram.writerIndex();
        rejected = null;
    }

    /**
     * Goes to the next message.
     *
     * @return false at the datagram's end; true for a message or a rejected rest, see {@link #rejected}
     */
    public boolean next() {
        index = next;
        if (index >= end) {
            return false;
        }
        rejected = checkSize(end - index);
        if (rejected != null) {
            next = end; // its length cannot be trusted, so where the next message begins is unknown
            return true;
        }
        next = index + length();
        rejected = classify();
        return true;
    }

    private @Nullable RejectReason checkSize(int left) {
        if (left < NetHeader.LENGTH) {
            return RejectReason.TRUNCATED;
        }
        int length = length();
        if (length == 0 || length > left) {
            return RejectReason.BAD_SIZE;
        }
        if (type() == NetHeader.CTL && (flags() & (NetHeader.ACK | NetHeader.NACK | NetHeader.RESYNC)) != 0) {
            if (left < NetHeader.CONTROL_LENGTH) {
                return RejectReason.TRUNCATED;
            }
            return length < NetHeader.CONTROL_LENGTH ? RejectReason.BAD_SIZE : null;
        }
        return length < NetHeader.LENGTH ? RejectReason.BAD_SIZE : null;
    }

    private @Nullable RejectReason classify() {
        if (NetHeader.version(datagram, index) != NetHeader.VERSION) {
            return RejectReason.WRONG_VERSION;
        }
        FrameKind found = FrameKind.of(type(), flags());
        if (found == null) {
            return RejectReason.MALFORMED_HEADER;
        }
        kind = found;
        boolean range = found == FrameKind.ACK || found == FrameKind.NACK;
        return range && Sequence.before(to(), from()) ? RejectReason.BAD_RANGE : null;
    }

    /** Why the message was rejected; null if it is well-formed. */
    public @Nullable RejectReason rejected() {
        return rejected;
    }

    /** The kind of a well-formed message. */
    public FrameKind kind() {
        return kind;
    }

    /** The message type's number. */
    public int type() {
        return NetHeader.type(datagram, index);
    }

    /** All flags. */
    public int flags() {
        return NetHeader.flags(datagram, index);
    }

    /** Octets of the message, header included, as it says itself. */
    public int length() {
        return NetHeader.length(datagram, index);
    }

    /** The sequence number. */
    public int sequence() {
        return NetHeader.sequence(datagram, index);
    }

    /** First number of a ranged message. */
    public int from() {
        return NetHeader.from(datagram, index);
    }

    /** Last number of a ranged message, inclusive. */
    public int to() {
        return NetHeader.to(datagram, index);
    }

    /** Whether the sender waits for an answer to its HELLO. */
    public boolean isHello() {
        return (flags() & NetHeader.HELLO) != 0;
    }

    /** Whether the sender answers our HELLO. */
    public boolean isHelloBack() {
        return (flags() & NetHeader.HELLO_BACK) != 0;
    }

    /** Where the message begins in the datagram. */
    public int index() {
        return index;
    }

    /** Where the payload of a state message begins in the datagram. */
    public int payloadIndex() {
        return index + NetHeader.LENGTH;
    }

    /** Octets of a state message's payload. */
    public int payloadLength() {
        return length() - NetHeader.LENGTH;
    }
}
