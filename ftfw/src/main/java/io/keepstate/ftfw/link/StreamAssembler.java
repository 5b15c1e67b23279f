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
 * <p>Pure, one thread; its memory is freed with it.
 */
public final class StreamAssembler {
    /** conntrackd reads 64 KiB at once. */
    private static final int CAPACITY = 64 * 1024;

    private final ByteBuf buffer =
            Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(CAPACITY)).clear();

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
     * @return false once the stream cannot be followed: a length that no message has. Its octets are handed over too, so
     *     that they are counted for what they are; the connection is to be closed, which makes the sender begin anew.
     */
    public boolean deliver(Sink sink) {
        int begin = buffer.readerIndex();
        int end = buffer.writerIndex();
        int at = begin;
        while (end - at >= NetHeader.LENGTH) {
            int length = NetHeader.length(buffer, at);
            if (length < NetHeader.LENGTH || length > NetHeader.LENGTH + NetHeader.MAX_PAYLOAD_LENGTH) {
                sink.onMessages(buffer);
                buffer.clear();
                return false;
            }
            if (length > end - at) {
                break;
            }
            at += length;
        }
        if (at > begin) {
            try {
                buffer.writerIndex(at);
                sink.onMessages(buffer);
            } finally {
                buffer.setIndex(at, end);
            }
        }
        return true;
    }

    /** Forgets the connection: the next octets begin a message. */
    public void reset() {
        buffer.clear();
    }

    /** Octets of a message that is not whole yet. */
    public int pending() {
        return buffer.readableBytes();
    }
}
