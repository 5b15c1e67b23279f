// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.InterfaceAddressBuilder;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.AddressOptions;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts virtual addresses on interfaces, renews them and takes them off. All is idempotent: an address that is already as
 * wanted is a success, so that a repeated or interrupted change can simply be made again.
 *
 * <p>Addresses go up in the way of "replace": one that a crashed process left behind with an old lifetime gets the new one,
 * which "add" with EEXIST taken for a success would not do. Needs CAP_NET_ADMIN. Confined to one thread, the one of its
 * rtnetlink.
 */
final class AddressOwner {

    private final Rtnetlink rtnetlink;

    /**
     * An address and for how long it is put up.
     *
     * @param preferredSeconds how long it is chosen as source, at most as long as it is valid
     * @param validSeconds how long it exists, {@link InterfaceAddress#FOREVER} for ever
     */
    record Term(VirtualAddress address, long preferredSeconds, long validSeconds) {
        static Term forever(VirtualAddress address) {
            return new Term(address, address.preferredSeconds(), InterfaceAddress.FOREVER);
        }
    }

    /** Where an address is: what tells it from another one. */
    private record Place(int interfaceIndex, IpAddress address, int prefixLength) {}

    /** Works through this connection, which stays the caller's. */
    AddressOwner(Rtnetlink rtnetlink) {
        this.rtnetlink = rtnetlink;
    }

    /** Puts addresses up for ever. */
    List<HoldingFailure> add(List<VirtualAddress> addresses) {
        return put(addresses.stream().map(Term::forever).toList());
    }

    /**
     * Puts addresses up, or renews them, in few system calls.
     *
     * @return those that are not there now, and why; ENODEV if the interface does not exist
     */
    List<HoldingFailure> put(List<Term> terms) {
        InterfaceIndexes indexes = new InterfaceIndexes(rtnetlink);
        List<HoldingFailure> failures = new ArrayList<>();
        List<VirtualAddress> asked = new ArrayList<>();
        List<InterfaceAddress> requests = new ArrayList<>();
        for (Term term : terms) {
            int index = indexes.index(term.address().interfaceName());
            if (index != 0) {
                asked.add(term.address());
                requests.add(request(term, index));
            } else {
                failures.add(HoldingFailure.of(term.address(), Errno.ENODEV));
            }
        }
        collect(asked, rtnetlink.replaceAddresses(requests), Errno.EEXIST, failures);
        return failures;
    }

    /**
     * Removes addresses, in few system calls. One that is not there, or whose interface does not exist, is gone.
     *
     * @return those that are still there, and why
     */
    List<HoldingFailure> remove(List<VirtualAddress> addresses) {
        InterfaceIndexes indexes = new InterfaceIndexes(rtnetlink);
        List<VirtualAddress> asked = new ArrayList<>();
        List<InterfaceAddress> requests = new ArrayList<>();
        for (VirtualAddress address : addresses) {
            int index = indexes.index(address.interfaceName());
            if (index != 0) {
                asked.add(address);
                // Without the label: the kernel removes an address only under the label it has.
                requests.add(InterfaceAddress.builder(index, Inet.address(address.address()), address.prefixLength())
                        .peer(address.options().peer().map(Inet::address).orElse(null))
                        .build());
            }
        }
        List<HoldingFailure> failures = new ArrayList<>();
        collect(asked, rtnetlink.removeAddresses(requests), Errno.EADDRNOTAVAIL, failures);
        return failures;
    }

    /** Those of these addresses that are not on their interface now. */
    List<VirtualAddress> missing(List<VirtualAddress> addresses) {
        Set<Place> there = new HashSet<>();
        for (InterfaceAddress each : rtnetlink.addresses()) {
            there.add(new Place(each.interfaceIndex(), IpAddress.of(each.address()), each.prefixLength()));
        }
        InterfaceIndexes indexes = new InterfaceIndexes(rtnetlink);
        return addresses.stream()
                .filter(it ->
                        !there.contains(new Place(indexes.index(it.interfaceName()), it.address(), it.prefixLength())))
                .toList();
    }

    private static void collect(
            List<VirtualAddress> asked, int[] errnos, int alreadyDone, List<HoldingFailure> failures) {
        for (int i = 0; i < errnos.length; i++) {
            if (errnos[i] != 0 && errnos[i] != alreadyDone) {
                failures.add(HoldingFailure.of(asked.get(i), errnos[i]));
            }
        }
    }

    private static InterfaceAddress request(Term term, int interfaceIndex) {
        VirtualAddress address = term.address();
        AddressOptions options = address.options();
        boolean ipv6 = address.address().family() == AddressFamily.IPV6;
        InterfaceAddressBuilder builder = InterfaceAddress.builder(
                        interfaceIndex, Inet.address(address.address()), address.prefixLength())
                .protocol(InterfaceAddress.PROTOCOL_VRRP)
                .broadcast(options.broadcast().map(Inet::address).orElse(null))
                .peer(options.peer().map(Inet::address).orElse(null))
                .label(options.label().orElse(null))
                .scope(options.scope())
                .flag(InterfaceAddress.NODAD, ipv6 && !options.duplicateDetection())
                .flag(InterfaceAddress.HOME_ADDRESS, options.home())
                .flag(InterfaceAddress.MANAGE_TEMPORARY, options.manageTemporary())
                .flag(InterfaceAddress.NO_PREFIX_ROUTE, options.noPrefixRoute())
                .flag(InterfaceAddress.AUTO_JOIN, options.autoJoin());
        return builder.lifetime(Math.min(term.preferredSeconds(), term.validSeconds()), term.validSeconds())
                .build();
    }
}
