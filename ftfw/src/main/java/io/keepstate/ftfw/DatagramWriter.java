// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * Collects messages into datagrams by conntrackd's rule: a message joins while {@code used + length < size}, else what
 * is there leaves first. A message that fits no datagram leaves alone (IP fragments it), where conntrackd would send
 * empty datagrams for ever.
 *
 * <p>A datagram that the sink cannot take is kept, so nothing with a sequence number is dropped here.
 */
public final class DatagramWriter {
    private final int size;
    private final ByteBuf datagram;

    /** A writer of datagrams below {@code size} octets. */
    public DatagramWriter(int size) {
        this.size = size;
        this.datagram = directBuffer(Math.max(size, NetHeader.LENGTH + NetHeader.MAX_PAYLOAD_LENGTH));
    }

    /** A buffer with a memory address that the garbage collector frees: nobody has to close a session. */
    static ByteBuf directBuffer(int capacity) {
        return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(capacity)).clear();
    }

    /** Whether a message of this length fits an empty datagram. */
    public boolean fits(int length) {
        return length < size;
    }

    /**
     * Makes room for a message, sending what is there if needed.
     *
     * @return false if the sink cannot take it now
     */
    public boolean makeRoom(int length, DatagramSink sink) {
        return datagram.writerIndex() + length < size || flush(sink);
    }

    /** Adds a message for which {@link #makeRoom} made room. */
    public void append(ByteBuf message) {
        datagram.writeBytes(message, message.readerIndex(), message.readableBytes());
    }

    /**
     * Sends what is there.
     *
     * @return false if the sink cannot take it now
     */
    public boolean flush(DatagramSink sink) {
        if (datagram.isReadable() && !sink.send(datagram)) {
            return false;
        }
        datagram.clear();
        return true;
    }

    /** Whether there is something to flush. */
    public boolean isPending() {
        return datagram.isReadable();
    }
}
