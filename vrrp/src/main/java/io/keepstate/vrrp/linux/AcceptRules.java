// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Refuses packets to and from virtual addresses of routers that do not accept them, as long as they hold them (keepalived:
 * no_accept). An address that two routers hold is refused until both let it go. Confined to one thread.
 */
final class AcceptRules {

    private final FirewallRules firewall;
    private final InterfaceNumber interfaces;
    /** How many routers refuse an element, and under which number of its interface it went in. */
    private final Map<Element, Integer> refused = new HashMap<>();

    private final Map<Asked, Element> elements = new HashMap<>();

    /** Asks for the number of an interface, 0 if there is none. */
    interface InterfaceNumber {
        int of(String interfaceName);
    }

    /** An element of one of the sets; a link-local address is one only together with its interface. */
    private record Element(IpAddress address, int interfaceIndex) {
        AddressFamily family() {
            return address.family();
        }

        String set() {
            return address.isLinkLocal() ? FirewallRules.REFUSED_ON_LINK : FirewallRules.REFUSED;
        }

        byte[] octets() {
            byte[] octets = address.octets();
            if (!address.isLinkLocal()) {
                return octets;
            }
            byte[] both = Arrays.copyOf(octets, octets.length + Integer.BYTES);
            System.arraycopy(FirewallRules.interfaceNumber(interfaceIndex), 0, both, octets.length, Integer.BYTES);
            return both;
        }
    }

    private record Asked(String router, VirtualAddress address) {}

    AcceptRules(FirewallRules firewall, InterfaceNumber interfaces) {
        this.firewall = firewall;
        this.interfaces = interfaces;
    }

    /** Refuses these addresses for a router; answers those that are not refused, and why. */
    List<HoldingFailure> refuse(String router, List<VirtualAddress> addresses) {
        List<HoldingFailure> failures = new ArrayList<>();
        for (VirtualAddress address : addresses) {
            Asked asked = new Asked(router, address);
            if (elements.containsKey(asked)) {
                continue;
            }
            int index = address.address().isLinkLocal() ? interfaces.of(address.interfaceName()) : 0;
            Element element = new Element(address.address(), index);
            int errno = refused.containsKey(element)
                    ? 0
                    : firewall.refuse(element.family(), element.set(), List.of(element.octets()));
            if (errno == 0 || errno == Errno.EEXIST) {
                elements.put(asked, element);
                refused.merge(element, 1, Integer::sum);
            } else {
                failures.add(HoldingFailure.ofPackets("refusing packets to " + address, errno));
            }
        }
        return failures;
    }

    /** Refuses these addresses for this router no more; answers those that still are, and why. */
    List<HoldingFailure> admit(String router, List<VirtualAddress> addresses) {
        List<HoldingFailure> failures = new ArrayList<>();
        for (VirtualAddress address : addresses) {
            Element element = elements.remove(new Asked(router, address));
            if (element == null || refused.merge(element, -1, Integer::sum) > 0) {
                continue;
            }
            refused.remove(element);
            int errno = firewall.admit(element.family(), element.set(), List.of(element.octets()));
            if (errno != 0 && errno != Errno.ENOENT) {
                failures.add(HoldingFailure.ofPackets("accepting packets to " + address, errno));
            }
        }
        return failures;
    }
}
