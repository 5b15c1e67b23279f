// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The one to four dedicated links to the peer, all of one transport. One of them carries what is sent; messages are
 * taken from all.
 *
 * @param links in the order of the configuration: where the current link fails, the first that works is next
 * @param defaultLink index of the link that is used whenever it works ({@code Default})
 */
public record PeerLinks(List<PeerLink> links, int defaultLink) {
    /** As conntrackd has it. */
    public static final int MOST = 4;

    /** Copies the list; checks its length, that the transport is the same, and that no two links are one. */
    public PeerLinks {
        links = List.copyOf(links);
        LinkChecks.check(
                !links.isEmpty() && links.size() <= MOST, links.size() + " links to the peer: configure 1 to " + MOST);
        LinkChecks.check(
                defaultLink >= 0 && defaultLink < links.size(),
                "the default link is number " + defaultLink + " of " + links.size());
        PeerLink first = links.get(0);
        Set<String> sockets = new HashSet<>();
        for (PeerLink link : links) {
            LinkChecks.check(
                    link.transport() == first.transport(),
                    "the links are of different transports (" + first.transport() + ", " + link.transport()
                            + "): use the same for all");
            LinkChecks.check(sockets.add(link.toString()), "two links are the same (" + link + "): remove one");
        }
    }

    /** One link. */
    public static PeerLinks of(PeerLink link) {
        return new PeerLinks(List.of(link), 0);
    }

    /** The link that is used whenever it works. */
    public PeerLink preferred() {
        return links.get(defaultLink);
    }

    /** The transport of all of them. */
    public PeerLink.Transport transport() {
        return links.get(0).transport();
    }
}
