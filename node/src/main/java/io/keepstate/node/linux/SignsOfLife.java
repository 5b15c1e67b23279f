// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.vrrp.AddressLease;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When each of the two loops last turned. Leases of addresses are renewed only while both do: the sync loop renews and asks
 * here for the elections; the elections ask here for the sync loop, since to advertise for addresses that nobody renews would
 * keep the peer from taking them. Thread-safe.
 */
final class SignsOfLife {
    private final AtomicLong elections = new AtomicLong(System.nanoTime());
    private final AtomicLong sync = new AtomicLong(System.nanoTime());
    private final boolean leases;
    /** How long the sync loop may stand still: less than a lease. Only that loop changes it. */
    private volatile long patienceNanos;

    /**
     * Both loops count as alive now.
     *
     * @param leases whether addresses are leased; if not, patience has no end
     * @param routers whose leases may run out
     */
    SignsOfLife(boolean leases, List<VirtualRouterConfig> routers) {
        this.leases = leases;
        this.patienceNanos = patienceNanos(routers);
    }

    /** These routers will be the ones: until all of them are, the shorter patience counts. On the sync loop, which is alive. */
    void expect(List<VirtualRouterConfig> routers, long nowNanos) {
        // It may have been at work for longer than it will be allowed to.
        syncTurned(nowNanos);
        patienceNanos = Math.min(patienceNanos, patienceNanos(routers));
    }

    /** These are the routers from now on. On the sync loop. */
    void follow(List<VirtualRouterConfig> routers) {
        patienceNanos = patienceNanos(routers);
    }

    /** The addresses go at the end of a lease, the last renewal was up to a third of one ago: so much before that. */
    private long patienceNanos(List<VirtualRouterConfig> routers) {
        return !leases
                ? Long.MAX_VALUE
                : routers.stream()
                        .mapToLong(router ->
                                TimeUnit.SECONDS.toNanos(AddressLease.seconds(AddressLease.downNanos(router))))
                        .map(lease -> lease / 3 * 2)
                        .min()
                        .orElse(Long.MAX_VALUE);
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
