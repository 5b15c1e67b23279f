// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;
import java.util.Optional;

/**
 * A dedicated link to the peer, by transport: a {@code UDP}, {@code Multicast} or {@code TCP} block of conntrackd.conf.
 */
public sealed interface PeerLink {
    /** The port conntrackd's documentation uses. */
    int DEFAULT_PORT = 3780;

    /** {@code ErrorQueueLength} where the configuration leaves it out. */
    int DEFAULT_ERROR_QUEUE_LENGTH = 128;

    /** How the messages travel. */
    Transport transport();

    /** Port of both sides, 1..65535: for multicast the {@code Group}. */
    int port();

    /** The dedicated interface: its carrier decides whether the link is used, its MTU how long a datagram is. */
    Optional<String> interfaceName();

    /** Octets of the sending socket, 0 for the system's choice. */
    int sendBuffer();

    /** Octets of the receiving socket, 0 for the system's choice. */
    int receiveBuffer();

    /** Which address family the link speaks. */
    Family family();

    /** The same link with this interface. */
    PeerLink on(String name);

    /** The transports, by conntrackd's names. */
    enum Transport {
        /** Datagrams to one address. */
        UDP("UDP"),
        /** Datagrams to a group. */
        MULTICAST("multicast"),
        /** One connection for each direction. */
        TCP("TCP");

        private final String text;

        Transport(String text) {
            this.text = text;
        }

        /** As {@code conntrackd -s} spells it. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** A UDP link between two addresses on the default port, default buffers, checksums on. */
    static Udp between(String local, String peer) {
        return new Udp(IpAddress.parse(local), IpAddress.parse(peer), DEFAULT_PORT, Optional.empty(), 0, 0, true);
    }

    /**
     * Datagrams between two addresses. Both ends use the same port.
     *
     * @param local own address, which must be on the machine
     * @param peer address of the peer, of the same family
     * @param interfaceName needed where an address is link-local
     * @param checksum whether the kernel computes UDP checksums on sending
     */
    record Udp(
            IpAddress local,
            IpAddress peer,
            int port,
            Optional<String> interfaceName,
            int sendBuffer,
            int receiveBuffer,
            boolean checksum)
            implements PeerLink {
        /** Checks ranges and that both addresses are of one family. */
        public Udp {
            LinkChecks.ends(local, peer, interfaceName);
            LinkChecks.numbers(port, sendBuffer, receiveBuffer);
        }

        @Override
        public Transport transport() {
            return Transport.UDP;
        }

        @Override
        public Family family() {
            return local.family();
        }

        @Override
        public Udp on(String name) {
            return new Udp(local, peer, port, Optional.of(name), sendBuffer, receiveBuffer, checksum);
        }

        @Override
        public String toString() {
            return "UDP link " + local + " to " + peer + " port " + port;
        }
    }

    /**
     * Datagrams to a group. FTFW knows two nodes; with NOTRACK and ALARM there may be more.
     *
     * @param group a multicast address ({@code IPv4_address}, {@code IPv6_address})
     * @param interfaceAddress IPv4: the address of the interface that joins ({@code IPv4_interface}); absent: the
     *     interface's own; over IPv6 not used
     * @param interfaceName needed over IPv6, and over IPv4 without an interface address
     * @param checksum whether the kernel computes UDP checksums on sending
     */
    record Multicast(
            IpAddress group,
            Optional<IpAddress> interfaceAddress,
            int port,
            Optional<String> interfaceName,
            int sendBuffer,
            int receiveBuffer,
            boolean checksum)
            implements PeerLink {
        /** Checks ranges, that the group is one, and that there is an interface to join it on. */
        public Multicast {
            LinkChecks.group(group, interfaceAddress, interfaceName);
            LinkChecks.numbers(port, sendBuffer, receiveBuffer);
        }

        @Override
        public Transport transport() {
            return Transport.MULTICAST;
        }

        @Override
        public Family family() {
            return group.family();
        }

        @Override
        public Multicast on(String name) {
            return new Multicast(group, interfaceAddress, port, Optional.of(name), sendBuffer, receiveBuffer, checksum);
        }

        @Override
        public String toString() {
            return "multicast link " + group + " port " + port;
        }
    }

    /**
     * Two connections: each node listens, and sends over the one it opens.
     *
     * @param local own address, which must be on the machine
     * @param peer address of the peer, of the same family
     * @param interfaceName needed where an address is link-local
     * @param errorQueueLength chunks kept while the peer cannot be reached; beyond them the oldest is lost and counted
     */
    record Tcp(
            IpAddress local,
            IpAddress peer,
            int port,
            Optional<String> interfaceName,
            int sendBuffer,
            int receiveBuffer,
            int errorQueueLength)
            implements PeerLink {
        private static final int MOST_CHUNKS = 65_536;

        /** Checks ranges and that both addresses are of one family. */
        public Tcp {
            LinkChecks.ends(local, peer, interfaceName);
            LinkChecks.numbers(port, sendBuffer, receiveBuffer);
            LinkChecks.check(
                    errorQueueLength >= 1 && errorQueueLength <= MOST_CHUNKS,
                    "error queue length " + errorQueueLength + " is not in 1.." + MOST_CHUNKS);
        }

        @Override
        public Transport transport() {
            return Transport.TCP;
        }

        @Override
        public Family family() {
            return local.family();
        }

        @Override
        public Tcp on(String name) {
            return new Tcp(local, peer, port, Optional.of(name), sendBuffer, receiveBuffer, errorQueueLength);
        }

        @Override
        public String toString() {
            return "TCP link " + local + " to " + peer + " port " + port;
        }
    }
}
