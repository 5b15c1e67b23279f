// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import java.util.Optional;

/** What must hold for every link, in sentences an operator can act on. */
final class LinkChecks {
    private static final int MAX_PORT = 65_535;

    private LinkChecks() {}

    static void ends(IpAddress local, IpAddress peer, Optional<String> interfaceName) {
        check(
                local.family() == peer.family(),
                "local address " + local + " and peer address " + peer
                        + " are of different families: use IPv4 for both or IPv6 for both");
        check(!local.equals(peer), "local and peer address are both " + local + ": give the peer's own address");
        for (IpAddress end : new IpAddress[] {local, peer}) {
            check(
                    !isMulticast(end),
                    end + " is a multicast address: a UDP or TCP link goes to one address; use a Multicast block");
            check(
                    !isLinkLocal(end) || interfaceName.isPresent(),
                    end + " is a link-local address: name the interface of the link");
        }
    }

    static void group(IpAddress group, Optional<IpAddress> interfaceAddress, Optional<String> interfaceName) {
        check(
                isMulticast(group),
                "group " + group + " is no multicast address: use one of 224.0.0.0/4, such as 225.0.0.50, or of"
                        + " ff00::/8");
        check(
                interfaceAddress.isEmpty() || interfaceAddress.get().family() == group.family(),
                "group " + group + " and interface address " + interfaceAddress.orElse(group)
                        + " are of different families");
        check(
                interfaceName.isPresent() || (group.family() == Family.IPV4 && interfaceAddress.isPresent()),
                "group " + group + " has no interface to be joined on: name the interface of the link");
    }

    static void numbers(int port, int sendBuffer, int receiveBuffer) {
        check(port >= 1 && port <= MAX_PORT, "port " + port + " is not in 1..65535");
        check(sendBuffer >= 0 && receiveBuffer >= 0, "a socket buffer cannot be negative");
    }

    static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException("sync link: " + complaint);
        }
    }

    /** 224.0.0.0/4, RFC 1112; ff00::/8, RFC 4291 section 2.7. */
    private static boolean isMulticast(IpAddress address) {
        return address.family() == Family.IPV4 ? address.low() >>> 28 == 0xe : address.high() >>> 56 == 0xff;
    }

    /** fe80::/10, RFC 4291 section 2.5.6. */
    private static boolean isLinkLocal(IpAddress address) {
        return address.family() == Family.IPV6 && address.high() >>> 54 == 0xfe80 >>> 6;
    }
}
