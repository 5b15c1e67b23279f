// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.MacAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One interface with a virtual MAC that the configuration asks for, and the kernel parameters it needs; pure.
 *
 * @param routerName whose it is
 * @param name of the interface
 * @param parentName of the interface below
 * @param family that of the virtual MAC
 * @param address the virtual MAC
 * @param carriesAdvertisements whether advertisements are sent and received on it
 * @param carried the families that addresses on it have
 */
record VirtualMacPlan(
        String routerName,
        String name,
        String parentName,
        AddressFamily family,
        MacAddress address,
        boolean carriesAdvertisements,
        Set<AddressFamily> carried) {

    /** RFC 9568 section 7.3: 00-00-5E-00-01-{VRID} for IPv4, 00-00-5E-00-02-{VRID} for IPv6. */
    private static final long IPV4_PREFIX = 0x0000_5e00_0100L;

    private static final long IPV6_PREFIX = 0x0000_5e00_0200L;

    VirtualMacPlan {
        carried = Set.copyOf(carried);
    }

    /** That of the router itself, then those made for single addresses. */
    static List<VirtualMacPlan> of(VirtualRouterConfig router) {
        List<VirtualMacPlan> plans = new ArrayList<>();
        router.virtualMac().ifPresent(mac -> plans.add(ofRouter(router, mac)));
        Map<String, VirtualAddress> first = new LinkedHashMap<>();
        for (VirtualAddress address : router.holdings().allAddresses()) {
            address.options().virtualMac().ifPresent(name -> first.putIfAbsent(name, address));
        }
        first.forEach((name, address) -> plans.add(new VirtualMacPlan(
                router.name(),
                name,
                address.interfaceName(),
                address.address().family(),
                standard(router, address.address().family()),
                false,
                carried(router, name, address.address().family()))));
        return plans;
    }

    private static VirtualMacPlan ofRouter(VirtualRouterConfig router, VirtualMac mac) {
        String name = mac.interfaceName();
        return new VirtualMacPlan(
                router.name(),
                name,
                router.interfaceName(),
                router.family(),
                mac.address().orElseGet(() -> standard(router, router.family())),
                router.advertisingInterface().equals(name),
                carried(router, name, router.family()));
    }

    private static MacAddress standard(VirtualRouterConfig router, AddressFamily family) {
        return new MacAddress((family == AddressFamily.IPV4 ? IPV4_PREFIX : IPV6_PREFIX) + router.virtualRouterId());
    }

    private static Set<AddressFamily> carried(VirtualRouterConfig router, String name, AddressFamily own) {
        Set<AddressFamily> families = EnumSet.of(own);
        router.allAddresses().stream()
                .filter(address -> address.interfaceName().equals(name))
                .forEach(address -> families.add(address.address().family()));
        return families;
    }

    /** Whether the interface that was made for the other will do for this one. */
    boolean isSameInterface(VirtualMacPlan other) {
        return name.equals(other.name)
                && parentName.equals(other.parentName)
                && family == other.family
                && address.equals(other.address)
                && carriesAdvertisements == other.carriesAdvertisements;
    }

    /** Whether an address of this family is ever on the interface. */
    boolean carries(AddressFamily each) {
        return carried.contains(each);
    }

    /** Parameters of the new interface, gone with it. */
    Map<String, String> ownParameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        // Answer for what is on this interface, not for what is on others of the machine.
        parameters.put("net/ipv4/conf/" + name + "/arp_ignore", "1");
        if (carries(AddressFamily.IPV4)) {
            // A peer's advertisement, or a host's packet, may have a source that is ours elsewhere or routed elsewhere.
            parameters.put("net/ipv4/conf/" + name + "/accept_local", "1");
            parameters.put("net/ipv4/conf/" + name + "/rp_filter", "0");
            // Removing one virtual address must not take the others of its subnet along.
            parameters.put("net/ipv4/conf/" + name + "/promote_secondaries", "1");
        }
        if (!carries(AddressFamily.IPV6)) {
            parameters.put("net/ipv6/conf/" + name + "/disable_ipv6", "1");
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
                "net/ipv4/conf/" + parentName + "/arp_ignore", "1", "net/ipv4/conf/" + parentName + "/arp_filter", "1");
    }
}
