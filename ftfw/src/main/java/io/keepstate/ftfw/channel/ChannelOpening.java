// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Endpoint;
import io.keepstate.linux.socket.IpFamily;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What opening a link needs whatever its transport, and the sentences for what goes wrong. */
final class ChannelOpening {
    private static final int DEFAULT_MTU = 1500;
    private static final int UDP_HEADER = 8;
    private static final int TCP_HEADER = 20;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    /** The shortest datagram a session works with. */
    private static final int LEAST_DATAGRAM = 128;

    private ChannelOpening() {}

    static void checkEnds(Endpoint local, Endpoint destination) {
        if (local.family() != destination.family()) {
            throw new IllegalArgumentException("The link's address " + local + " and its destination " + destination
                    + " are of different families; use two IPv4 or two IPv6 addresses");
        }
        if (destination.port() == 0) {
            throw new IllegalArgumentException(
                    "The link's destination " + destination + " has no port; give 1 to 65535");
        }
    }

    static void checkBuffers(int sendBufferBytes, int receiveBufferBytes) {
        if (sendBufferBytes < 0 || receiveBufferBytes < 0) {
            throw new IllegalArgumentException("A socket buffer is negative; give its size in octets");
        }
    }

    /** The interface of a link; null if none is configured. */
    static @Nullable Link link(Optional<String> interfaceName) {
        if (interfaceName.isEmpty()) {
            return null;
        }
        String name = interfaceName.get();
        try (Rtnetlink route = Rtnetlink.open()) {
            return route.link(name)
                    .orElseThrow(() -> new ChannelOpenException(
                            "there is no interface " + name + " here; create it before the start, or correct the name",
                            null));
        }
    }

    /** The interface that has an address. */
    static Link linkWith(Endpoint address) {
        InetAddress wanted = address.address();
        try (Rtnetlink route = Rtnetlink.open()) {
            return route.addresses().stream()
                    .filter(held -> held.address().equals(wanted))
                    .mapToInt(InterfaceAddress::interfaceIndex)
                    .boxed()
                    .findFirst()
                    .flatMap(route::link)
                    .orElseThrow(() -> notOurs(wanted.getHostAddress(), Optional.empty(), null));
        }
    }

    /** Puts a link-local address, or a group, on its interface. */
    static Endpoint scoped(Endpoint endpoint, @Nullable Link link) {
        InetAddress address = endpoint.address();
        boolean local =
                endpoint.family() == IpFamily.IPV6 && (address.isLinkLocalAddress() || address.isMulticastAddress());
        return link != null && local && endpoint.scope() == 0 ? endpoint.withScope(link.index()) : endpoint;
    }

    /**
     * Octets of messages in a frame. conntrackd always takes off 28 for UDP and 40 for TCP, so that its own datagrams are
     * fragmented over IPv6.
     */
    static int datagramSize(@Nullable Link link, IpFamily family, boolean stream) {
        int mtu = link == null || link.mtu() == 0 ? DEFAULT_MTU : Math.min(link.mtu(), 0xffff);
        int headers = (family == IpFamily.IPV4 ? IPV4_HEADER : IPV6_HEADER) + (stream ? TCP_HEADER : UDP_HEADER);
        if (link != null && mtu - headers < LEAST_DATAGRAM) {
            throw new ChannelOpenException(
                    "interface " + link.name() + " has an MTU of " + mtu + ", too small for the messages: set it to "
                            + (family == IpFamily.IPV4 ? 576 : 1280) + " or more",
                    null);
        }
        return mtu - headers;
    }

    /** Runs what opens sockets of a link, and turns what the kernel says into a sentence. */
    static <T> T opened(Endpoint local, String transport, Optional<String> interfaceName, Supplier<T> opening) {
        String address = local.address().getHostAddress();
        try {
            return opening.get();
        } catch (LinuxException e) {
            throw switch (e.errno()) {
                case Errno.EADDRNOTAVAIL -> notOurs(address, interfaceName, e);
                case Errno.EADDRINUSE ->
                    new ChannelOpenException(
                            transport + " port " + local.port() + " of " + address
                                    + " is in use: stop the other program (conntrackd?), or give the link another port",
                            e);
                case Errno.EAFNOSUPPORT ->
                    new ChannelOpenException(
                            local.family() + " is not available on this machine: switch it on, or use addresses of the"
                                    + " other family",
                            e);
                default -> new ChannelOpenException(transport + " link " + local + ": " + e.getMessage(), e);
            };
        }
    }

    private static ChannelOpenException notOurs(
            String address, Optional<String> interfaceName, @Nullable Throwable cause) {
        return new ChannelOpenException(
                address + " is no address of this machine: add it to "
                        + interfaceName.map(name -> "interface " + name).orElse("the dedicated interface")
                        + ", or correct the link",
                cause);
    }
}
