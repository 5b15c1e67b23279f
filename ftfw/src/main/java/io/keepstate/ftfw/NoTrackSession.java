// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/**
 * NOTRACK as conntrackd speaks it: every change is sent once and forgotten, an ALIVE fills a second of silence, a
 * request for a resync is answered with everything. The sequence numbers only show losses.
 *
 * <p>Beyond conntrackd, and invisible on the wire except as messages it knows: what is missing for longer than a
 * reordered message takes is told to the {@link Receiver}, which asks for everything; requests come at growing
 * intervals while losses go on. A message that comes twice is dropped: a repeated NEW behind a DEL would bring a dead
 * flow back. A bulk is paced by the clock. Senders are told apart, since any number of nodes may share one group.
 *
 * <p>What conntrackd misses of us nobody notices: it never asks by itself. Only where a link failed we know, and tell the
 * latest ends again.
 *
 * <p>Pure: no clock, socket, thread or random number. One thread.
 */
public final class NoTrackSession implements SyncSession {
    private static final long NEVER = Long.MIN_VALUE;

    private final BestEffortConfig config;
    private final Counters counters = new Counters();
    private final Inbound inbound = new Inbound(counters, this::onFrame);
    private final SenderTracks senders = new SenderTracks();
    private final SendQueues queues = new SendQueues(1024);
    private final PayloadQueue payloads;
    private final RecentEnds ends;
    private final MessageWriter writer;
    private final ResyncPace resyncs;

    private long lastNow = NEVER;
    private long lastTransmit = NEVER;
    private long lastHeard = NEVER;
    private boolean silent;
    private boolean otherModeSaid;
    private int bulkLeft;
    private long bulkRefillAt = NEVER;

    /**
     * A session that has neither sent nor heard anything.
     *
     * @param initialSequence the number of its first message: the wall clock's seconds, as conntrackd does. Only the
     *     low 32 bits count.
     */
    public NoTrackSession(BestEffortConfig config, long initialSequence) {
        this.config = config;
        this.payloads = new PayloadQueue(config.payloadLimit());
        this.ends = new RecentEnds(config.payloadLimit() / 4);
        this.writer = new MessageWriter(config.datagramSize(), counters, (int) initialSequence);
        this.resyncs = new ResyncPace(config.resyncIntervalNanos(), config.resyncLimitNanos());
    }

    @Override
    public boolean enqueue(long handle) {
        if (queues.find(handle) == SendQueues.NONE) {
            if (queues.objects() >= config.objectLimit()) {
                counters.refused++;
                return false;
            }
            queues.addObject(handle);
        }
        return true;
    }

    @Override
    public boolean enqueueBulk(long handle) {
        bulkLeft--;
        return enqueue(handle);
    }

    /**
     * Sends a payload that nobody keeps ({@code DisableInternalCache}), with the next {@link #transmit}.
     *
     * @param type {@link NetHeader#CT_NEW} to {@link NetHeader#EXP_DEL}
     * @param payload the attributes, copied
     * @return false if too much waits: counted, not sent
     */
    public boolean enqueuePayload(int type, ByteBuf payload) {
        boolean taken = payloads.add(type, payload);
        counters.refused += taken ? 0 : 1;
        return taken;
    }

    @Override
    public int bulkRoom(long nowNanos) {
        if (pendingObjects() > config.bulkSlice()) {
            return 0;
        }
        if (nowNanos >= bulkRefillAt) {
            bulkRefillAt = nowNanos + config.bulkPauseNanos();
            bulkLeft = config.bulkSlice();
        }
        return Math.max(0, bulkLeft);
    }

    @Override
    public long bulkDeadline() {
        return bulkLeft > 0 ? NEVER : bulkRefillAt;
    }

    @Override
    public boolean cancel(long handle) {
        int entry = queues.find(handle);
        if (entry == SendQueues.NONE) {
            return false;
        }
        queues.drop(entry);
        return true;
    }

    @Override
    public void requestResync() {
        resyncs.want();
    }

    @Override
    public boolean canRequestResync() {
        return true;
    }

    @Override
    public boolean isResyncHeard() {
        return resyncs.isAnswered(lastHeard) && senders.missingSince() == Long.MAX_VALUE;
    }

    /** A question that is lost is lost in silence: at a loss of 20 %, five of them are one time in three thousand. */
    @Override
    public int resyncsUntilBelieved() {
        return 5;
    }

    @Override
    public boolean receive(ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        lastNow = Math.max(lastNow, nowNanos);
        return inbound.receive(datagram, sender, nowNanos, encoder, receiver);
    }

    /** At times its numbers go on as if nothing had happened: a daemon that only says ALIVE counts seconds. */
    @Override
    public void senderRestarted(long sender) {
        senders.of(sender).beginAnew();
    }

    /** An end that is told again, of a tuple that is in use again, is repaired by the bulk behind it. */
    @Override
    public boolean linkFailed(long nowNanos) {
        counters.refused += ends.moveTo(payloads, writer.scratch(), nowNanos);
        return true;
    }

    private boolean onFrame(
            FrameReader frame, ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        heard(nowNanos, receiver);
        if (frame.isHello()) {
            counters.hellosReceived++;
        }
        boolean known = track(frame, senders.of(sender), nowNanos, receiver);
        switch (frame.kind()) {
            case DATA -> {
                if (known) {
                    inbound.onData(datagram, receiver);
                }
            }
            case RESYNC -> {
                counters.resyncsReceived++;
                receiver.onResyncRequested();
            }
            case ALIVE -> counters.alivesReceived++;
            case ACK, NACK -> {
                counters.reject(RejectReason.MALFORMED_HEADER);
                if (!otherModeSaid) {
                    otherModeSaid = true;
                    receiver.onSignal(SessionSignal.OTHER_MODE);
                }
                return false;
            }
        }
        return known;
    }

    private void heard(long nowNanos, Receiver receiver) {
        boolean first = lastHeard == NEVER;
        lastHeard = nowNanos;
        if (first) {
            receiver.onSignal(SessionSignal.PEER_HEARD);
        } else if (silent) {
            silent = false;
            receiver.onSignal(SessionSignal.PEER_BACK);
        }
    }

    /** Places the number; false for one that was here already. */
    private boolean track(FrameReader frame, SequenceTrack track, long nowNanos, Receiver receiver) {
        int expected = track.last() + 1;
        switch (track.judge(frame.sequence(), nowNanos)) {
            case GAP -> {
                long missing = Integer.toUnsignedLong(frame.sequence() - expected);
                counters.gaps++;
                counters.lost += missing;
                counters.lostAsConntrackd += missing + 2;
            }
            case LATE -> counters.before++;
            case REPEATED -> {
                counters.before++;
                return false;
            }
            case RESTARTED -> {
                counters.peerRestarts++;
                receiver.onSignal(SessionSignal.PEER_RESTARTED);
            }
            case FIRST, IN_ORDER -> {}
        }
        return true;
    }

    @Override
    public void onDeadline(long nowNanos, Receiver receiver) {
        lastNow = Math.max(lastNow, nowNanos);
        if (!silent && lastHeard != NEVER && nowNanos - lastHeard >= config.silentNanos()) {
            silent = true;
            receiver.onSignal(SessionSignal.PEER_SILENT);
        }
        int holes = senders.giveUpMissingSince(nowNanos - config.reorderNanos());
        if (holes > 0) {
            counters.gapsUnserved += holes;
            resyncs.onHole(nowNanos);
            receiver.onSignal(SessionSignal.GAP_UNSERVED);
        }
    }

    @Override
    public int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget) {
        lastNow = Math.max(lastNow, nowNanos);
        writer.begin(nowNanos, sink);
        if (lastTransmit == NEVER) {
            lastTransmit = nowNanos;
        }
        if (writer.isPending() && !writer.flush()) {
            return 0;
        }
        long before = counters.sent;
        int turns = resync(nowNanos) ? build(encoder, budget) : 0;
        if (counters.sent == before && nowNanos >= lastTransmit + config.aliveNanos() && !writer.isPending()) {
            writer.appendAlive(0);
            turns++;
        }
        if (counters.sent > before) {
            lastTransmit = nowNanos;
            writer.flush();
        }
        return turns;
    }

    private boolean resync(long nowNanos) {
        if (resyncs.isDue(nowNanos)) {
            if (!writer.hasRoomForControl()) {
                return false;
            }
            writer.appendControl(NetHeader.RESYNC, 0, 0);
            counters.resyncsSent++;
            resyncs.sent(nowNanos);
        }
        return true;
    }

    private int build(Encoder encoder, int budget) {
        int built = 0;
        while (built < budget) {
            boolean more = payloads.count() > 0 ? sendPayload() : sendObject(encoder);
            if (!more) {
                break;
            }
            built++;
        }
        return built;
    }

    private boolean sendPayload() {
        int type = payloads.type();
        writer.take(payloads);
        if (!writer.hasRoom()) {
            return false;
        }
        writer.appendObject(type, 0);
        payloads.remove();
        keepEnd(type);
        return true;
    }

    private boolean sendObject(Encoder encoder) {
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
        if (type != Encoder.GONE) {
            keepEnd(type);
            counters.released++;
            encoder.released(handle);
        }
        return true;
    }

    private void keepEnd(int type) {
        if (type == NetHeader.CT_DEL || type == NetHeader.EXP_DEL) {
            ends.add(type, writer.lastPayload(), lastNow);
        }
    }

    @Override
    public long nextDeadline() {
        if (lastTransmit == NEVER) {
            return NEVER;
        }
        if (writer.isPending()) {
            return writer.retryAt();
        }
        if (pendingObjects() > 0) {
            return lastNow;
        }
        long deadline = Math.min(lastTransmit + config.aliveNanos(), resyncs.nextDeadline());
        long missingSince = senders.missingSince();
        if (missingSince != Long.MAX_VALUE) {
            deadline = Math.min(deadline, missingSince + config.reorderNanos());
        }
        return lastHeard == NEVER || silent ? deadline : Math.min(deadline, lastHeard + config.silentNanos());
    }

    @Override
    public int pendingObjects() {
        return queues.count(SendQueues.TX_OBJECTS) + payloads.count();
    }

    @Override
    public boolean isPeerSilent() {
        return silent;
    }

    @Override
    public FtfwStats stats() {
        return counters.snapshot(new Counters.Queues(pendingObjects(), 0, 0, 0), HelloState.INIT, lastHeard, silent);
    }
}
