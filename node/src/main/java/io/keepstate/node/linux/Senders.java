// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.PeerLinks;
import java.util.List;
import java.util.Optional;

/**
 * Tells the senders of datagrams apart. The peer has an address on each link and is one sender all the same, where the
 * configuration says which addresses are the peer's; members of a group are known by their addresses alone.
 */
final class Senders {
    private static final long PEER = 1;
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private final List<Optional<IpAddress>> peers;

    Senders(PeerLinks links) {
        peers = links.links().stream().map(Senders::peer).toList();
    }

    private static Optional<IpAddress> peer(PeerLink link) {
        if (link instanceof PeerLink.Udp udp) {
            return Optional.of(udp.peer());
        }
        return link instanceof PeerLink.Tcp tcp ? Optional.of(tcp.peer()) : Optional.empty();
    }

    /** A number of the sender: of the peer 1, of others below 0. */
    long number(int link, long high, long low) {
        Optional<IpAddress> peer = peers.get(link);
        if (peer.isPresent() && peer.get().high() == high && peer.get().low() == low) {
            return PEER;
        }
        return (high * MIX ^ low) | Long.MIN_VALUE;
    }
}
