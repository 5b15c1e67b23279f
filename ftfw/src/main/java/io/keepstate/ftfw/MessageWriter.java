// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/**
 * Builds messages under consecutive sequence numbers and collects them into datagrams: what all modes do alike when
 * they send.
 */
final class MessageWriter implements DatagramSink {
    /** What {@link #sendOnce} answers when the sink cannot take the datagram before it now. */
    static final int NO_ROOM = Integer.MIN_VALUE;

    /** How long after a first refusal the sink is offered the datagram again; twice as long after each further one. */
    private static final long RETRY_NANOS = 10_000_000L;

    private static final long LONGEST_RETRY_NANOS = 32 * RETRY_NANOS;

    private final Counters counters;
    private final DatagramWriter writer;
    private final ByteBuf message = DatagramWriter.directBuffer(NetHeader.LENGTH + NetHeader.MAX_PAYLOAD_LENGTH);
    private int nextSequence;
    private long retryAt;
    private long retryNanos = RETRY_NANOS;
    /** The sink and the time of the call in progress. */
    private DatagramSink sink = datagram -> false;

    private long now;

    MessageWriter(int datagramSize, Counters counters, int initialSequence) {
        this.counters = counters;
        this.writer = new DatagramWriter(datagramSize);
        this.nextSequence = initialSequence;
    }

    /** What follows goes to this sink. */
    void begin(long nowNanos, DatagramSink out) {
        now = nowNanos;
        sink = out;
    }

    /** The number of the next message. */
    int nextSequence() {
        return nextSequence;
    }

    /**
     * Asks for the object's present state; {@link #hasRoom} and {@link #appendObject} follow.
     *
     * @return its message type or {@link Encoder#GONE}
     */
    int encode(long handle, Encoder encoder) {
        message.clear().writeZero(NetHeader.LENGTH);
        int type = encoder.encode(handle, message);
        if (type != Encoder.GONE && (type < NetHeader.CT_NEW || type > NetHeader.EXP_DEL)) {
            throw new IllegalArgumentException("The encoder answered type " + type + "; 0 to 5, or GONE, are known");
        }
        return type;
    }

    /**
     * Sends the object's present state without flags, as the modes do that never send a message again.
     *
     * @return its message type, {@link Encoder#GONE} (counted), or {@link #NO_ROOM}: nothing was sent
     */
    int sendOnce(long handle, Encoder encoder) {
        int type = encode(handle, encoder);
        if (type == Encoder.GONE) {
            counters.gone++;
            return type;
        }
        if (!hasRoom()) {
            return NO_ROOM;
        }
        appendObject(type, 0);
        return type;
    }

    /** Takes the oldest payload of a queue, which keeps it; {@link #hasRoom} and {@link #appendObject} follow. */
    void take(PayloadQueue payloads) {
        message.clear().writeZero(NetHeader.LENGTH);
        payloads.write(message);
    }

    /** Makes room for the object; false if the sink cannot take the datagram before it now. */
    boolean hasRoom() {
        return writer.makeRoom(message.writerIndex(), this);
    }

    /** Makes room for a control; false if the sink cannot take the datagram before it now. */
    boolean hasRoomForControl() {
        return writer.makeRoom(NetHeader.CONTROL_LENGTH, this);
    }

    /** Adds the object for which there is room. Returns its number. */
    int appendObject(int type, int flags) {
        int length = message.writerIndex();
        if (!writer.fits(length)) {
            counters.oversized++;
        }
        NetHeader.set(message, 0, type, flags, length, nextSequence);
        writer.append(message);
        counters.objectsSent++;
        counters.sent++;
        return nextSequence++;
    }

    /** The attributes of the object that was added last; good until the next one is built. */
    ByteBuf lastPayload() {
        return message.readerIndex(NetHeader.LENGTH);
    }

    /** A buffer for any payload, which the next object that is built overwrites. */
    ByteBuf scratch() {
        return message;
    }

    /** Adds an ACK, NACK or RESYNC for which there is room. Returns its number. */
    int appendControl(int flags, int from, int to) {
        message.clear();
        NetHeader.writeControl(message, flags, nextSequence, from, to);
        writer.append(message);
        counters.sent++;
        return nextSequence++;
    }

    /** Adds an ALIVE to an empty datagram. */
    void appendAlive(int flags) {
        message.clear();
        NetHeader.write(message, NetHeader.CTL, NetHeader.ALIVE | flags, NetHeader.LENGTH, nextSequence++);
        writer.append(message);
        counters.alivesSent++;
        counters.sent++;
    }

    /** Whether messages wait for their datagram to leave. */
    boolean isPending() {
        return writer.isPending();
    }

    /** Lets the datagram leave; false if the sink cannot take it now. */
    boolean flush() {
        return writer.flush(this);
    }

    /** When to offer a refused datagram again. */
    long retryAt() {
        return retryAt;
    }

    /** Passes a datagram on to the sink of the call in progress, and counts. */
    @Override
    public boolean send(ByteBuf datagram) {
        if (sink.send(datagram)) {
            counters.datagramsSent++;
            retryNanos = RETRY_NANOS;
            return true;
        }
        counters.sendDeferred++;
        retryAt = now + retryNanos;
        retryNanos = Math.min(LONGEST_RETRY_NANOS, 2 * retryNanos);
        return false;
    }
}
