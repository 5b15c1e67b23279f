// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.legacy;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.DatagramWriter;
import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.FrameKind;
import io.keepstate.ftfw.FrameReader;
import io.keepstate.ftfw.FtfwConfig;
import io.keepstate.ftfw.HelloState;
import io.keepstate.ftfw.NetHeader;
import io.keepstate.ftfw.Receiver;
import io.keepstate.ftfw.RejectReason;
import io.keepstate.ftfw.Sequence;
import io.keepstate.testkit.legacy.LegacyCounts.Place;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * A session as conntrackd 1.4.7 runs it, with its weaknesses: HELLO makes it forget what it sent and check no numbers,
 * HELLO sticks to controls that are sent again, a full resend queue forgets the oldest, a NACK for what was forgotten
 * yields nothing and nobody notices, what comes late is dropped for ever, a payload it cannot read is acknowledged.
 *
 * <p>It never signals anything. One thread; allocates as it likes.
 */
public final class LegacyPeer implements LegacySession {
    private static final long ALARM_NANOS = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;

    private final int windowSize;
    private final int resendQueueSize;
    private final DatagramWriter writer;
    private final FrameReader reader = new FrameReader();
    private final LegacyCounts counts = new LegacyCounts();

    private final LinkedHashSet<Element> tx = new LinkedHashSet<>();
    private final LinkedHashSet<Element> rs = new LinkedHashSet<>();
    private final Map<Long, Element> objects = new HashMap<>();

    private int nextSequence;
    private HelloState hello = HelloState.INIT;
    private boolean helloBackOwed;
    private int windowLeft;
    private int ackFrom;
    private boolean ackFromSet;
    private long alarmAt = NEVER;
    private long lastNow = NEVER;

    private long resendOverflow;
    private long helloFlushed;

    /** What waits in a queue: an object, or a control with the flags it was last sent with. */
    private static final class Element {
        final boolean object;
        final long handle;
        final int from;
        final int to;
        int flags;
        int sequence;

        Element(boolean object, long handle, int flags, int from, int to) {
            this.object = object;
            this.handle = handle;
            this.flags = flags;
            this.from = from;
            this.to = to;
        }
    }

    /**
     * A daemon that has just started.
     *
     * @param config its {@code ACKWindowSize}, {@code ResendQueueSize} and datagram size; the rest it does not know
     * @param initialSequence the seconds of the calendar
     */
    public LegacyPeer(FtfwConfig config, long initialSequence) {
        windowSize = config.ackWindowSize();
        windowLeft = windowSize;
        resendQueueSize = config.resendQueueSize();
        writer = new DatagramWriter(config.datagramSize());
        nextSequence = (int) initialSequence;
    }

    @Override
    public boolean enqueue(long handle) {
        Element element = objects.computeIfAbsent(handle, h -> new Element(true, h, 0, 0, 0));
        rs.remove(element);
        tx.add(element);
        return true;
    }

    @Override
    public boolean cancel(long handle) {
        Element element = objects.remove(handle);
        return element != null && (tx.remove(element) || rs.remove(element));
    }

    @Override
    public void requestResync() {
        queueControl(NetHeader.RESYNC, 0, 0);
    }

    private void queueControl(int flags, int from, int to) {
        tx.add(new Element(false, 0, flags, from, to));
    }

    @Override
    public boolean receive(ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        boolean accepted = false;
        advance(nowNanos);
        reader.wrap(datagram);
        while (reader.next()) {
            RejectReason reason = reader.rejected();
            if (reason == null) {
                accepted |= onMessage(datagram, true, encoder, receiver);
            } else {
                counts.countMalformed();
                if (reason == RejectReason.MALFORMED_HEADER || reason == RejectReason.BAD_RANGE) {
                    onMessage(datagram, false, encoder, receiver); // it looks at HELLO and the number first
                }
            }
        }
        return accepted;
    }

    private boolean onMessage(ByteBuf datagram, boolean good, Encoder encoder, Receiver receiver) {
        int sequence = reader.sequence();
        boolean saysHello = reader.isHello();
        if (reader.isHelloBack() && hello == HelloState.SAY) {
            hello = HelloState.DONE;
        }
        Place place = saysHello ? Place.IN_ORDER : counts.place(sequence);
        if (saysHello) {
            onHello(sequence, encoder);
        } else if (place == Place.BEFORE) {
            return false;
        }
        if (good) {
            digest(datagram, encoder, receiver);
            if (place == Place.GAP) {
                onGap(sequence);
            } else {
                onInOrder(sequence);
            }
            counts.accept(sequence);
        }
        return good;
    }

    private void onHello(int sequence, Encoder encoder) {
        helloBackOwed = true;
        if (ackFromSet && Sequence.before(sequence, ackFrom)) {
            windowLeft = windowSize - 1;
            ackFrom = sequence;
        }
        helloFlushed += rs.size();
        rs.stream().filter(element -> element.object).toList().forEach(element -> release(element, encoder));
        rs.clear();
    }

    private void onGap(int sequence) {
        if (ackFromSet) {
            queueControl(NetHeader.ACK, ackFrom, counts.last());
        }
        queueControl(NetHeader.NACK, counts.last() + 1, sequence - 1);
        windowLeft = windowSize - 1;
        ackFrom = sequence;
        ackFromSet = true;
    }

    private void onInOrder(int sequence) {
        if (!ackFromSet) {
            ackFrom = sequence;
            ackFromSet = true;
        }
        windowLeft--; // from 0 it wraps: with a window of 1 a gap leaves only the alarm
        if (windowLeft == 0) {
            queueControl(NetHeader.ACK, ackFrom, sequence);
            windowLeft = windowSize;
            ackFromSet = false;
        }
    }

    private void digest(ByteBuf datagram, Encoder encoder, Receiver receiver) {
        FrameKind kind = reader.kind();
        switch (kind) {
            case DATA -> {
                ByteBuf payload = datagram.slice(reader.payloadIndex(), reader.payloadLength());
                if (!receiver.onMessage(reader.type(), payload)) {
                    counts.countMalformed();
                }
            }
            case ACK ->
                rs.stream()
                        .filter(element -> Sequence.within(element.sequence, reader.from(), reader.to()))
                        .toList()
                        .forEach(element -> {
                            rs.remove(element);
                            release(element, encoder);
                        });
            case NACK ->
                rs.stream()
                        .filter(element -> Sequence.within(element.sequence, reader.from(), reader.to()))
                        .toList()
                        .forEach(element -> {
                            rs.remove(element);
                            tx.add(element);
                        });
            case RESYNC -> receiver.onResyncRequested();
            case ALIVE -> {}
        }
    }

    private void release(Element element, Encoder encoder) {
        if (element.object) {
            objects.remove(element.handle);
            encoder.released(element.handle);
        }
    }

    @Override
    public void onDeadline(long nowNanos, Receiver receiver) {
        advance(nowNanos);
    }

    private void advance(long nowNanos) {
        lastNow = Math.max(lastNow, nowNanos);
        if (alarmAt == NEVER) {
            alarmAt = lastNow + ALARM_NANOS;
        }
    }

    @Override
    public int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget) {
        advance(nowNanos);
        if (nowNanos >= alarmAt && tx.isEmpty()) {
            if (ackFromSet && counts.isHeard()) {
                queueControl(NetHeader.ACK, ackFrom, counts.last());
                ackFromSet = false;
            } else {
                queueControl(NetHeader.ALIVE, 0, 0);
            }
        }
        int built = 0;
        while (built < budget && !tx.isEmpty()) {
            Element element = tx.iterator().next();
            tx.remove(element);
            send(element, encoder, sink);
            built++;
        }
        if (built > 0) {
            flush(sink);
            alarmAt = nowNanos + ALARM_NANOS;
        }
        return built;
    }

    private void send(Element element, Encoder encoder, DatagramSink sink) {
        ByteBuf message = Unpooled.buffer();
        int type = NetHeader.CTL;
        message.writeZero(NetHeader.LENGTH);
        if (element.object) {
            type = encoder.encode(element.handle, message);
            if (type == Encoder.GONE) {
                objects.remove(element.handle);
                return;
            }
            element.flags = greeting(0);
        } else {
            element.flags = greeting(element.flags); // they stick to the control for its next times
            if ((element.flags & NetHeader.ALIVE) == 0) {
                message.writeInt(element.from).writeInt(element.to);
            }
        }
        element.sequence = nextSequence++;
        NetHeader.set(message, 0, type, element.flags, message.writerIndex(), element.sequence);
        if (!writer.makeRoom(message.writerIndex(), sink)) {
            flush(sink); // a failed send loses the datagram
        }
        writer.append(message);
        if ((element.flags & NetHeader.ALIVE) == 0) {
            keep(element, encoder);
        }
    }

    private int greeting(int flags) {
        int all = flags;
        if (hello != HelloState.DONE) {
            hello = HelloState.SAY;
            all |= NetHeader.HELLO;
        }
        if (helloBackOwed) {
            helloBackOwed = false;
            all |= NetHeader.HELLO_BACK;
        }
        return all;
    }

    private void keep(Element element, Encoder encoder) {
        if (rs.size() >= resendQueueSize) {
            Element oldest = rs.iterator().next();
            rs.remove(oldest);
            release(oldest, encoder);
            resendOverflow++;
        }
        rs.add(element);
    }

    private void flush(DatagramSink sink) {
        writer.flush(datagram -> {
            sink.send(datagram);
            return true;
        });
    }

    @Override
    public long nextDeadline() {
        return tx.isEmpty() ? alarmAt : lastNow;
    }

    @Override
    public int pendingObjects() {
        return objects.size();
    }

    /** Its half of the handshake. */
    public HelloState helloState() {
        return hello;
    }

    @Override
    public LegacyCounts counts() {
        return counts;
    }

    /** Elements a full resend queue forgot; the daemon does not count them like this. */
    public long resendOverflow() {
        return resendOverflow;
    }

    /** Elements a HELLO made it forget; the daemon does not count them. */
    public long helloFlushed() {
        return helloFlushed;
    }

    /** Elements waiting to be sent. */
    public int txSize() {
        return tx.size();
    }

    /** Elements sent and not acknowledged. */
    public int rsSize() {
        return rs.size();
    }
}
