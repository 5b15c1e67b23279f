// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

import io.keepstate.node.config.PeerLink;
import java.util.Optional;

/**
 * A link to the peer in numbers: what {@code conntrackd -s link} shows.
 *
 * @param transport how messages travel
 * @param device the dedicated interface, empty if none is configured
 * @param up whether it is switched on
 * @param running whether it has carrier
 * @param current whether it carries what is sent
 * @param bytesSent octets of datagrams
 * @param packetsSent datagrams
 * @param sendErrors datagrams that could not be sent
 * @param bytesReceived octets of datagrams
 * @param packetsReceived datagrams
 * @param receiveErrors failed receives
 * @param tcp the connections of a TCP link
 */
public record LinkSnapshot(
        PeerLink.Transport transport,
        String device,
        boolean up,
        boolean running,
        boolean current,
        long bytesSent,
        long packetsSent,
        long sendErrors,
        long bytesReceived,
        long packetsReceived,
        long receiveErrors,
        Optional<Connections> tcp) {

    /**
     * The two connections of a TCP link.
     *
     * @param serverConnected whether the peer is connected to us
     * @param clientConnected whether we are connected to the peer
     * @param queued chunks that wait for the connection: {@code errorq} of {@code conntrackd -s queue}
     * @param queueLimit how many may
     * @param queueLost chunks given up
     * @param kicked connections of the peer that ended because it opened another
     * @param desynchronised connections of the peer that were ended because what they held was no message
     */
    public record Connections(
            boolean serverConnected,
            boolean clientConnected,
            int queued,
            int queueLimit,
            long queueLost,
            long kicked,
            long desynchronised) {}
}
