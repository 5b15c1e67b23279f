// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import java.util.List;
import java.util.Optional;

/**
 * One {@code vrrp_instance}.
 *
 * @param name the instance's name
 * @param interfaceName where adverts are sent and heard
 * @param initialState the {@code state} wished for at start
 * @param virtualRouterId 1 to 255
 * @param priority 1 to 255; 255 when MASTER is wished for and none is given, else 100 by default
 * @param advertIntervalMillis whole seconds in version 2, multiples of 10 ms in version 3
 * @param version VRRP version: 2 or 3
 * @param ipv6 the family of the adverts: that of the first virtual address, or IPv6 by {@code native_ipv6}
 * @param authPass the octets of a PASS password, at most 8; empty without authentication
 * @param addresses advertised addresses, all of the instance's family
 * @param excludedAddresses installed and announced, but not in the adverts; either family
 * @param garp gratuitous announcements
 * @param noPreempt never take the role from an active that is alive
 * @param preemptDelayMillis wait before taking the role from one of lower priority
 * @param scripts the scripts run when the instance changes state
 * @param line where the block begins
 */
public record InstanceConfig(
        String name,
        String interfaceName,
        InitialState initialState,
        int virtualRouterId,
        int priority,
        int advertIntervalMillis,
        int version,
        boolean ipv6,
        Optional<String> authPass,
        List<VirtualAddress> addresses,
        List<VirtualAddress> excludedAddresses,
        Garp garp,
        boolean noPreempt,
        long preemptDelayMillis,
        NotifyConfig scripts,
        int line) {
    /** Copies the lists. */
    public InstanceConfig {
        addresses = List.copyOf(addresses);
        excludedAddresses = List.copyOf(excludedAddresses);
    }

    /** The same instance with other scripts. */
    public InstanceConfig withScripts(NotifyConfig other) {
        return new InstanceConfig(
                name,
                interfaceName,
                initialState,
                virtualRouterId,
                priority,
                advertIntervalMillis,
                version,
                ipv6,
                authPass,
                addresses,
                excludedAddresses,
                garp,
                noPreempt,
                preemptDelayMillis,
                other,
                line);
    }

    /** The {@code state} directive. */
    public enum InitialState {
        /** {@code state MASTER}. */
        MASTER,
        /** {@code state BACKUP}. */
        BACKUP
    }

    /**
     * Gratuitous ARP and unsolicited neighbour advertisements.
     *
     * @param masterDelayMillis from becoming active to the second burst (default 5000); 0 means no second burst
     * @param masterRepeat announcements per address and burst (default 5)
     * @param masterRefreshMillis period of later announcements; 0 means none
     * @param masterRefreshRepeat announcements per address and refresh (default 1)
     */
    public record Garp(long masterDelayMillis, int masterRepeat, long masterRefreshMillis, int masterRefreshRepeat) {
        /** keepalived's defaults. */
        public static final Garp DEFAULT = new Garp(5_000, 5, 0, 1);
    }
}
