// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import java.util.Optional;

/**
 * One line of {@code virtual_ipaddress} or {@code virtual_ipaddress_excluded}.
 *
 * @param address the virtual address
 * @param prefixLength as written; 32 or 128 without one
 * @param device the interface that gets it: {@code dev}, else the instance's interface
 * @param broadcast the {@code brd} address; {@code brd +} is already computed
 * @param scope rtnetlink's scope number: 0 global, 200 site, 253 link, 254 host
 * @param label the {@code label} of an IPv4 address
 * @param duplicateAddressDetection {@code -nodad}: an IPv6 address is checked for duplicates (off by default, since an
 *     address that failed the check once would stay unusable after a takeover)
 * @param line the line of the file
 */
public record VirtualAddress(
        IpAddress address,
        int prefixLength,
        String device,
        Optional<IpAddress> broadcast,
        int scope,
        Optional<String> label,
        boolean duplicateAddressDetection,
        int line) {
    /** Whether it is an IPv6 address. */
    public boolean isIpv6() {
        return address.family() == Family.IPV6;
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength + " dev " + device;
    }
}
