// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.Findings;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfigBuilder;
import io.keepstate.vrrp.codec.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The addresses of an instance: which are advertised, which only move with them, and on which interface each is. */
final class InstanceAddresses {
    private static final int MOST_ADDRESSES = 255; // the count of addresses is one octet

    private final InstanceReader read;
    private final InstanceDefaults defaults;
    private final VirtualMacs virtualMacs;
    private final Findings findings;
    private final Map<List<Object>, String> addressMacs = new HashMap<>();

    InstanceAddresses(InstanceReader read, InstanceDefaults defaults, VirtualMacs virtualMacs, Findings findings) {
        this.read = read;
        this.defaults = defaults;
        this.virtualMacs = virtualMacs;
        this.findings = findings;
    }

    /**
     * Gives them to the router.
     *
     * @return whether it has one to advertise; what is wrong is reported
     */
    boolean addTo(VirtualRouterConfigBuilder router, AddressFamily family, String device) {
        List<VirtualAddress> advertised = new ArrayList<>();
        List<VirtualAddress> others = new ArrayList<>();
        String own = family == AddressFamily.IPV6 ? "IPv6" : "IPv4";
        String other = family == AddressFamily.IPV6 ? "IPv4" : "IPv6";
        for (AddressReader.Line line : read.addresses) {
            VirtualAddress address = place(line, family, device);
            if (address.address().family() != family) {
                findings.invalid(
                        line.at(),
                        "an " + other + " address cannot be advertised by the " + own + " instance " + read.name
                                + ", it is treated as if it stood in virtual_ipaddress_excluded: move it there");
                others.add(address);
            } else if (advertised.size() == MOST_ADDRESSES) {
                findings.invalid(
                        line.at(),
                        "an advert has room for 255 addresses, this one is treated as if it stood in"
                                + " virtual_ipaddress_excluded: move it there");
                others.add(address);
            } else {
                advertised.add(address);
            }
        }
        read.excluded.forEach(line -> others.add(place(line, family, device)));
        if (advertised.isEmpty()) {
            findings.error(
                    read.block,
                    "instance " + read.name + " has no virtual address of its own family (" + own
                            + "): add one to virtual_ipaddress");
        }
        advertised.forEach(router::address);
        others.forEach(router::excludedAddress);
        return !advertised.isEmpty();
    }

    /** use_vmac and use_vmac_addr: what the router's own virtual MAC does not carry gets one on its interface. */
    private VirtualAddress place(AddressReader.Line line, AddressFamily family, String device) {
        VirtualAddress plain = line.on(device);
        boolean own = plain.interfaceName().equals(device) && plain.address().family() == family;
        boolean wanted = line.useVirtualMac() ? !(own && read.vmacAt != null) : read.virtualMacForAddresses && !own;
        if (!wanted) {
            return plain;
        }
        List<Object> place = List.of(plain.interfaceName(), plain.address().family());
        String name = addressMacs.computeIfAbsent(
                place,
                fresh -> virtualMacs.forAddresses(
                        line.at(), read.virtualRouterId, plain.address().family(), defaults.vmacAddressPrefix()));
        return line.on(device, name);
    }
}
