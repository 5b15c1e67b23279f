// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.LinkChanges;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.net.Inet6Address;
import java.util.Set;

/** Makes an interface with a virtual MAC, and finishes it as soon as the one below is up and has its addresses. */
final class MacvlanMaker {

    private final Rtnetlink rtnetlink;
    private final VirtualMacParameters parameters;

    MacvlanMaker(Rtnetlink rtnetlink, VirtualMacParameters parameters) {
        this.rtnetlink = rtnetlink;
        this.parameters = parameters;
    }

    /**
     * Makes it, down; its name must be free. If anything fails nothing is left of it.
     *
     * @throws IllegalStateException if the interface below is none of Ethernet, with a sentence
     */
    VirtualMacInterface make(VirtualMacPlan plan, Link parent) {
        if (parent.mac() == null) {
            throw new IllegalStateException("virtual router " + plan.routerName() + ": interface " + parent.name()
                    + " has no Ethernet address, so that nothing with a virtual one can sit on it; leave use_vmac out");
        }
        LinkChanges links = rtnetlink.changeLinks();
        var mac = new io.keepstate.linux.route.MacAddress(plan.address().bits());
        links.createMacvlan(plan.name(), parent.index(), LinkChanges.MacvlanMode.PRIVATE, mac);
        Link link = rtnetlink.link(plan.name()).orElseThrow();
        try {
            links.setAlias(link.index(), VirtualMacLeftovers.alias());
            if (plan.carries(AddressFamily.IPV6)) {
                links.setAddressGeneration(link.index(), LinkChanges.AddressGeneration.NONE);
            }
            joinParentsCompany(links, link, parent);
            parameters.set(plan);
        } catch (RuntimeException e) {
            links.delete(link.index());
            throw e;
        }
        return new VirtualMacInterface(
                plan.name(),
                link.index(),
                parent.name(),
                parent.index(),
                plan.address(),
                plan.family(),
                plan.carriesAdvertisements());
    }

    /**
     * Does what can be done only when the interface below is up and has its addresses; can be repeated.
     *
     * @param up whether it is up already
     * @param virtualAddresses which the interface below may have as well
     */
    void finish(
            VirtualMacPlan plan, VirtualMacInterface made, Link parent, boolean up, Set<IpAddress> virtualAddresses) {
        if (parent.isUp() && !up) {
            rtnetlink.changeLinks().setUp(made.index(), true);
        }
        if (plan.family() == AddressFamily.IPV6 && plan.carriesAdvertisements()) {
            copyLinkLocal(made, parent, virtualAddresses);
        }
    }

    /** The same VRF and the same group of links as the interface below. */
    private void joinParentsCompany(LinkChanges links, Link link, Link parent) {
        if (parent.group() != 0) {
            links.setGroup(link.index(), parent.group());
        }
        boolean inVrf = parent.master() != 0
                && rtnetlink
                        .link(parent.master())
                        .map(master -> "vrf".equals(master.kind()))
                        .orElse(false);
        if (inVrf) {
            links.setMaster(link.index(), parent.master());
        }
    }

    /** Advertisements leave with the link-local address of the interface below, which must then be on this one as well. */
    private void copyLinkLocal(VirtualMacInterface made, Link parent, Set<IpAddress> virtualAddresses) {
        for (InterfaceAddress each : rtnetlink.addresses()) {
            if (each.interfaceIndex() == parent.index()
                    && each.address() instanceof Inet6Address
                    && each.address().isLinkLocalAddress()
                    && !each.isTentative()
                    && !each.isDuplicate()
                    && !virtualAddresses.contains(IpAddress.of(each.address()))) {
                int errno =
                        rtnetlink.addAddress(InterfaceAddress.builder(made.index(), each.address(), each.prefixLength())
                                .withoutDuplicateDetection()
                                .protocol(InterfaceAddress.PROTOCOL_VRRP)
                                .build());
                if (errno != 0 && errno != Errno.EEXIST) {
                    throw new LinuxException("rtnetlink", errno, "add " + each + " to " + made.name());
                }
            }
        }
    }
}
