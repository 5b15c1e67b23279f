// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.flow.IpAddress;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.PeerLinks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the senders of datagrams apart. The peer has an address on each link and is one sender all the same, where the
 * configuration says which addresses are the peer's; members of a group are known by their addresses alone.
 *
 * <p>A daemon sends by one socket for each link as long as it lives, so another port is another life of it.
 */
final class Senders {
    private static final long PEER = 1;
    private static final long MIX = 0x9e3779b97f4a7c15L;

    /** Senders remembered for each link; one more, and they are learned anew. */
    private static final int LIMIT = 64;

    private final List<Optional<IpAddress>> peers;
    private final List<Map<Long, Integer>> ports;
    /** What was heard last on each link: mostly there is nothing else. */
    private final long[] lastSender;

    private final int[] lastPort;

    Senders(PeerLinks links) {
        peers = links.links().stream().map(Senders::peer).toList();
        ports = links.links().stream()
                .map(link -> (Map<Long, Integer>) new HashMap<Long, Integer>())
                .toList();
        lastSender = new long[peers.size()];
        lastPort = new int[peers.size()];
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

    /** Whether this sender was heard by the link before, from another port. */
    boolean isAnotherProcess(int link, long sender, int port) {
        if (sender == lastSender[link] && port == lastPort[link]) {
            return false;
        }
        lastSender[link] = sender;
        lastPort[link] = port;
        Map<Long, Integer> known = ports.get(link);
        if (known.size() >= LIMIT && !known.containsKey(sender)) {
            known.clear();
        }
        Integer before = known.put(sender, port);
        return before != null && before != port;
    }
}
