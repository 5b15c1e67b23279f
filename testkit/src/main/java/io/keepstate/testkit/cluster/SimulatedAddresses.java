// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.vrrp.VirtualAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The virtual addresses of one machine, by group. */
final class SimulatedAddresses implements Addresses {
    private final Map<String, List<VirtualAddress>> held = new LinkedHashMap<>();

    @Override
    public void up(VrrpGroup group, Completion done) {
        held.put(group.name(), group.addresses());
        done.done(null);
    }

    @Override
    public void down(VrrpGroup group, Completion done) {
        held.remove(group.name());
        done.done(null);
    }

    /** Whether any address is here. */
    boolean any() {
        return held.values().stream().anyMatch(addresses -> !addresses.isEmpty());
    }
}
