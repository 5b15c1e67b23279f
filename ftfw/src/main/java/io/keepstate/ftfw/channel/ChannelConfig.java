// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import java.util.Optional;

/** What a link is told to be. */
public sealed interface ChannelConfig permits UdpChannelConfig, MulticastChannelConfig, TcpChannelConfig {
    /** The link's interface: gives datagrams their size, link-local addresses their scope, and the link its state. */
    Optional<String> interfaceName();

    /**
     * Opens the link.
     *
     * @throws ChannelOpenException if the interface is missing, or the address is not ours or in use
     */
    PeerChannel open();
}
