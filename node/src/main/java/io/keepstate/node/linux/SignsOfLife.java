// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When each of the two loops last turned. Leases of addresses are renewed only while both do: the sync loop renews and asks
 * here for the elections; the elections ask here for the sync loop, since to advertise for addresses that nobody renews would
 * keep the peer from taking them. Thread-safe.
 */
final class SignsOfLife {
    private final AtomicLong elections = new AtomicLong(System.nanoTime());
    private final AtomicLong sync = new AtomicLong(System.nanoTime());
    private final long patienceNanos;

    /**
     * Both loops count as alive now.
     *
     * @param patienceNanos how long the sync loop may stand still: less than a lease; {@link Long#MAX_VALUE} without leases
     */
    SignsOfLife(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** The elections did their work. */
    void electionsTurned(long nowNanos) {
        elections.setRelease(nowNanos);
    }

    /** When the elections last did. */
    long elections() {
        return elections.getAcquire();
    }

    /** The sync loop did its work. */
    void syncTurned(long nowNanos) {
        sync.setRelease(nowNanos);
    }

    /** Whether the sync loop turned within its patience. */
    boolean isSyncAlive(long nowNanos) {
        return nowNanos - sync.getAcquire() <= patienceNanos;
    }
}
