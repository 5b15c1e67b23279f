// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a virtual router holds while it is active.
 *
 * @param addresses the virtual addresses it advertises: 1 to 255, all of one family
 * @param excludedAddresses further virtual addresses of any family that move with it, not advertised
 * @param routes routes that move with it, added after the addresses
 * @param rules policy rules that move with it, added after the routes
 * @param accept whether packets to the virtual addresses are accepted (Accept_Mode; keepalived: accept, no_accept); always
 *     of the owner
 * @param promoteSecondaries whether the interfaces of its IPv4 addresses are to keep their other addresses of a subnet when
 *     the first one goes, which the kernel otherwise removes along with it (keepalived: promote_secondaries); always so on
 *     the interface of a virtual MAC
 */
public record Holdings(
        List<VirtualAddress> addresses,
        List<VirtualAddress> excludedAddresses,
        List<VirtualRoute> routes,
        List<VirtualRule> rules,
        boolean accept,
        boolean promoteSecondaries) {

    private static final int MAX_ADDRESSES = 255;

    /** Refuses none, too many, and a mixture of families. */
    public Holdings {
        addresses = List.copyOf(addresses);
        excludedAddresses = List.copyOf(excludedAddresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
        if (addresses.isEmpty() || addresses.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException(addresses.size() + " virtual addresses: it needs 1 to 255");
        }
        AddressFamily family = addresses.get(0).address().family();
        for (VirtualAddress each : addresses) {
            if (each.address().family() != family) {
                throw new IllegalArgumentException("virtual address " + each.address()
                        + " is not of the family of the first one; put it among the excluded addresses");
            }
        }
    }

    /** All virtual addresses: the advertised ones, then the excluded ones. */
    public List<VirtualAddress> allAddresses() {
        return Stream.concat(addresses.stream(), excludedAddresses.stream()).toList();
    }

    /** The family of the advertised addresses. */
    public AddressFamily family() {
        return addresses.get(0).address().family();
    }
}
