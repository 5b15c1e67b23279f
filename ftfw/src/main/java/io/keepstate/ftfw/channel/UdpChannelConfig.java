// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.linux.socket.Endpoint;
import java.util.Optional;

/**
 * One dedicated link over UDP unicast (conntrackd's {@code UDP} block).
 *
 * @param local address and port to listen on ({@code IPv4_address} or {@code IPv6_address}, {@code Port})
 * @param destination address and port of the peer ({@code IPv4_Destination_Address}...); the same port on both sides
 * @param interfaceName the link's interface: gives the datagrams their size and link-local addresses their scope;
 *     without one, datagrams fit an Ethernet frame
 * @param sendBufferBytes {@code SndSocketBuffer}; 0 leaves the kernel's default
 * @param receiveBufferBytes {@code RcvSocketBuffer}; 0 leaves the kernel's default
 * @param checksum whether datagrams carry a UDP checksum ({@code Checksum})
 * @param onlyPeer drop datagrams whose source address is not the destination's; conntrackd takes any source
 */
public record UdpChannelConfig(
        Endpoint local,
        Endpoint destination,
        Optional<String> interfaceName,
        int sendBufferBytes,
        int receiveBufferBytes,
        boolean checksum,
        boolean onlyPeer)
        implements ChannelConfig {
    /**
     * A link to this peer and no other, on any interface, with checksums and the kernel's buffers. An interface is needed
     * for link-local addresses, and where the MTU is not 1500.
     */
    public static UdpChannelConfig between(Endpoint local, Endpoint destination) {
        return new UdpChannelConfig(local, destination, Optional.empty(), 0, 0, true, true);
    }

    /** Both ends must be of one family, with a port. */
    public UdpChannelConfig {
        ChannelOpening.checkEnds(local, destination);
        ChannelOpening.checkBuffers(sendBufferBytes, receiveBufferBytes);
    }

    @Override
    public UdpChannel open() {
        return UdpChannel.open(this);
    }
}
