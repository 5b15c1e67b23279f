// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import java.util.List;

/**
 * The sending half of a session: what goes out next and under which number, and what the peer's answers
 * do to it.
 */
final class Outbound {
    /** Controls kept for the peer's acknowledgement, or waiting to leave, at most. */
    private static final int CONTROL_LIMIT = 1024;
    /** A HELLO is answered after this long without a transmission, not only by the next message. */
    private static final long PROMPT_NANOS = 20_000_000L;

    private static final long NEVER = Long.MIN_VALUE;

    private final FtfwConfig config;
    private final Counters counters;
    private final GapWatch gaps;
    private final Handshake handshake;
    private final SendQueues queues = new SendQueues(1024);
    private final MessageWriter writer;
    private final PassedOver passedOver;

    private boolean started;
    private long lastTransmit = NEVER;
    private long now;

    /** Objects left while we said HELLO. */
    private boolean objectsLeftInHello;

    private boolean resyncWanted;
    private long lastResync = NEVER;

    private long stalledSince = NEVER;

    Outbound(FtfwConfig config, Counters counters, GapWatch gaps, int initialSequence) {
        this.config = config;
        this.counters = counters;
        this.gaps = gaps;
        this.handshake = new Handshake(config.helloHoldNanos());
        this.writer = new MessageWriter(config.datagramSize(), counters, initialSequence);
        this.passedOver = new PassedOver(queues, config.resendNanos());
    }

    // What is to be sent

    boolean enqueue(long handle) {
        int entry = queues.find(handle);
        if (entry == SendQueues.NONE) {
            if (queues.objects() >= config.objectLimit()) {
                counters.refused++;
                return false;
            }
            queues.addObject(handle);
        } else if (queues.isUnacknowledged(entry)) {
            queues.again(entry);
        }
        return true;
    }

    boolean cancel(long handle) {
        int entry = queues.find(handle);
        if (entry == SendQueues.NONE) {
            return false;
        }
        queues.drop(entry);
        return true;
    }

    void requestResync() {
        resyncWanted = true;
    }

    void queueControl(int flag, int from, int to) {
        if (queues.count(SendQueues.TX_CONTROLS) >= CONTROL_LIMIT) {
            counters.controlOverflow++;
            return;
        }
        queues.addControl(flag, from, to);
    }

    // What the peer's messages do

    /** The peer answered our HELLO; returns whether that ended the handshake. */
    boolean onHelloBack() {
        boolean done = handshake.onHelloBack();
        if (done && objectsLeftInHello) {
            // While we said HELLO the peer checked no numbers: whatever was lost then it has acknowledged unseen.
            counters.resentForHello += queues.againAllObjects();
            objectsLeftInHello = false;
        }
        return done;
    }

    /** The peer has a new life: what its former self did not acknowledge must be told again. */
    void onPeerStarted(boolean itsNumbersAreBelow) {
        counters.resentForHello += queues.againAllObjects();
        if (itsNumbersAreBelow) {
            // Old ranges would name, and so release unseen, what the new life is about to send.
            queues.dropRanges(SendQueues.TX_CONTROLS);
            queues.dropRanges(SendQueues.RS_CONTROLS);
        }
        queues.againRequests();
    }

    /** Whether a range names only what we have sent: others are for a former self, or forged. */
    boolean isOurs(int to) {
        return started && Sequence.before(to, writer.nextSequence());
    }

    void onAck(int from, int to, Encoder encoder) {
        handshake.onAck(to);
        passedOver.acknowledged(from);
        release(SendQueues.RS_CONTROLS, from, to, encoder);
        if (handshake.state() == HelloState.DONE) {
            release(SendQueues.RS_OBJECTS, from, to, encoder);
        }
    }

    private void release(int list, int from, int to, Encoder encoder) {
        int entry = queues.head(list);
        while (entry != SendQueues.NONE && !Sequence.before(to, queues.sequence(entry))) {
            int next = queues.next(entry);
            if (!Sequence.before(queues.sequence(entry), from)) {
                drop(entry, encoder);
            }
            entry = next;
        }
    }

    private void drop(int entry, Encoder encoder) {
        boolean object = queues.isObject(entry);
        long handle = queues.handle(entry);
        queues.drop(entry);
        if (object) {
            counters.released++;
            encoder.released(handle);
        }
    }

    void onNack(int from, int to) {
        counters.resentForNack += queues.againWithin(SendQueues.RS_CONTROLS, from, to)
                + queues.againWithin(SendQueues.RS_OBJECTS, from, to);
    }

    // Sending

    /** Whether something has to be said now, be it ALIVE. */
    boolean mustSpeak(long nowNanos) {
        return nowNanos >= speakAt();
    }

    private long speakAt() {
        if (!started) {
            return NEVER;
        }
        return lastTransmit + (handshake.isHelloBackOwed() ? PROMPT_NANOS : config.aliveNanos());
    }

    /**
     * Builds and sends up to {@code budget} messages.
     *
     * @param speak send an ALIVE if there is nothing else
     * @param peerAnswers whether the peer is there to acknowledge
     */
    int transmit(long nowNanos, Encoder encoder, DatagramSink out, int budget, boolean speak, boolean peerAnswers) {
        writer.begin(nowNanos, out);
        now = nowNanos;
        if (!started) {
            started = true;
            lastTransmit = nowNanos;
            handshake.hold(nowNanos);
            passedOver.begin(nowNanos);
        }
        if (writer.isPending() && !writer.flush()) {
            return 0;
        }
        queueResync(nowNanos);
        counters.resentPassedOver += passedOver.requeue(nowNanos);
        long sentBefore = counters.sent;
        int turns = build(encoder, budget, peerAnswers);
        if (counters.sent == sentBefore && speak && !writer.isPending()) {
            writer.appendAlive(handshake.flags(writer.nextSequence()));
            turns++;
        }
        if (counters.sent > sentBefore) {
            lastTransmit = nowNanos;
            writer.flush();
        }
        return turns;
    }

    private int build(Encoder encoder, int budget, boolean peerAnswers) {
        int built = 0;
        while (built < budget) {
            int entry = queues.head(SendQueues.TX_CONTROLS);
            boolean more;
            if (entry != SendQueues.NONE) {
                more = buildControl(entry);
            } else {
                entry = queues.head(SendQueues.TX_OBJECTS);
                if (entry == SendQueues.NONE || handshake.isHeld(now) || !hasRoom(encoder, peerAnswers)) {
                    break;
                }
                more = buildObject(entry, encoder);
            }
            if (!more) {
                break;
            }
            built++;
        }
        return built;
    }

    private boolean buildControl(int entry) {
        if (!writer.hasRoomForControl()) {
            return false;
        }
        int flag = queues.control(entry);
        int flags = flag | handshake.flags(writer.nextSequence());
        int sequence = writer.appendControl(flags, queues.from(entry), queues.to(entry));
        if (flag == NetHeader.NACK) {
            gaps.nackSent(queues.to(entry), sequence);
            counters.nacksSent++;
        } else if (flag == NetHeader.ACK) {
            counters.acksSent++;
        } else {
            counters.resyncsSent++;
        }
        queues.sent(entry, sequence);
        if (queues.count(SendQueues.RS_CONTROLS) > CONTROL_LIMIT) {
            queues.drop(queues.head(SendQueues.RS_CONTROLS));
            counters.controlOverflow++;
        }
        return true;
    }

    private boolean buildObject(int entry, Encoder encoder) {
        int type = writer.encode(queues.handle(entry), encoder);
        if (type == Encoder.GONE) {
            counters.gone++;
            queues.drop(entry);
            return true;
        }
        if (!writer.hasRoom()) {
            return false;
        }
        objectsLeftInHello |= handshake.state() != HelloState.DONE;
        queues.sent(entry, writer.appendObject(type, handshake.flags(writer.nextSequence())));
        return true;
    }

    private void queueResync(long nowNanos) {
        if (resyncWanted && nowNanos >= resyncAt() && !handshake.isHeld(nowNanos)) {
            resyncWanted = false;
            lastResync = nowNanos;
            // One that was sent may have been served before the present need arose: it does not count, it goes again.
            queues.againRequests();
            if (!queues.holdsRequest()) {
                queueControl(NetHeader.RESYNC, 0, 0);
            }
        }
    }

    private long resyncAt() {
        return lastResync == NEVER ? NEVER : lastResync + config.resyncIntervalNanos();
    }

    /**
     * A full resend queue stops objects until the peer acknowledges, where conntrackd forgets the oldest: they wait in
     * the TX list instead, which coalesces. Only a peer that is there but does not acknowledge (its ACK window is
     * larger than our queue) gets it conntrackd's way.
     */
    private boolean hasRoom(Encoder encoder, boolean peerAnswers) {
        if (queues.count(SendQueues.RS_OBJECTS) < config.resendQueueSize()) {
            stalledSince = NEVER;
            return true;
        }
        if (stalledSince == NEVER) {
            stalledSince = now;
        }
        if (!peerAnswers || now - stalledSince < config.aliveNanos()) {
            return false;
        }
        counters.resendOverflow++;
        drop(queues.head(SendQueues.RS_OBJECTS), encoder);
        return true;
    }

    // Looking at it

    /** @param peerAnswers whether the peer is there to acknowledge */
    long nextDeadline(long nowNanos, boolean peerAnswers) {
        if (!started) {
            return NEVER;
        }
        if (writer.isPending()) {
            return writer.retryAt();
        }
        if (queues.count(SendQueues.TX_CONTROLS) > 0) {
            return nowNanos;
        }
        long deadline = Math.min(speakAt(), objectsAt(nowNanos, peerAnswers));
        if (resyncWanted) {
            deadline = Math.min(
                    deadline, handshake.isHeld(nowNanos) ? Math.max(handshake.holdUntil(), resyncAt()) : resyncAt());
        }
        return Math.min(deadline, passedOver.nextDeadline());
    }

    private long objectsAt(long nowNanos, boolean peerAnswers) {
        if (queues.count(SendQueues.TX_OBJECTS) == 0) {
            return Long.MAX_VALUE;
        }
        if (handshake.isHeld(nowNanos)) {
            return handshake.holdUntil();
        }
        if (queues.count(SendQueues.RS_OBJECTS) < config.resendQueueSize() || stalledSince == NEVER) {
            return nowNanos;
        }
        return peerAnswers ? stalledSince + config.aliveNanos() : Long.MAX_VALUE;
    }

    Handshake handshake() {
        return handshake;
    }

    boolean isResyncPending() {
        return resyncWanted || queues.holdsRequest();
    }

    int count(int list) {
        return queues.count(list);
    }

    List<UnacknowledgedMessage> unacknowledged() {
        return queues.unacknowledged();
    }
}
