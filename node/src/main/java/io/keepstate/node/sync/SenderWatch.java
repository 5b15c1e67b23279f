// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.PeerEvent;
import io.keepstate.node.event.PeerEvent.Signal;

/**
 * Notices that several daemons send to this one. FTFW is a protocol of two: a second daemon in the group poisons the
 * numbers of the first. Two that take turns are two senders; one that follows another is a peer that moved.
 */
final class SenderWatch {
    /** So many turns are no peer that moved to another address and back. */
    private static final int TURNS_BELIEVED = 3;
    /** Within this time a sender that comes back is another one than the one heard in between. */
    private static final long TURN_NANOS = 10_000_000_000L;

    private final Heard last = new Heard();
    private final Heard before = new Heard();
    private final boolean areTwo;
    private final NodeListener listener;
    private long turns;
    private boolean said;

    private static final class Heard {
        boolean any;
        long sender;
        long high;
        long low;
        long at;

        void set(Heard other) {
            any = other.any;
            sender = other.sender;
            high = other.high;
            low = other.low;
            at = other.at;
        }

        @Override
        public String toString() {
            // Nobody sends from ::/64, so an empty upper half is an IPv4 address.
            return String.valueOf(high == 0 ? IpAddress.ipv4((int) low) : new IpAddress(Family.IPV6, high, low));
        }
    }

    /**
     * Has heard nobody yet.
     *
     * @param listener told once if there are several where the mode allows one
     */
    SenderWatch(SyncMode mode, NodeListener listener) {
        this.areTwo = mode instanceof SyncMode.Ftfw;
        this.listener = listener;
    }

    /** Notes a datagram; the address, as two words, is for people. */
    void note(long sender, long sourceHigh, long sourceLow, long nowNanos) {
        if (last.any && sender != last.sender) {
            turns += before.any && sender == before.sender && nowNanos - before.at < TURN_NANOS ? 1 : 0;
            before.set(last);
        }
        last.any = true;
        last.sender = sender;
        last.high = sourceHigh;
        last.low = sourceLow;
        last.at = nowNanos;
        if (areTwo && !said && turns >= TURNS_BELIEVED) {
            said = true;
            listener.on(new PeerEvent(
                    Signal.SEVERAL_SENDERS,
                    before + " and " + last + ": FTFW is for two nodes, with more they lose each other's messages;"
                            + " use NOTRACK or ALARM, or a link of their own for each pair"));
        }
    }

    /** How often one sender spoke between two datagrams of another. */
    long turns() {
        return turns;
    }
}
