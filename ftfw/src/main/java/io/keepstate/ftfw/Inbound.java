// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/** Takes datagrams apart: what all modes do alike when they receive. */
final class Inbound {
    private final FrameReader reader = new FrameReader();
    private final Counters counters;
    private final FrameHandler handler;

    /** What a mode does with a well-formed message; the reader stands on it. */
    @FunctionalInterface
    interface FrameHandler {
        /** Whether the message was in its place. */
        boolean on(FrameReader frame, ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver);
    }

    Inbound(Counters counters, FrameHandler handler) {
        this.counters = counters;
        this.handler = handler;
    }

    /** Whether one of the messages was in its place. */
    boolean receive(ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        boolean accepted = false;
        reader.wrap(datagram);
        while (reader.next()) {
            RejectReason reason = reader.rejected();
            if (reason == null) {
                counters.received++;
                accepted |= handler.on(reader, datagram, sender, nowNanos, encoder, receiver);
            } else {
                counters.reject(reason);
            }
        }
        return accepted;
    }

    /** Lends the payload by moving the datagram's own indices, so that nothing is allocated. */
    void onData(ByteBuf datagram, Receiver receiver) {
        counters.dataReceived++;
        int begin = datagram.readerIndex();
        int end = datagram.writerIndex();
        boolean taken;
        try {
            datagram.setIndex(reader.payloadIndex(), reader.payloadIndex() + reader.payloadLength());
            taken = receiver.onMessage(reader.type(), datagram);
        } finally {
            datagram.setIndex(begin, end);
        }
        if (!taken) {
            counters.reject(RejectReason.MALFORMED_PAYLOAD);
        }
    }
}
