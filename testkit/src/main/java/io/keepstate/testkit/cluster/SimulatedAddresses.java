// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.VirtualAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The virtual addresses of one machine: a set. */
final class SimulatedAddresses implements Addresses {
    private final Set<VirtualAddress> held = new LinkedHashSet<>();

    @Override
    public void add(List<VirtualAddress> addresses, Completion done) {
        held.addAll(addresses);
        done.done(null);
    }

    @Override
    public void remove(List<VirtualAddress> addresses, Completion done) {
        addresses.forEach(held::remove);
        done.done(null);
    }

    /** Whether any address is here. */
    boolean any() {
        return !held.isEmpty();
    }
}
