// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * One end of a link that carries the current state of objects known by handles, in one of conntrackd's modes:
 * {@link FtfwSession}, {@link NoTrackSession}, {@link AlarmSession}. What differs between them is when a message
 * leaves, and what is done about one that was lost.
 *
 * <p>A duty cycle calls {@link #receive} for each datagram read, then {@link #onDeadline}, then {@link #transmit}, and
 * sleeps until {@link #nextDeadline}. Not thread-safe: one thread, or an external order.
 */
public interface SyncSession {
    /** The sender of a datagram when nobody says who it is. */
    long UNKNOWN_SENDER = 0;

    /**
     * The object named by this handle changed (was made, updated or deleted) and is to be sent; several changes before
     * it leaves become one message.
     *
     * @return false if the limit of tracked objects is reached: counted, not sent
     */
    boolean enqueue(long handle);

    /**
     * One object of a bulk update, which may be no news: sent as {@link #enqueue} does, unless the mode repeats every
     * object anyway.
     *
     * @return false if the limit of tracked objects is reached: counted, not sent
     */
    default boolean enqueueBulk(long handle) {
        return enqueue(handle);
    }

    /**
     * How many objects of a bulk update may be enqueued now without more on its way than the mode can repair, or the
     * peer's socket can hold.
     *
     * @return 0: later, not before {@link #bulkDeadline}
     */
    int bulkRoom(long nowNanos);

    /** When there will be room for more of a bulk update; {@link Long#MAX_VALUE} if a message of the peer will tell. */
    long bulkDeadline();

    /**
     * Forgets a handle, whatever it waits for; {@link Encoder#released} is not called.
     *
     * @return whether it was known
     */
    boolean cancel(long handle);

    /** Asks the peer for all its objects, as soon as the protocol allows. Requests made before that become one. */
    void requestResync();

    /** Whether this mode can ask for everything; where it cannot, {@link #requestResync} does nothing. */
    boolean canRequestResync();

    /**
     * Whether the last request for a resync reached the peer, as far as the mode can know, and nothing that the peer
     * sent since is known to be missing.
     */
    boolean isResyncHeard();

    /**
     * How many requests in a row must go without any answer before it is believed that a peer that is there has nothing
     * to tell, rather than that they were lost. Half of them where most was answered.
     */
    int resyncsUntilBelieved();

    /**
     * Takes one datagram of the peer; whatever is in it, nothing is thrown by the session itself.
     *
     * @param datagram read from reader index to writer index; its indices are left as they are
     * @param sender tells senders apart where there may be several, {@link #UNKNOWN_SENDER} if nobody knows
     * @param encoder told of the handles that the peer's acknowledgements release
     * @return whether a message of it was valid and in its place in the stream; late, repeated and malformed ones are
     * not
     */
    boolean receive(ByteBuf datagram, long sender, long nowNanos, Encoder encoder, Receiver receiver);

    /** Takes one datagram of the only peer there is. */
    default boolean receive(ByteBuf datagram, long nowNanos, Encoder encoder, Receiver receiver) {
        return receive(datagram, UNKNOWN_SENDER, nowNanos, encoder, receiver);
    }

    /**
     * The sender is another process from now on, as the port it sends from tells: its numbers begin anew. Does nothing
     * in modes whose messages say so themselves, or where nobody looks at the numbers.
     *
     * @param sender as in {@link #receive}
     */
    default void senderRestarted(long sender) {}

    /**
     * A link failed, and what it swallowed last nobody knows. Where every change is told once and never again unasked, the
     * ends that were told last are told again with the next {@link #transmit}; what lives the owner has to tell again, by a
     * bulk update.
     *
     * @return whether a bulk update is needed
     */
    default boolean linkFailed(long nowNanos) {
        return false;
    }

    /**
     * Whether objects are told again without having changed, in a mode that does so; where they are not, none is any more
     * from now on, and the owner tells all of them by a bulk update when they are again.
     */
    default void setRepeating(boolean repeating) {}

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

    /** Objects that wait to be sent, or to be acknowledged where the mode acknowledges. */
    int pendingObjects();

    /** Whether a peer that was heard has been silent for so long that it must be called gone. */
    boolean isPeerSilent();

    /** The resend queue, oldest first; empty in modes that keep nothing. Allocates for each message. */
    default List<UnacknowledgedMessage> unacknowledged() {
        return List.of();
    }

    /** A snapshot of every counter and queue; what a mode does not have is 0. Allocates. */
    FtfwStats stats();
}
