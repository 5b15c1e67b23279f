// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/**
 * ALARM as conntrackd speaks it: every object is sent when it changes, and again after a random time of up to
 * {@code RefreshTime}, as long as it exists. There is nothing else: no ALIVE, no answers, no questions. A receiver
 * drops what was not announced for {@code CacheTimeout}; that is the cache's affair.
 *
 * <p>A message that carries any flag is ignored. The sequence numbers are counted and judged by nobody.
 *
 * <p>Pure: no clock, socket or thread; the random times come from the generator it is given. One thread.
 */
public final class AlarmSession implements SyncSession {
    private static final long NEVER = Long.MIN_VALUE;
    private static final long SECOND = 1_000_000_000L;

    private final AlarmConfig config;
    private final RandomGenerator random;
    private final Counters counters = new Counters();
    private final Inbound inbound = new Inbound(counters, this::onFrame);
    private final SendQueues queues = new SendQueues(1024);
    private final AlarmWheel alarms;
    private final MessageWriter writer;

    private long lastNow = NEVER;
    private long lastHeard = NEVER;
    private boolean otherModeSaid;
    private boolean repeating = true;

    /**
     * A session that has neither sent nor heard anything.
     *
     * @param initialSequence the number of its first message: the wall clock's seconds, as conntrackd does. Only the
     *     low 32 bits count.
     */
    public AlarmSession(AlarmConfig config, long initialSequence, RandomGenerator random) {
        this.config = config;
        this.random = random;
        this.alarms = new AlarmWheel((config.refreshSeconds() + 1L) * SECOND);
        this.writer = new MessageWriter(config.datagramSize(), counters, (int) initialSequence);
    }

    @Override
    public boolean enqueue(long handle) {
        alarms.drop(handle);
        return queues.find(handle) != SendQueues.NONE || add(handle);
    }

    /** Only sets the object's alarm, if it has none: it will be sent within {@code RefreshTime} anyway. */
    @Override
    public boolean enqueueBulk(long handle) {
        if (alarms.contains(handle) || queues.find(handle) != SendQueues.NONE) {
            return true;
        }
        if (isFull()) {
            return false;
        }
        setAlarm(handle, lastNow == NEVER ? 0 : lastNow);
        return true;
    }

    private boolean add(long handle) {
        if (isFull()) {
            return false;
        }
        queues.addObject(handle);
        return true;
    }

    private boolean isFull() {
        boolean full = queues.objects() + alarms.size() >= config.objectLimit();
        counters.refused += full ? 1 : 0;
        return full;
    }

    private void setAlarm(long handle, long nowNanos) {
        if (!repeating) {
            return;
        }
        long delay = (1 + random.nextInt(config.refreshSeconds())) * SECOND + random.nextLong(SECOND);
        alarms.set(handle, nowNanos + delay, nowNanos);
    }

    @Override
    public void setRepeating(boolean value) {
        repeating = value;
        if (!value) {
            alarms.clear();
        }
    }

    @Override
    public int bulkRoom(long nowNanos) {
        lastNow = Math.max(lastNow, nowNanos);
        return Integer.MAX_VALUE;
    }

    @Override
    public long bulkDeadline() {
        return NEVER;
    }

    @Override
    public boolean cancel(long handle) {
        int entry = queues.find(handle);
        if (entry == SendQueues.NONE) {
            return alarms.drop(handle);
        }
        queues.drop(entry);
        return true;
    }

    @Override
    public void requestResync() {
        // conntrackd's -n does nothing in this mode either: everything comes within RefreshTime
    }

    @Override
    public boolean canRequestResync() {
        return false;
    }

    @Override
    public boolean isResyncHeard() {
        return false;
    }

    @Override
    public int resyncsUntilBelieved() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean receive(ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        lastNow = Math.max(lastNow, nowNanos);
        return inbound.receive(datagram, sender, nowNanos, encoder, receiver);
    }

    private boolean onFrame(
            FrameReader frame, ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        boolean first = lastHeard == NEVER;
        lastHeard = nowNanos;
        if (first) {
            receiver.onSignal(SessionSignal.PEER_HEARD);
        }
        if (frame.kind() == FrameKind.DATA && frame.flags() == 0) {
            inbound.onData(datagram, receiver);
            return true;
        }
        switch (frame.kind()) {
            case DATA -> counters.hellosReceived++;
            case ACK -> counters.acksReceived++;
            case NACK -> counters.nacksReceived++;
            case RESYNC -> counters.resyncsReceived++;
            case ALIVE -> counters.alivesReceived++;
        }
        if (!otherModeSaid) {
            otherModeSaid = true;
            receiver.onSignal(SessionSignal.OTHER_MODE);
        }
        return true; // conntrackd takes it for a sign of life on this link
    }

    @Override
    public void onDeadline(long nowNanos, Receiver receiver) {
        // a peer without flows has nothing to say: silence tells nothing
        lastNow = Math.max(lastNow, nowNanos);
    }

    @Override
    public int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget) {
        lastNow = Math.max(lastNow, nowNanos);
        writer.begin(nowNanos, sink);
        if (writer.isPending() && !writer.flush()) {
            return 0;
        }
        int waiting = queues.count(SendQueues.TX_OBJECTS);
        if (waiting < budget) {
            alarms.due(nowNanos, budget - waiting, queues::addObject);
        }
        long before = counters.sent;
        int built = 0;
        while (built < budget && sendObject(nowNanos, encoder)) {
            built++;
        }
        if (counters.sent > before) {
            writer.flush();
        }
        return built;
    }

    private boolean sendObject(long nowNanos, Encoder encoder) {
        int entry = queues.head(SendQueues.TX_OBJECTS);
        if (entry == SendQueues.NONE) {
            return false;
        }
        long handle = queues.handle(entry);
        int type = writer.sendOnce(handle, encoder);
        if (type == MessageWriter.NO_ROOM) {
            return false;
        }
        queues.drop(entry);
        if (type == NetHeader.CT_DEL || type == NetHeader.EXP_DEL) {
            counters.released++;
            encoder.released(handle);
        } else if (type != Encoder.GONE) {
            setAlarm(handle, nowNanos);
        }
        return true;
    }

    @Override
    public long nextDeadline() {
        if (writer.isPending()) {
            return writer.retryAt();
        }
        return pendingObjects() > 0 ? lastNow : alarms.nextDeadline();
    }

    @Override
    public int pendingObjects() {
        return queues.count(SendQueues.TX_OBJECTS);
    }

    /** Never: nobody can know. */
    @Override
    public boolean isPeerSilent() {
        return false;
    }

    /** Objects that will be announced again. */
    public int alarms() {
        return alarms.size();
    }

    @Override
    public FtfwStats stats() {
        return counters.snapshot(new Counters.Queues(pendingObjects(), 0, 0, 0), HelloState.INIT, lastHeard, false);
    }
}
