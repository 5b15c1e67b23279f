// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.legacy;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.DatagramWriter;
import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.NetHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** How the C daemon sends where nothing is acknowledged: one number per message, a failed send loses the datagram. */
final class LegacySender {
    private final DatagramWriter writer;
    private int nextSequence;

    LegacySender(int datagramSize, long initialSequence) {
        writer = new DatagramWriter(datagramSize);
        nextSequence = (int) initialSequence;
    }

    /** Sends the present state of an object; its message type, or GONE. */
    int object(long handle, Encoder encoder, DatagramSink sink) {
        ByteBuf message = Unpooled.buffer().writeZero(NetHeader.LENGTH);
        int type = encoder.encode(handle, message);
        if (type != Encoder.GONE) {
            NetHeader.set(message, 0, type, 0, message.writerIndex(), nextSequence++);
            append(message, sink);
        }
        return type;
    }

    void resync(DatagramSink sink) {
        ByteBuf message = Unpooled.buffer();
        NetHeader.writeControl(message, NetHeader.RESYNC, nextSequence++, 0, 0);
        append(message, sink);
    }

    void alive(DatagramSink sink) {
        ByteBuf message = Unpooled.buffer();
        NetHeader.write(message, NetHeader.CTL, NetHeader.ALIVE, NetHeader.LENGTH, nextSequence++);
        append(message, sink);
    }

    void flush(DatagramSink sink) {
        writer.flush(datagram -> {
            sink.send(datagram);
            return true;
        });
    }

    private void append(ByteBuf message, DatagramSink sink) {
        if (!writer.makeRoom(message.writerIndex(), sink)) {
            flush(sink);
        }
        writer.append(message);
    }
}
