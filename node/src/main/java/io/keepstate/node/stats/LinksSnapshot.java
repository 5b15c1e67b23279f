// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

import java.util.List;
import java.util.Optional;

/**
 * All links to the peer.
 *
 * @param links in the order of the configuration; empty for a node that synchronises nothing
 * @param switches how often another link came into use
 * @param timesNoneAvailable how often no link worked
 */
public record LinksSnapshot(List<LinkSnapshot> links, long switches, long timesNoneAvailable) {
    /** No links. */
    public static final LinksSnapshot NONE = new LinksSnapshot(List.of(), 0, 0);

    /** Copies the list. */
    public LinksSnapshot {
        links = List.copyOf(links);
    }

    /** The link that carries what is sent. */
    public Optional<LinkSnapshot> current() {
        return links.stream().filter(LinkSnapshot::current).findFirst();
    }
}
