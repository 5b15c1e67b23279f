// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/** FTFW session; the protocol follows, this is its surface. */
public final class FtfwSession implements ReliableSession {
    private static final FtfwStats EMPTY = new FtfwStats(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            java.util.Map.of(),
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            HelloState.INIT,
            false,
            false,
            Long.MIN_VALUE);

    /** A session whose first message carries {@code initialSequence}: the wall clock's seconds, as conntrackd does. */
    public FtfwSession(FtfwConfig config, long initialSequence) {
        throw notYet();
    }

    @Override
    public boolean enqueue(long handle) {
        throw notYet();
    }

    @Override
    public boolean cancel(long handle) {
        throw notYet();
    }

    @Override
    public void requestResync() {
        throw notYet();
    }

    @Override
    public void receive(ByteBuf datagram, long nowNanos, Encoder encoder, Receiver receiver) {
        throw notYet();
    }

    @Override
    public void onDeadline(long nowNanos, Receiver receiver) {
        throw notYet();
    }

    @Override
    public int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget) {
        throw notYet();
    }

    @Override
    public long nextDeadline() {
        throw notYet();
    }

    /** Our half of the handshake. */
    public HelloState helloState() {
        return HelloState.INIT;
    }

    /** Whether the peer answered our HELLO. */
    public boolean isHelloDone() {
        return helloState() == HelloState.DONE;
    }

    /** A snapshot of every counter and queue. */
    public FtfwStats stats() {
        return EMPTY;
    }

    private static UnsupportedOperationException notYet() {
        return new UnsupportedOperationException("not yet");
    }
}
