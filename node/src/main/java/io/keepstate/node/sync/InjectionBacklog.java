// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.flow.wire.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * The peer's messages about flows that our kernel has not been asked for yet, in their order. They are kept as the octets
 * that came, some hundred each: a table of flows that waits must not cost what a table of objects does.
 *
 * <p>Belongs to the sync loop.
 */
final class InjectionBacklog {
    private static final int CHUNK = 1 << 16;
    /** The type and the length of a payload. */
    private static final int HEADER = Byte.BYTES + Character.BYTES;
    /** What a message may be long on the average; conntrackd's own are about 120, with everything they can carry 300. */
    private static final long OCTETS_EACH = 512;

    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
    private final long limit;
    private long messages;
    private long octets;

    /**
     * An empty one.
     *
     * @param limit of messages; as many ends of flows again find room, since no later message makes up for one
     */
    InjectionBacklog(int limit) {
        this.limit = limit;
    }

    boolean isEmpty() {
        return messages == 0;
    }

    /** Keeps a copy of a message; false when there is no room for it. */
    boolean add(int type, ByteBuf payload) {
        int length = payload.readableBytes();
        long room = type == MessageType.FLOW_DESTROY ? 2 * limit : limit;
        if (messages >= room || octets + length > room * OCTETS_EACH || length > Character.MAX_VALUE) {
            return false;
        }
        ByteBuf chunk = chunks.peekLast();
        if (chunk == null || chunk.writableBytes() < HEADER + length) {
            int capacity = Math.max(CHUNK, HEADER + length);
            chunk = Unpooled.buffer(capacity, capacity);
            chunks.addLast(chunk);
        }
        chunk.writeByte(type).writeShort(length);
        chunk.writeBytes(payload, payload.readerIndex(), length);
        messages++;
        octets += length;
        return true;
    }

    /** The type of the oldest message; there must be one. */
    int type() {
        ByteBuf chunk = chunks.getFirst();
        return chunk.getByte(chunk.readerIndex());
    }

    /** Removes the oldest message; there must be one. */
    ByteBuf remove() {
        ByteBuf chunk = chunks.getFirst();
        chunk.skipBytes(Byte.BYTES);
        ByteBuf payload = chunk.readSlice(chunk.readUnsignedShort());
        if (!chunk.isReadable()) {
            chunks.removeFirst();
        }
        messages--;
        octets -= payload.readableBytes();
        return payload;
    }
}
