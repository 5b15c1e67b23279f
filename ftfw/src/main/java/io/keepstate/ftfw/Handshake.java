// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

/**
 * Our HELLO and our answers to the peer's.
 *
 * <p>Flags are computed when a message leaves, for controls that are sent again too: a HELLO that stuck to them would
 * look like a restart to the peer.
 */
final class Handshake {
    private final long holdNanos;

    private HelloState state = HelloState.INIT;
    private boolean helloBackOwed;
    private long holdUntil = Long.MIN_VALUE;
    private int lastHello;
    private boolean unconfirmed;

    Handshake(long holdNanos) {
        this.holdNanos = holdNanos;
    }

    /** The HELLO flags of the message that leaves under this number. */
    int flags(int sequence) {
        int flags = 0;
        if (state != HelloState.DONE) {
            state = HelloState.SAY;
            lastHello = sequence;
            unconfirmed = true;
            flags = NetHeader.HELLO;
        }
        if (helloBackOwed) {
            helloBackOwed = false;
            flags |= NetHeader.HELLO_BACK;
        }
        return flags;
    }

    void oweHelloBack() {
        helloBackOwed = true;
    }

    boolean isHelloBackOwed() {
        return helloBackOwed;
    }

    /**
     * The peer answered. An answer that comes before we ever spoke was meant for a former self and is ignored.
     *
     * @return whether this ended the handshake
     */
    boolean onHelloBack() {
        if (state != HelloState.SAY) {
            return false;
        }
        state = HelloState.DONE;
        return true;
    }

    /** The peer acknowledged our messages up to this number. */
    void onAck(int to) {
        if (unconfirmed && !Sequence.before(to, lastHello)) {
            unconfirmed = false;
        }
    }

    /** Whether the peer may still meet a HELLO of ours, and forget what it has sent us. */
    boolean isUnconfirmed() {
        return unconfirmed;
    }

    /** Objects wait for the handshake from now, for a while at most. */
    void hold(long nowNanos) {
        holdUntil = Math.max(holdUntil, nowNanos + holdNanos);
    }

    /**
     * Whether objects and requests wait: while we say HELLO the peer checks no numbers, so what is lost is never asked
     * for, and each HELLO makes it forget what it has sent us.
     */
    boolean isHeld(long nowNanos) {
        return state != HelloState.DONE && nowNanos < holdUntil;
    }

    long holdUntil() {
        return holdUntil;
    }

    HelloState state() {
        return state;
    }
}
