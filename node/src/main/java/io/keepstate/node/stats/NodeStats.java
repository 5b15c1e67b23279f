// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

import io.keepstate.node.event.Role;
import io.keepstate.vrrp.codec.RejectReason;
import java.util.Map;
import java.util.Optional;

/**
 * A node in numbers.
 *
 * @param startedWallMillis when the node was made, milliseconds of the wall clock
 * @param roles by group
 * @param sync absent for a node that only elects
 * @param links to the peer
 * @param events the socket of kernel events, absent likewise
 * @param writes to the kernel's connection table, absent likewise
 * @param rejectedAdverts packets of protocol 112 that failed a check, on all interfaces together; only reasons that
 *     occurred
 * @param queueFull times a message between the loops found no room
 * @param holdingsRefused excluded addresses, routes, rules and refusals of packets that the kernel did not take when a group
 *     became active; it is active without them
 */
public record NodeStats(
        long startedWallMillis,
        Map<String, Role> roles,
        Optional<SyncStats> sync,
        LinksSnapshot links,
        Optional<EventSocketSnapshot> events,
        Optional<KernelWritesSnapshot> writes,
        Map<RejectReason, Long> rejectedAdverts,
        long queueFull,
        long holdingsRefused) {

    /** The link to the peer that carries what is sent. */
    public Optional<LinkSnapshot> link() {
        return links.current();
    }
}
