// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Addresses of texts that tell their family by their look. */
final class IpAddresses {
    private IpAddresses() {}

    /** The address; the JDK takes one of IPv6 that holds one of IPv4 for the latter. */
    static IpAddress parse(String text) {
        IpAddress address = IpAddress.parse(text);
        return text.indexOf(':') >= 0 && address.family() == Family.IPV4
                ? new IpAddress(Family.IPV6, 0, 0xffff_0000_0000L | address.low())
                : address;
    }

    /** A tuple of two addresses and the two numbers of its protocol. */
    static Tuple tuple(IpAddress source, IpAddress destination, int protocol, int sourceId, int destinationId) {
        return new Tuple(
                source.family(),
                source.high(),
                source.low(),
                destination.high(),
                destination.low(),
                protocol,
                sourceId,
                destinationId);
    }
}
