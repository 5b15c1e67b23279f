// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import java.util.Optional;

/**
 * One dedicated link over UDP multicast (conntrackd's {@code Multicast} block).
 *
 * @param group address and port of the group ({@code IPv4_address} or {@code IPv6_address}, {@code Group})
 * @param interfaceAddress over IPv4 the address of the interface to join on and to send from ({@code IPv4_interface});
 *     absent: the interface's own
 * @param interfaceName the link's interface; needed over IPv6, and where no address names it
 * @param sendBufferBytes {@code SndSocketBuffer}; 0 leaves the kernel's default
 * @param receiveBufferBytes {@code RcvSocketBuffer}; 0 leaves the kernel's default
 * @param checksum whether datagrams carry a UDP checksum ({@code Checksum})
 */
public record MulticastChannelConfig(
        Endpoint group,
        Optional<Endpoint> interfaceAddress,
        Optional<String> interfaceName,
        int sendBufferBytes,
        int receiveBufferBytes,
        boolean checksum)
        implements ChannelConfig {
    /** The group must be one, with a port, and there must be an interface to join it on. */
    public MulticastChannelConfig {
        if (!group.address().isMulticastAddress() || group.port() == 0) {
            throw new IllegalArgumentException(
                    "The link's group " + group
                            + " is no multicast address with a port; use one of 224.0.0.0/4, such as 225.0.0.50, or of ff00::/8");
        }
        if (interfaceAddress.isPresent() && interfaceAddress.get().family() != group.family()) {
            throw new IllegalArgumentException("The link's group " + group + " and its interface's address "
                    + interfaceAddress.get() + " are of different families; use two IPv4 or two IPv6 addresses");
        }
        if (interfaceName.isEmpty() && (group.family() == IpFamily.IPV6 || interfaceAddress.isEmpty())) {
            throw new IllegalArgumentException("The link's group " + group + " has no interface; name it");
        }
        ChannelOpening.checkBuffers(sendBufferBytes, receiveBufferBytes);
    }

    @Override
    public UdpChannel open() {
        return UdpChannel.open(this);
    }
}
