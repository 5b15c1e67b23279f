// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.AddressLease;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives addresses a lease and renews it while the election is alive ({@link AddressLease}); without anybody who says whether
 * it is, addresses stay for ever.
 */
final class LeaseRenewal {

    private static final Logger LOG = LoggerFactory.getLogger(HoldingsOwner.class);

    private final Holdings holdings;
    private final AddressOwner addresses;
    private final @Nullable LongSupplier alive;
    private boolean fails;
    private long renewals;
    private long withheld;

    /**
     * Nothing is leased yet.
     *
     * @param alive when the loop of the election last did its work; null: addresses are not leased
     */
    LeaseRenewal(Holdings holdings, AddressOwner addresses, @Nullable LongSupplier alive) {
        this.holdings = holdings;
        this.addresses = addresses;
        this.alive = alive;
    }

    /** The lease of what a router begins to hold now; null for ever. */
    @Nullable
    AddressLease begin(VirtualRouterConfig router, long nowNanos) {
        return alive == null ? null : new AddressLease(AddressLease.downNanos(router), nowNanos);
    }

    /**
     * The lease of what a router holds has the length that goes with this configuration from now on; one that ran out does
     * not come back.
     */
    List<HoldingFailure> change(VirtualRouterConfig router, long nowNanos) {
        Holding holding = holdings.of(router.name());
        AddressLease lease = holding == null ? null : holding.lease();
        if (holding == null || lease == null || holding.isLost() || lease.isExpired(nowNanos)) {
            return List.of();
        }
        holding.lease(lease.changed(AddressLease.downNanos(router), nowNanos));
        return addresses.put(holding.terms(nowNanos));
    }

    /** Renews what is due. */
    void advance(long nowNanos) {
        LongSupplier election = alive;
        if (election == null || nextDeadline() > nowNanos) {
            return;
        }
        long aliveNanos = election.getAsLong();
        List<Holding> due = new ArrayList<>();
        List<Holding> expired = new ArrayList<>();
        for (Holding holding : holdings.standing()) {
            AddressLease lease = holding.lease();
            if (lease == null) {
                continue;
            }
            switch (lease.decide(nowNanos, aliveNanos)) {
                case RENEW -> due.add(holding);
                case WITHHOLD -> withheld++;
                case EXPIRED -> expired.add(holding);
                case WAIT -> {}
            }
        }
        if (!due.isEmpty()) {
            renew(due, nowNanos);
        }
        expired.forEach(holding -> holdings.lapse(holding, nowNanos));
    }

    /** All that is nearly due comes along, so that many routers soon cost one batch. */
    private void renew(List<Holding> due, long nowNanos) {
        List<AddressOwner.Term> terms = new ArrayList<>();
        for (Holding holding : holdings.standing()) {
            AddressLease lease = holding.lease();
            if (lease != null && (due.contains(holding) || lease.isNearlyDue(nowNanos))) {
                terms.addAll(holding.terms(nowNanos));
                lease.renewed(nowNanos);
                renewals++;
            }
        }
        List<HoldingFailure> failures = addresses.put(terms);
        if (!failures.isEmpty() && !fails) {
            // Once: an interface that is gone fails each time, and what follows from that is others' business.
            failures.forEach(failure -> LOG.warn("renewing virtual address failed: {}", failure));
        }
        fails = !failures.isEmpty();
    }

    /** When to call {@link #advance} next; {@link Long#MAX_VALUE} without anything to renew. */
    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (Holding holding : holdings.all()) {
            AddressLease lease = holding.lease();
            if (lease != null && !holding.isLost()) {
                earliest = Math.min(earliest, lease.nextDeadline());
            }
        }
        return earliest;
    }

    long renewals() {
        return renewals;
    }

    long withheld() {
        return withheld;
    }
}
