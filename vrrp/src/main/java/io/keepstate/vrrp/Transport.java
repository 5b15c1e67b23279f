// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How a virtual router's advertisements travel. */
public sealed interface Transport {

    /** To the group of RFC 9568: 224.0.0.18 or ff02::12. */
    Transport MULTICAST = new Multicast(Optional.empty());

    /**
     * To a multicast group, on the link only.
     *
     * @param group another group than that of RFC 9568 (keepalived: mcast_dst_ip, vrrp_mcast_group4, vrrp_mcast_group6)
     */
    record Multicast(Optional<IpAddress> group) implements Transport {
        /** Refuses a group that is none. */
        public Multicast {
            group.ifPresent(address -> {
                if (!address.isMulticast()) {
                    throw new IllegalArgumentException(address + " is not a multicast group");
                }
            });
        }
    }

    /**
     * To each peer on its own; an extension of keepalived's. Loses what the TTL of 255 proves about the sender unless peers
     * have a range of their own.
     *
     * @param peers the other routers, at least one, each once
     * @param ttl TTL or hop limit of what is sent, 1 to 255; absent: 255
     * @param checkSource whether only peers are heard; implied by a TTL range on a peer
     */
    record Unicast(List<UnicastPeer> peers, OptionalInt ttl, boolean checkSource) implements Transport {
        /** Refuses an empty list, repeated peers, and a TTL that is none. */
        public Unicast {
            peers = List.copyOf(peers);
            checkSource |= peers.stream().anyMatch(UnicastPeer::checksTtl);
            if (peers.isEmpty()) {
                throw new IllegalArgumentException("unicast needs at least one peer");
            }
            if (peers.stream().map(UnicastPeer::address).distinct().count() < peers.size()) {
                throw new IllegalArgumentException("a unicast peer is listed twice");
            }
            if (ttl.isPresent() && (ttl.getAsInt() < 1 || ttl.getAsInt() > 255)) {
                throw new IllegalArgumentException("unicast TTL " + ttl.getAsInt() + " must be 1 to 255");
            }
        }

        /** These peers; whatever TTL, whatever source. */
        public static Unicast to(IpAddress... peers) {
            return new Unicast(List.of(peers).stream().map(UnicastPeer::of).toList(), OptionalInt.empty(), false);
        }
    }
}
