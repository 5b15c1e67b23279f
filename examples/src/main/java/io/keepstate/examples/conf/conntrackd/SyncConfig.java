// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.conntrackd;

import java.util.List;

/**
 * The {@code Sync} block.
 *
 * @param mode the {@code Mode} block; FTFW is the only mode so far
 * @param links the {@code UDP} blocks, in file order, at least one
 * @param options the {@code Options} block
 */
public record SyncConfig(FtfwConfig mode, List<UdpLink> links, Options options) {
    /** Copies the links. */
    public SyncConfig {
        links = List.copyOf(links);
    }

    /** The link marked {@code Default}, the last one if several are, else the first. */
    public UdpLink defaultLink() {
        UdpLink chosen = links.get(0);
        for (UdpLink link : links) {
            if (link.isDefault()) {
                chosen = link;
            }
        }
        return chosen;
    }

    /**
     * The {@code Options} block.
     *
     * @param tcpWindowTracking keep TCP window tracking on for committed flows instead of being liberal
     */
    public record Options(boolean tcpWindowTracking) {}
}
