// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

/**
 * How a {@link Conntrack} sets up its sockets. Buffer sizes are effective ones, as the kernel counts: an event takes
 * about 1280 octets of it, an answer to a request 832.
 *
 * @param eventBuffer receive buffer of the event socket (conntrackd: NetlinkBufferSize); 0 leaves the system's
 * @param eventBufferMax how far overruns may double it (NetlinkBufferSizeMaxGrowth); 0: no growth
 * @param reliableEvents the kernel repeats events that did not fit (NetlinkEventsReliable): an entry that ended stays
 *     in the table until its event is taken, any other event comes again with the flow's next packet. Overruns are
 *     reported all the same. A process that holds such a stream and does not read it fills the table
 * @param dropOwnEvents events caused by this object's own requests are dropped in the kernel
 * @param eventFilter which events of flows the kernel shows at all
 * @param windowTracking committed TCP connections are checked against windows (TCPWindowTracking)
 * @param commitBatch most requests in one system call, 1 to 1024
 * @param answerTimeoutNanos when an answer the kernel owes counts as lost
 */
public record ConntrackOptions(
        int eventBuffer,
        int eventBufferMax,
        boolean reliableEvents,
        boolean dropOwnEvents,
        EventFilter eventFilter,
        boolean windowTracking,
        int commitBatch,
        long answerTimeoutNanos) {

    /** 2 MiB of event buffer, growing to 8 MiB; all events shown; liberal TCP; batches of 256; answers within 1 s. */
    public static final ConntrackOptions DEFAULTS =
            new ConntrackOptions(2 << 20, 8 << 20, false, false, EventFilter.ALL, false, 256, 1_000_000_000L);

    /** Checks the ranges. */
    public ConntrackOptions {
        if (eventBuffer < 0 || eventBufferMax < 0) {
            throw new IllegalArgumentException("a receive buffer of " + Math.min(eventBuffer, eventBufferMax)
                    + " octets; give 0 for the system's size");
        }
        if (commitBatch < 1 || commitBatch > 1024) {
            throw new IllegalArgumentException("commitBatch " + commitBatch + " is not in 1..1024");
        }
        if (answerTimeoutNanos < 1) {
            throw new IllegalArgumentException("answerTimeoutNanos must be positive");
        }
    }

    /** The same with other event buffer sizes. */
    public ConntrackOptions withEventBuffer(int octets, int maxOctets) {
        return new ConntrackOptions(
                octets,
                maxOctets,
                reliableEvents,
                dropOwnEvents,
                eventFilter,
                windowTracking,
                commitBatch,
                answerTimeoutNanos);
    }

    /** The same with events repeated by the kernel. */
    public ConntrackOptions withReliableEvents(boolean on) {
        return new ConntrackOptions(
                eventBuffer,
                eventBufferMax,
                on,
                dropOwnEvents,
                eventFilter,
                windowTracking,
                commitBatch,
                answerTimeoutNanos);
    }

    /** The same with own events dropped in the kernel, or not. */
    public ConntrackOptions withDropOwnEvents(boolean on) {
        return new ConntrackOptions(
                eventBuffer,
                eventBufferMax,
                reliableEvents,
                on,
                eventFilter,
                windowTracking,
                commitBatch,
                answerTimeoutNanos);
    }

    /** The same with events filtered in the kernel. */
    public ConntrackOptions withEventFilter(EventFilter filter) {
        return new ConntrackOptions(
                eventBuffer,
                eventBufferMax,
                reliableEvents,
                dropOwnEvents,
                filter,
                windowTracking,
                commitBatch,
                answerTimeoutNanos);
    }

    /** The same with TCP window tracking of committed connections. */
    public ConntrackOptions withWindowTracking(boolean on) {
        return new ConntrackOptions(
                eventBuffer,
                eventBufferMax,
                reliableEvents,
                dropOwnEvents,
                eventFilter,
                on,
                commitBatch,
                answerTimeoutNanos);
    }

    /** The same with another batch size. */
    public ConntrackOptions withCommitBatch(int requests) {
        return new ConntrackOptions(
                eventBuffer,
                eventBufferMax,
                reliableEvents,
                dropOwnEvents,
                eventFilter,
                windowTracking,
                requests,
                answerTimeoutNanos);
    }
}
