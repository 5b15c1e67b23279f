// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;

/**
 * One end of a reliable link that carries the current state of objects known by handles.
 *
 * <p>A duty cycle calls {@link #receive} for each datagram read, then {@link #onDeadline}, then {@link #transmit}, and
 * sleeps until {@link #nextDeadline}. Not thread-safe: one thread, or an external order.
 */
public interface ReliableSession {
    /**
     * The object named by this handle changed (was made, updated or deleted) and is to be sent; several changes before
     * it leaves become one message.
     *
     * @return false if the limit of tracked objects is reached: counted, not sent
     */
    boolean enqueue(long handle);

    /**
     * Forgets a handle, whatever it waits for; {@link Encoder#released} is not called.
     *
     * @return whether it was known
     */
    boolean cancel(long handle);

    /** Asks the peer for all its objects, as soon as the protocol allows. Requests made before that become one. */
    void requestResync();

    /**
     * Takes one datagram of the peer; whatever is in it, nothing is thrown by the session itself.
     *
     * @param datagram read from reader index to writer index; its indices are left as they are
     * @param encoder told of the handles that the peer's acknowledgements release
     * @return whether a message of it was valid and in its place in the stream; late, repeated and malformed ones are not
     */
    boolean receive(ByteBuf datagram, long nowNanos, Encoder encoder, Receiver receiver);

    /** Raises the signals that are due by time. Cheap; call it once per duty cycle. */
    void onDeadline(long nowNanos, Receiver receiver);

    /**
     * Sends what is due: controls first, then objects.
     *
     * @param budget the most messages to build in this call
     * @return messages built; when it equals the budget, more may be waiting
     */
    int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget);

    /** When to call again at the latest; a past time if something waits to be sent. */
    long nextDeadline();
}
