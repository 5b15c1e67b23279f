// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Our end of a legacy link: FTFW as conntrackd speaks it, to the bit, with what one side can repair alone.
 *
 * <p>Beyond conntrackd, and invisible on the wire except as messages it knows: objects wait for the handshake; a full
 * resend queue stops sending instead of forgetting; a HELLO of the peer makes us tell again, not forget, what it has
 * not acknowledged; HELLO never sticks to a control that is sent again; what an ACK passed over is sent again; a gap
 * met while the peer greets is asked for; a gap that stays open, a peer that restarted and a peer that fell silent are
 * told to the {@link Receiver}. {@code docs/ftfw.md} lists the weaknesses of the protocol and what becomes of each.
 *
 * <p>Pure: no clock, socket, thread or random number. One thread. Allocates nothing in steady state: its arrays grow
 * with the greatest number of objects that ever waited.
 */
public final class FtfwSession implements SyncSession {
    private static final long NEVER = Long.MIN_VALUE;
    /** Objects of a bulk under way: several of the peer's windows (300), few enough for its receive buffer. */
    private static final int BULK_IN_FLIGHT = 4096;

    private final FtfwConfig config;
    private final Counters counters = new Counters();
    private final Inbound inbound = new Inbound(counters, this::onFrame);
    private final ReceiveWindow window;
    private final GapWatch gaps;
    private final Outbound outbound;

    private long lastNow = NEVER;
    private long lastHeard = NEVER;
    private boolean silent;
    private boolean helloSeen;

    /**
     * A session that has neither sent nor heard anything.
     *
     * @param initialSequence the number of its first message: the wall clock's seconds, as conntrackd does, so that a
     *     restarted node mostly begins above its former self. Only the low 32 bits count.
     */
    public FtfwSession(FtfwConfig config, long initialSequence) {
        this.config = config;
        this.window = new ReceiveWindow(config.ackWindowSize(), config.aliveNanos());
        this.gaps = new GapWatch(config.resendQueueSize(), config.nackServiceNanos());
        this.outbound = new Outbound(config, counters, gaps, (int) initialSequence);
    }

    @Override
    public boolean enqueue(long handle) {
        return outbound.enqueue(handle);
    }

    @Override
    public boolean cancel(long handle) {
        return outbound.cancel(handle);
    }

    @Override
    public void requestResync() {
        outbound.requestResync();
    }

    @Override
    public boolean canRequestResync() {
        return true;
    }

    /** Acknowledged: conntrackd queues its whole table before that ACK. */
    @Override
    public boolean isResyncHeard() {
        return !isResyncPending() && !hasOpenGaps();
    }

    /** An acknowledgement may cover a question that was lost while saying HELLO: two of them do not. */
    @Override
    public int resyncsUntilBelieved() {
        return 2;
    }

    /**
     * Never more than the resend queue protects: what is dropped from it unacknowledged is lost for good. So the peer's
     * acknowledgements set the pace.
     */
    @Override
    public int bulkRoom(long nowNanos) {
        return Math.max(0, Math.min(BULK_IN_FLIGHT, config.resendQueueSize() / 2) - pendingObjects());
    }

    @Override
    public long bulkDeadline() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean receive(ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        lastNow = Math.max(lastNow, nowNanos);
        return inbound.receive(datagram, sender, nowNanos, encoder, receiver);
    }

    private boolean onFrame(
            FrameReader frame, ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver) {
        heard(nowNanos, receiver);
        boolean hello = frame.isHello();
        if (frame.isHelloBack() && outbound.onHelloBack()) {
            receiver.onSignal(SessionSignal.HELLO_BACK_RECEIVED);
        }
        counters.hellosReceived += hello ? 1 : 0;
        if (!accept(frame.sequence(), hello, nowNanos, receiver)) {
            counters.before++;
            return false;
        }
        if (hello) {
            // Never for a HELLO that came late: if it was a restart after all, the peer must go on saying HELLO, since
            // that is the only thing that makes its low numbers acceptable.
            outbound.handshake().oweHelloBack();
        }
        digest(frame, datagram, nowNanos, encoder, receiver);
        // An ACK alone never calls for one at once: with a window of 1 two peers would answer each other for ever.
        if (window.isFull() && frame.kind() != FrameKind.ACK) {
            queueAck(window.last());
        }
        return true;
    }

    private void heard(long nowNanos, Receiver receiver) {
        if (lastHeard == NEVER) {
            outbound.handshake().hold(nowNanos);
        }
        lastHeard = nowNanos;
        if (silent) {
            silent = false;
            gaps.restartClock(nowNanos);
            receiver.onSignal(SessionSignal.PEER_BACK);
        }
    }

    /** Places the number in the stream; false if the message comes too late to be used. */
    private boolean accept(int sequence, boolean hello, long nowNanos, Receiver receiver) {
        int expected = window.expected();
        ReceiveWindow.Verdict verdict = window.judge(sequence, hello, nowNanos);
        switch (verdict) {
            case LATE -> {
                return false;
            }
            case GAP -> onGap(expected, sequence, hello, nowNanos, receiver);
            case RESTART_ABOVE -> {
                if (sequence != expected && sequence - expected <= config.resendQueueSize()) {
                    askAgain(expected, sequence - 1); // for the case that this HELLO only stuck to an old control
                } else {
                    flushAck();
                }
            }
            case RESTART_BELOW -> window.acknowledged();
            case FIRST, IN_ORDER -> {}
        }
        window.accept(sequence, hello, nowNanos);
        boolean restarted =
                verdict == ReceiveWindow.Verdict.RESTART_ABOVE || verdict == ReceiveWindow.Verdict.RESTART_BELOW;
        if (restarted || (hello && verdict == ReceiveWindow.Verdict.FIRST)) {
            onPeerStarted(verdict, receiver);
        }
        return true;
    }

    private void onGap(int expected, int sequence, boolean hello, long nowNanos, Receiver receiver) {
        long missing = Integer.toUnsignedLong(sequence - expected);
        counters.gaps++;
        counters.lost += missing;
        if (!hello) {
            counters.lostAsConntrackd += missing + 2;
        }
        askAgain(expected, sequence - 1);
        if (outbound.handshake().isUnconfirmed() || missing > config.resendQueueSize()) {
            unserved(1, receiver); // our HELLO made it forget, or its queue is too short
        } else {
            gaps.open(expected, sequence - 1, nowNanos);
        }
    }

    private void askAgain(int from, int to) {
        flushAck();
        outbound.queueControl(NetHeader.NACK, from, to);
    }

    /** An ACK must never cover a gap, so what came before it is acknowledged first. */
    private void flushAck() {
        if (window.isAckPending()) {
            queueAck(window.last());
        }
    }

    private void queueAck(int to) {
        outbound.queueControl(NetHeader.ACK, window.ackFrom(), to);
        window.acknowledged();
    }

    private void onPeerStarted(ReceiveWindow.Verdict verdict, Receiver receiver) {
        gaps.clear();
        outbound.onPeerStarted(verdict == ReceiveWindow.Verdict.RESTART_BELOW);
        if (verdict == ReceiveWindow.Verdict.FIRST && !helloSeen) {
            helloSeen = true;
            receiver.onSignal(SessionSignal.PEER_HELLO);
        } else {
            counters.peerRestarts++;
            receiver.onSignal(SessionSignal.PEER_RESTARTED);
        }
    }

    private void unserved(int many, Receiver receiver) {
        if (many > 0) {
            counters.gapsUnserved += many;
            receiver.onSignal(SessionSignal.GAP_UNSERVED);
        }
    }

    private void digest(FrameReader reader, ByteBuf datagram, long nowNanos, Encoder encoder, Receiver receiver) {
        if (reader.kind() != FrameKind.ALIVE) {
            gaps.arrived(); // an ALIVE is never sent again, so it fills no gap
        }
        switch (reader.kind()) {
            case DATA -> inbound.onData(datagram, receiver);
            case ACK -> {
                counters.acksReceived++;
                if (outbound.isOurs(reader.to())) {
                    outbound.onAck(reader.from(), reader.to(), encoder);
                    unserved(gaps.acknowledged(reader.to(), reader.sequence(), nowNanos), receiver);
                }
            }
            case NACK -> {
                counters.nacksReceived++;
                outbound.onNack(reader.from(), reader.to());
            }
            case RESYNC -> {
                counters.resyncsReceived++;
                receiver.onResyncRequested();
            }
            case ALIVE -> counters.alivesReceived++;
        }
    }

    @Override
    public void onDeadline(long nowNanos, Receiver receiver) {
        lastNow = Math.max(lastNow, nowNanos);
        if (!silent && lastHeard != NEVER && nowNanos - lastHeard >= config.silentNanos()) {
            silent = true;
            receiver.onSignal(SessionSignal.PEER_SILENT);
        }
        if (!silent) {
            unserved(gaps.expire(nowNanos), receiver);
        }
    }

    @Override
    public int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget) {
        lastNow = Math.max(lastNow, nowNanos);
        boolean speak = outbound.mustSpeak(nowNanos);
        if (window.isAckPending() && (speak || nowNanos >= ackAt())) {
            queueAck(window.last());
        }
        return outbound.transmit(nowNanos, encoder, sink, budget, speak, peerAnswers());
    }

    private long ackAt() {
        return window.ackPendingSince() + config.aliveNanos();
    }

    private boolean peerAnswers() {
        return lastHeard != NEVER && !silent;
    }

    @Override
    public long nextDeadline() {
        long deadline = outbound.nextDeadline(lastNow, peerAnswers());
        if (window.isAckPending()) {
            deadline = Math.min(deadline, ackAt());
        }
        if (peerAnswers()) {
            deadline = Math.min(deadline, Math.min(lastHeard + config.silentNanos(), gaps.nextDeadline()));
        }
        return deadline;
    }

    /** Our half of the handshake. */
    public HelloState helloState() {
        return outbound.handshake().state();
    }

    /** Whether the peer answered our HELLO. */
    public boolean isHelloDone() {
        return helloState() == HelloState.DONE;
    }

    /** Since {@link FtfwConfig#silentNanos()}. */
    @Override
    public boolean isPeerSilent() {
        return silent;
    }

    /** When the last valid message came; Long.MIN_VALUE if none did. */
    public long lastHeardNanos() {
        return lastHeard;
    }

    @Override
    public int pendingObjects() {
        return outbound.count(SendQueues.TX_OBJECTS) + outbound.count(SendQueues.RS_OBJECTS);
    }

    /**
     * Whether a request for a resync waits, or has not been acknowledged. Once it is no more, conntrackd has queued its
     * whole table before that ACK.
     */
    public boolean isResyncPending() {
        return outbound.isResyncPending();
    }

    /** Whether messages are known to be missing and may still come. */
    public boolean hasOpenGaps() {
        return gaps.nextDeadline() != Long.MAX_VALUE;
    }

    @Override
    public List<UnacknowledgedMessage> unacknowledged() {
        return outbound.unacknowledged();
    }

    @Override
    public FtfwStats stats() {
        return counters.snapshot(
                new Counters.Queues(
                        outbound.count(SendQueues.TX_OBJECTS),
                        outbound.count(SendQueues.TX_CONTROLS),
                        outbound.count(SendQueues.RS_OBJECTS),
                        outbound.count(SendQueues.RS_CONTROLS)),
                helloState(),
                lastHeard,
                silent);
    }
}
