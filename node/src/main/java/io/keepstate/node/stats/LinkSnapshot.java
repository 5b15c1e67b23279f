// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.stats;

/**
 * The link to the peer in numbers: what {@code conntrackd -s link} shows.
 *
 * @param device the dedicated interface, empty if none is configured
 * @param up whether it is switched on
 * @param running whether it has carrier
 * @param bytesSent octets of datagrams
 * @param packetsSent datagrams
 * @param sendErrors datagrams that could not be sent
 * @param bytesReceived octets of datagrams
 * @param packetsReceived datagrams
 * @param receiveErrors failed receives
 */
public record LinkSnapshot(
        String device,
        boolean up,
        boolean running,
        long bytesSent,
        long packetsSent,
        long sendErrors,
        long bytesReceived,
        long packetsReceived,
        long receiveErrors) {}
