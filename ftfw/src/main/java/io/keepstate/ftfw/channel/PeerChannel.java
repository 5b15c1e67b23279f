// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.linux.loop.EventLoop;

/**
 * One dedicated link to the peer, over whatever transport. Opened in the calling thread's network namespace; from
 * {@link #register} on confined to the loop's thread.
 */
public interface PeerChannel extends DatagramSink, AutoCloseable {
    /** Datagrams taken from a link in one turn, so that nothing else waits for long: conntrackd's default. */
    int RECEIVE_BUDGET = 100;

    /**
     * Lets a loop watch it; once.
     *
     * @param name the link's in logs and failures
     */
    void register(EventLoop loop, String name, DatagramHandler handler);

    /** What is due by time: a connection to be made. To be called in each turn, before anything is sent. */
    void doWork(long nowNanos);

    /** When {@link #doWork} has something to do; Long.MAX_VALUE: never. */
    long nextDeadline();

    /**
     * The link failed and another one is used: what is still on its way is forgotten, so that it does not come late when
     * this one is back. Called as long as that is so.
     */
    void onLinkFailed();

    /** Octets of messages that pass unfragmented, for {@code FtfwConfig.withDatagramSize}. */
    int datagramSize();

    /** A snapshot of the counters. */
    ChannelStats stats();

    /** Closes the sockets; again does nothing. To be called after the loop ended, or on its thread. */
    @Override
    void close();
}
