// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.ConntrackOptions;
import io.keepstate.conntrack.EventFilter;
import io.keepstate.conntrack.EventFilter.Network;
import io.keepstate.conntrack.EventFilter.Networks;
import io.keepstate.conntrack.EventFilter.Numbers;
import io.keepstate.node.config.AddressPrefix;
import io.keepstate.node.config.FlowFilter;
import io.keepstate.node.config.NetlinkSettings;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.linux.LinuxFlowTable.Follow;
import java.util.List;
import java.util.Optional;

/** A configuration of state synchronisation in the words of ctnetlink. */
final class KernelSettings {
    private KernelSettings() {}

    static ConntrackOptions options(SyncConfiguration configuration) {
        // conntrackd uses the configured size only if it may grow to it; else the system's.
        NetlinkSettings netlink = configuration.netlink();
        boolean usable = netlink.buffer() <= netlink.bufferLimit();
        return ConntrackOptions.DEFAULTS
                .withEventBuffer(usable ? netlink.buffer() : 0, netlink.bufferLimit())
                .withReliableEvents(netlink.reliable())
                .withEventFilter(netlink.filterInKernel() ? filter(configuration.filter()) : EventFilter.ALL)
                .withWindowTracking(configuration.tcpWindowTracking());
    }

    /** What the table is to tell while it happens: nothing if it is polled. */
    static Follow follow(SyncConfiguration configuration) {
        if (configuration.netlink().pollInterval().isPresent()) {
            return Follow.NOTHING;
        }
        return configuration.expectations().enabled() ? Follow.FLOWS_AND_EXPECTATIONS : Follow.FLOWS;
    }

    /** The same tests, for the kernel. */
    static EventFilter filter(FlowFilter filter) {
        Networks networks = filter.addresses()
                .map(rule -> new Networks(rule.accept(), networks(rule.values())))
                .orElse(Networks.ALL);
        return new EventFilter(numbers(filter.protocols()), networks, numbers(filter.tcpStates()));
    }

    private static List<Network> networks(List<AddressPrefix> prefixes) {
        return prefixes.stream()
                .map(prefix -> new Network(prefix.address(), prefix.length()))
                .toList();
    }

    private static Numbers numbers(Optional<FlowFilter.Rule<Integer>> rule) {
        return rule.map(some -> new Numbers(some.accept(), some.values())).orElse(Numbers.ALL);
    }
}
