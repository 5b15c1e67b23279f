// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.Transport;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the address a virtual router advertises from: the configured one, else the primary IPv4 address of its interface, or
 * the interface's link-local IPv6 address (RFC 9568 section 5.1.1.1, 5.1.2.1); never a virtual address, which a crashed
 * process may have left behind. A configured one that is tracked must be on an interface of the router's. To unicast peers with global IPv6 addresses it is a global one.
 */
public final class SourceAddress {

    /** IFA_F_SECONDARY of {@code include/uapi/linux/if_addr.h}; for IPv6 the same bit means temporary. */
    private static final int SECONDARY = 0x01;

    private SourceAddress() {}

    /**
     * The address, if the interface exists and has one now.
     *
     * @param virtualAddresses all virtual addresses of this host
     */
    public static Optional<IpAddress> find(
            Rtnetlink rtnetlink, VirtualRouterConfig config, Collection<VirtualAddress> virtualAddresses) {
        Optional<Link> link = rtnetlink.link(config.interfaceName());
        if (link.isEmpty()) {
            return Optional.empty();
        }
        if (config.sourceAddress().isPresent()) {
            return config.trackSource() ? tracked(rtnetlink, config) : config.sourceAddress();
        }
        int index = link.get().index();
        boolean global = talksGlobally(config);
        Set<IpAddress> virtual =
                virtualAddresses.stream().map(VirtualAddress::address).collect(Collectors.toSet());
        IpAddress second = null;
        for (InterfaceAddress each : rtnetlink.addresses()) {
            IpAddress address = IpAddress.of(each.address());
            if (each.interfaceIndex() != index
                    || virtual.contains(address)
                    || !isUsable(each, address, config.family(), global)) {
                continue;
            }
            if ((each.flags() & SECONDARY) == 0) {
                return Optional.of(address);
            }
            second = second == null ? address : second;
        }
        return Optional.ofNullable(second);
    }

    /** The configured address, if one of the router's interfaces has it and it can be used. */
    private static Optional<IpAddress> tracked(Rtnetlink rtnetlink, VirtualRouterConfig config) {
        Set<Integer> indexes = Surroundings.used(config).stream()
                .flatMap(name -> rtnetlink.link(name).stream())
                .map(Link::index)
                .collect(Collectors.toSet());
        boolean there = rtnetlink.addresses().stream()
                .anyMatch(each -> indexes.contains(each.interfaceIndex())
                        && !each.isTentative()
                        && !each.isDuplicate()
                        && config.sourceAddress().equals(Optional.of(IpAddress.of(each.address()))));
        return there ? config.sourceAddress() : Optional.empty();
    }

    /** The unspecified address: what a router has as source while it is in fault for want of one. */
    public static IpAddress unspecified(AddressFamily family) {
        return new IpAddress(family, 0, 0);
    }

    /** A link-local address means nothing to a peer that is not on the link. */
    private static boolean talksGlobally(VirtualRouterConfig config) {
        return config.transport() instanceof Transport.Unicast unicast
                && unicast.peers().stream().noneMatch(peer -> peer.address().isLinkLocal());
    }

    private static boolean isUsable(InterfaceAddress held, IpAddress address, AddressFamily family, boolean global) {
        if (address.family() != family || held.isTentative() || held.isDuplicate()) {
            return false;
        }
        if (family == AddressFamily.IPV4 || global) {
            return held.scope() == InterfaceAddress.SCOPE_GLOBAL;
        }
        return address.isLinkLocal();
    }
}
