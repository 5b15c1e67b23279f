// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.linux.socket.Endpoint;
import java.util.Optional;

/**
 * One dedicated link over TCP (conntrackd's {@code TCP} block).
 *
 * @param local address and port to listen on ({@code IPv4_address} or {@code IPv6_address}, {@code Port})
 * @param destination address and port of the peer ({@code IPv4_Destination_Address}...); the same port on both sides
 * @param interfaceName the link's interface: gives the chunks their size and link-local addresses their scope
 * @param sendBufferBytes {@code SndSocketBuffer}; 0 leaves the kernel's default
 * @param receiveBufferBytes {@code RcvSocketBuffer}; 0 leaves the kernel's default
 * @param errorQueueLength chunks kept while the peer is not connected, 1 or more ({@code ErrorQueueLength})
 */
public record TcpChannelConfig(
        Endpoint local,
        Endpoint destination,
        Optional<String> interfaceName,
        int sendBufferBytes,
        int receiveBufferBytes,
        int errorQueueLength)
        implements ChannelConfig {
    /** conntrackd's default. */
    public static final int DEFAULT_ERROR_QUEUE_LENGTH = 128;

    /** A link on any interface, with the kernel's buffers. */
    public static TcpChannelConfig between(Endpoint local, Endpoint destination) {
        return new TcpChannelConfig(local, destination, Optional.empty(), 0, 0, DEFAULT_ERROR_QUEUE_LENGTH);
    }

    /** Both ends must be of one family, with a port. */
    public TcpChannelConfig {
        ChannelOpening.checkEnds(local, destination);
        ChannelOpening.checkBuffers(sendBufferBytes, receiveBufferBytes);
        if (errorQueueLength < 1) {
            throw new IllegalArgumentException(
                    "The link's error queue has room for " + errorQueueLength + " chunks; give 1 or more");
        }
    }

    @Override
    public TcpChannel open() {
        return TcpChannel.open(this);
    }
}
