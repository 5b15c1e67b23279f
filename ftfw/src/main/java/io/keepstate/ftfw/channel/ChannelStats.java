// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import java.util.Optional;

/**
 * What a link counted: the traffic of {@code conntrackd -s network}, and what it does not count.
 *
 * @param bytesSent payload octets sent
 * @param packetsSent datagrams, or chunks of a stream, sent
 * @param sendErrors datagrams the kernel refused for good; of a stream, errors of the connection and chunks lost
 * @param sendDeferred times the send buffer was full
 * @param bytesReceived payload octets received
 * @param packetsReceived datagrams, or reads of a stream
 * @param receiveErrors errors the network left on the socket; streams that could not be followed
 * @param truncated datagrams longer than any datagram of the protocol, dropped
 * @param unexpectedSource datagrams or connections from another address than the peer's; dropped if so configured
 * @param tcp the connections; absent for datagrams
 */
public record ChannelStats(
        long bytesSent,
        long packetsSent,
        long sendErrors,
        long sendDeferred,
        long bytesReceived,
        long packetsReceived,
        long receiveErrors,
        long truncated,
        long unexpectedSource,
        Optional<Tcp> tcp) {

    /**
     * The two connections of a TCP link.
     *
     * @param serverConnected whether the peer is connected to us: what it sends can come
     * @param clientConnected whether we are connected to the peer: what we send can leave
     * @param queued chunks that wait for the connection
     * @param queueLimit how many may ({@code ErrorQueueLength})
     * @param queueLost chunks that were given up because more waited, or because the link failed
     * @param connects connections to the peer that came about
     * @param connectFailures attempts that did not
     * @param accepted connections of the peer
     * @param kicked of them, those that ended because the peer opened another
     * @param desynchronised of them, those that were ended because what they held was no message
     */
    public record Tcp(
            boolean serverConnected,
            boolean clientConnected,
            int queued,
            int queueLimit,
            long queueLost,
            long connects,
            long connectFailures,
            long accepted,
            long kicked,
            long desynchronised) {}
}
