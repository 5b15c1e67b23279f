// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.flow.IpAddress;
import java.util.Optional;

/**
 * The UDP unicast link to the peer. Both ends use the same port.
 *
 * @param local own address, which must be on the machine
 * @param peer address of the peer, of the same family
 * @param port 1..65535
 * @param interfaceName the dedicated interface; its state is shown, and gives an IPv6 link-local address its scope
 * @param sendBuffer octets of the sending socket, 0 for the system's choice
 * @param receiveBuffer octets of the receiving socket, 0 for the system's choice
 * @param checksum whether the kernel computes UDP checksums on sending
 */
public record PeerLink(
        IpAddress local,
        IpAddress peer,
        int port,
        Optional<String> interfaceName,
        int sendBuffer,
        int receiveBuffer,
        boolean checksum) {

    /** The port conntrackd's documentation uses. */
    public static final int DEFAULT_PORT = 3780;

    /** Checks ranges and that both addresses are of one family. */
    public PeerLink {
        if (local.family() != peer.family()) {
            throw new IllegalArgumentException(
                    "sync link: local address " + local + " and peer address " + peer + " are of different families");
        }
        if (local.equals(peer)) {
            throw new IllegalArgumentException("sync link: local and peer address are both " + local);
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("sync link: port " + port + " is not in 1..65535");
        }
        if (sendBuffer < 0 || receiveBuffer < 0) {
            throw new IllegalArgumentException("sync link: a socket buffer cannot be negative");
        }
    }

    /** A link between two addresses on the default port, default buffers, checksums on. */
    public static PeerLink between(String local, String peer) {
        return new PeerLink(IpAddress.parse(local), IpAddress.parse(peer), DEFAULT_PORT, Optional.empty(), 0, 0, true);
    }
}
