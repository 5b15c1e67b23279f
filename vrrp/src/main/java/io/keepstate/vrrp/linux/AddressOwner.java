// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.codec.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts virtual addresses on interfaces and takes them off. Both are idempotent: an address that is already as wanted is a
 * success, so that a repeated or interrupted change can simply be made again.
 *
 * <p>IPv6 addresses go up without duplicate address detection, since the previous holder may still be there for a moment;
 * a host address (/128) is deprecated at once, so that it is never chosen as a source. Needs CAP_NET_ADMIN. Confined to
 * one thread, the one of its rtnetlink.
 */
public final class AddressOwner {

    /**
     * A change that did not succeed.
     *
     * @param address what should have been changed
     * @param errno why it was not
     */
    public record Failure(VirtualAddress address, int errno) {
        @Override
        public String toString() {
            return address + ": " + Errno.describe(errno);
        }
    }

    private final Rtnetlink rtnetlink;

    /** Works through this connection, which stays the caller's. */
    public AddressOwner(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    /**
     * Adds addresses, in few system calls.
     *
     * @return those that are not there now, and why; ENODEV if the interface does not exist
     */
    public List<Failure> add(List<VirtualAddress> addresses) {
        return change(addresses, true, Errno.EEXIST);
    }

    /**
     * Removes addresses, in few system calls. One that is not there, or whose interface does not exist, is gone.
     *
     * @return those that are still there, and why
     */
    public List<Failure> remove(List<VirtualAddress> addresses) {
        return change(addresses, false, Errno.EADDRNOTAVAIL).stream()
                .filter(failure -> failure.errno() != Errno.ENODEV)
                .toList();
    }

    private List<Failure> change(List<VirtualAddress> addresses, boolean add, int alreadyDone) {
        List<Failure> failures = new ArrayList<>();
        List<VirtualAddress> asked = new ArrayList<>();
        List<InterfaceAddress> requests = new ArrayList<>();
        Map<String, Optional<Link>> links = new HashMap<>();
        for (VirtualAddress address : addresses) {
            Optional<Link> link = links.computeIfAbsent(address.interfaceName(), rtnetlink::link);
            if (link.isPresent()) {
                asked.add(address);
                requests.add(request(address, link.get().index()));
            } else {
                failures.add(new Failure(address, Errno.ENODEV));
            }
        }
        int[] errnos = add ? rtnetlink.addAddresses(requests) : rtnetlink.removeAddresses(requests);
        for (int i = 0; i < errnos.length; i++) {
            if (errnos[i] != 0 && errnos[i] != alreadyDone) {
                failures.add(new Failure(asked.get(i), errnos[i]));
            }
        }
        return failures;
    }

    private static InterfaceAddress request(VirtualAddress address, int interfaceIndex) {
        var builder = InterfaceAddress.builder(interfaceIndex, Inet.address(address.address()), address.prefixLength())
                .protocol(InterfaceAddress.PROTOCOL_VRRP);
        if (address.address().family() == AddressFamily.IPV6) {
            builder.withoutDuplicateDetection();
            if (address.prefixLength() == AddressFamily.IPV6.bits()) {
                builder.lifetime(0, InterfaceAddress.FOREVER);
            }
        }
        return builder.build();
    }
}
