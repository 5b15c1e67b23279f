// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that could not be written to a stream, in order ({@code ErrorQueueLength}). When it is full the oldest is lost,
 * but never one of which a part has left: the stream would go on in the middle of a message.
 *
 * <p>Pure, one thread; its memory grows to the longest queue there was, is used again, and is freed with it.
 */
public final class ErrorQueue {
    private final @Nullable ByteBuf[] chunks;
    private int head;
    private int size;
    private long overflow;

    /** A queue of at most {@code length} chunks, 1 or more. */
    public ErrorQueue(int length) {
        chunks = new ByteBuf[length];
    }

    /** Keeps a copy of what is readable, behind what is here. */
    public void add(ByteBuf chunk) {
        if (size == chunks.length && !dropOldest()) {
            overflow++; // there is room for one only, and that has left in part
            return;
        }
        int at = (head + size) % chunks.length;
        ByteBuf slot = chunks[at];
        int length = chunk.readableBytes();
        if (slot == null || slot.capacity() < length) {
            slot = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(length));
            chunks[at] = slot;
        }
        slot.clear().writeBytes(chunk, chunk.readerIndex(), length);
        size++;
    }

    private boolean dropOldest() {
        ByteBuf first = chunks[head];
        if (first == null || first.readerIndex() == 0) {
            remove();
        } else if (size == 1) {
            return false;
        } else {
            // The second leaves: the first takes its place.
            int second = (head + 1) % chunks.length;
            chunks[head] = chunks[second];
            chunks[second] = first;
            remove();
        }
        overflow++;
        return true;
    }

    /** The oldest chunk; its reader index says how much of it has left. Null if there is none. */
    public @Nullable ByteBuf first() {
        return size == 0 ? null : chunks[head];
    }

    /** Forgets the oldest chunk. */
    public void remove() {
        if (size > 0) {
            head = (head + 1) % chunks.length;
            size--;
        }
    }

    /** On a new connection a chunk begins again: what the old one took of it may be lost. */
    public void rewind() {
        ByteBuf first = first();
        if (first != null) {
            first.readerIndex(0);
        }
    }

    /** Forgets everything; all of it is lost. */
    public void clear() {
        overflow += size;
        size = 0;
    }

    /** Chunks waiting. */
    public int size() {
        return size;
    }

    /** The most it holds. */
    public int limit() {
        return chunks.length;
    }

    /** Chunks lost. */
    public long overflow() {
        return overflow;
    }
}
