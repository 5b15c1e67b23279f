// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.MacAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the configuration of a virtual router says about its virtual MAC and the kernel parameters that needs; pure. */
final class VirtualMacPlan {

    /** RFC 9568 section 7.3: 00-00-5E-00-01-{VRID} for IPv4, 00-00-5E-00-02-{VRID} for IPv6. */
    private static final long IPV4_PREFIX = 0x0000_5e00_0100L;

    private static final long IPV6_PREFIX = 0x0000_5e00_0200L;

    private final VirtualRouterConfig router;
    private final VirtualMac virtualMac;

    private VirtualMacPlan(VirtualRouterConfig router, VirtualMac virtualMac) {
        this.router = router;
        this.virtualMac = virtualMac;
    }

    static Optional<VirtualMacPlan> of(VirtualRouterConfig router) {
        return router.virtualMac().map(virtualMac -> new VirtualMacPlan(router, virtualMac));
    }

    String routerName() {
        return router.name();
    }

    String name() {
        return virtualMac.interfaceName();
    }

    String parentName() {
        return router.interfaceName();
    }

    AddressFamily family() {
        return router.family();
    }

    boolean carriesAdvertisements() {
        return router.advertisingInterface().equals(name());
    }

    MacAddress address() {
        return virtualMac
                .address()
                .orElseGet(() -> new MacAddress(
                        (family() == AddressFamily.IPV4 ? IPV4_PREFIX : IPV6_PREFIX) + router.virtualRouterId()));
    }

    /** Whether an address of this family is ever on the interface. */
    boolean carries(AddressFamily each) {
        return each == family()
                || router.allAddresses().stream()
                        .anyMatch(it -> it.interfaceName().equals(name())
                                && it.address().family() == each);
    }

    /** Parameters of the new interface, gone with it. */
    Map<String, String> ownParameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        // Answer for what is on this interface, not for what is on others of the machine.
        parameters.put("net/ipv4/conf/" + name() + "/arp_ignore", "1");
        if (carries(AddressFamily.IPV4)) {
            // A peer's advertisement, or a host's packet, may have a source that is ours elsewhere or routed elsewhere.
            parameters.put("net/ipv4/conf/" + name() + "/accept_local", "1");
            parameters.put("net/ipv4/conf/" + name() + "/rp_filter", "0");
            // Removing one virtual address must not take the others of its subnet along.
            parameters.put("net/ipv4/conf/" + name() + "/promote_secondaries", "1");
        }
        if (!carries(AddressFamily.IPV6)) {
            parameters.put("net/ipv6/conf/" + name() + "/disable_ipv6", "1");
        }
        return parameters;
    }

    /** Parameters of the interface below, which are not ours and must be given back. */
    Map<String, String> parentParameters() {
        if (!carries(AddressFamily.IPV4)) {
            return Map.of();
        }
        // The machine would answer ARP for its virtual address on every interface: with the physical address on this
        // one.
        return Map.of(
                "net/ipv4/conf/" + parentName() + "/arp_ignore",
                "1",
                "net/ipv4/conf/" + parentName() + "/arp_filter",
                "1");
    }
}
