// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

/**
 * What a link counted: the "UDP traffic" of {@code conntrackd -s network}, and what it does not count.
 *
 * @param bytesSent payload octets sent
 * @param packetsSent datagrams sent
 * @param sendErrors datagrams the kernel refused for good
 * @param sendDeferred times the send buffer was full
 * @param bytesReceived payload octets received
 * @param packetsReceived datagrams received
 * @param receiveErrors errors the network left on the socket
 * @param truncated datagrams longer than any datagram of the protocol, dropped
 * @param unexpectedSource datagrams from another address than the peer's; dropped if so configured
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
        long unexpectedSource) {}
