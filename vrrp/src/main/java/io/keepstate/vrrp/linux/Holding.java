// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.AddressLease;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one router holds now. */
final class Holding {

    private final VirtualRouterConfig config;
    private @Nullable AddressLease lease;
    /**
     * Addresses that somebody took away and whose loss does not matter (no_track), and what the kernel never took: it is not
     * there, and that is not a loss.
     */
    private final Set<Object> surrendered = new HashSet<>();
    /** Routes and rules that were put back, until some time has passed. */
    private final Set<Object> putBack = new HashSet<>();

    private long putBackNanos = Long.MIN_VALUE;
    private boolean lossTold;

    Holding(VirtualRouterConfig config, @Nullable AddressLease lease) {
        this.config = config;
        this.lease = lease;
    }

    String router() {
        return config.name();
    }

    VirtualRouterConfig config() {
        return config;
    }

    @Nullable
    AddressLease lease() {
        return lease;
    }

    void lease(AddressLease another) {
        lease = another;
    }

    /** The addresses that should be there. */
    List<VirtualAddress> addresses() {
        return standing(config.allAddresses());
    }

    /** The routes that should be there. */
    List<VirtualRoute> routes() {
        return standing(config.routes());
    }

    /** The rules that should be there. */
    List<VirtualRule> rules() {
        return standing(config.rules());
    }

    private <T> List<T> standing(List<T> configured) {
        if (surrendered.isEmpty()) {
            return configured;
        }
        List<T> wanted = new ArrayList<>(configured);
        wanted.removeAll(surrendered);
        return wanted;
    }

    /** The addresses that should be there, and for how long from now. */
    List<AddressOwner.Term> terms(long nowNanos) {
        List<AddressOwner.Term> terms = new ArrayList<>();
        for (VirtualAddress address : addresses()) {
            terms.add(
                    lease == null
                            ? AddressOwner.Term.forever(address)
                            : new AddressOwner.Term(
                                    address,
                                    lease.preferredSeconds(address.preferredSeconds(), nowNanos),
                                    lease.validSeconds()));
        }
        return terms;
    }

    void surrender(Object what) {
        surrendered.add(what);
    }

    /** Whether the loss has been told; what follows from it is on its way. */
    boolean isLost() {
        return lossTold;
    }

    void lost() {
        lossTold = true;
    }

    /** Remembers that a route or rule was put back; answers whether the same one was only a moment ago. */
    boolean putBackAgain(Object what, long nowNanos, long momentNanos) {
        if (putBackNanos == Long.MIN_VALUE || nowNanos - putBackNanos > momentNanos) {
            putBack.clear();
        }
        putBackNanos = nowNanos;
        return !putBack.add(what);
    }
}
