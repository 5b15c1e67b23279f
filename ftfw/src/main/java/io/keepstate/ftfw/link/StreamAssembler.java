// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

import io.keepstate.ftfw.NetHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * Puts the messages of one TCP connection together again: a stream has no framing but their lengths. It
 * begins anew with each connection, so that a broken one never spoils the next.
 *
 * <p>conntrackd takes a write in part for the whole: the rest is missing from the stream, and the message that was cut
 * off is filled up with what follows. So a message counts only if what follows it, if anything, is the head of a message
 * with a number a little above; where it is not, the stream cannot be followed any more.
 *
 * <p>Pure, one thread; its memory is freed with it.
 */
public final class StreamAssembler {
    /** conntrackd reads 64 KiB at once. */
    private static final int CAPACITY = 64 * 1024;

    /** Numbers go up by one; more where the sender gave up chunks that waited. */
    private static final int FARTHEST = 1 << 20;

    private final ByteBuf buffer =
            Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(CAPACITY)).clear();
    private boolean begun;
    private int lastSequence;

    /** Takes messages. */
    @FunctionalInterface
    public interface Sink {
        /** One or more whole messages, from reader index to writer index; the buffer is valid during the call only. */
        void onMessages(ByteBuf messages);
    }

    /** Where the next octets of the stream belong; there is always room. */
    public ByteBuf room() {
        buffer.discardReadBytes();
        return buffer;
    }

    /**
     * Hands over the whole messages that are there.
     *
     * @return false once the stream cannot be followed: the connection is to be closed, which makes the sender begin anew,
     *     and what is missing shows in the numbers
     */
    public boolean deliver(Sink sink) {
        int begin = buffer.readerIndex();
        int end = buffer.writerIndex();
        int at = begin;
        int whole = begin;
        boolean anyBefore = begun;
        int sequence = lastSequence;
        boolean good = true;
        while (good && end - at >= NetHeader.LENGTH) {
            good = isHead(at, anyBefore, sequence);
            int next = good ? at + NetHeader.length(buffer, at) : end + 1;
            if (good) {
                whole = at; // what is before it is confirmed by this head
                begun = anyBefore;
                lastSequence = sequence;
            }
            if (next > end) {
                break;
            }
            anyBefore = true;
            sequence = NetHeader.sequence(buffer, at);
            at = next;
        }
        if (good && at == end) {
            whole = end; // nothing follows yet, and waiting for it would take up to a second
            begun = anyBefore;
            lastSequence = sequence;
        }
        handOver(sink, begin, whole, end);
        return good;
    }

    private boolean isHead(int at, boolean anyBefore, int sequence) {
        int length = NetHeader.length(buffer, at);
        int type = NetHeader.type(buffer, at);
        int ahead = NetHeader.sequence(buffer, at) - sequence;
        return NetHeader.version(buffer, at) == NetHeader.VERSION
                && (type <= NetHeader.EXP_DEL || type == NetHeader.CTL)
                && length >= NetHeader.LENGTH
                && length <= NetHeader.LENGTH + NetHeader.MAX_PAYLOAD_LENGTH
                && (!anyBefore || (ahead > 0 && ahead <= FARTHEST));
    }

    private void handOver(Sink sink, int begin, int whole, int end) {
        if (whole > begin) {
            try {
                buffer.writerIndex(whole);
                sink.onMessages(buffer);
            } finally {
                buffer.setIndex(whole, end);
            }
        }
    }

    /** Forgets the connection: the next octets begin a message. */
    public void reset() {
        buffer.clear();
        begun = false;
    }

    /** Octets of a message that is not whole yet. */
    public int pending() {
        return buffer.readableBytes();
    }
}
