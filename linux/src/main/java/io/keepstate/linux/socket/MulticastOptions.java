// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import java.util.Optional;

/**
 * Multicast settings of a socket, the same for both families.
 *
 * <p>Source: ip(7) ({@code struct ip_mreqn}), ipv6(7) ({@code struct ipv6_mreq}).
 */
public final class MulticastOptions {
    private static final int IPPROTO_IP = 0;
    private static final int IP_MULTICAST_IF = 32;
    private static final int IP_MULTICAST_TTL = 33;
    private static final int IP_MULTICAST_LOOP = 34;
    private static final int IP_ADD_MEMBERSHIP = 35;
    private static final int IP_DROP_MEMBERSHIP = 36;
    private static final int IP_MULTICAST_ALL = 49;
    private static final int IP_MREQN_BYTES = 12;

    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_MULTICAST_IF = 17;
    private static final int IPV6_MULTICAST_HOPS = 18;
    private static final int IPV6_MULTICAST_LOOP = 19;
    private static final int IPV6_JOIN_GROUP = 20;
    private static final int IPV6_LEAVE_GROUP = 21;
    private static final int IPV6_MULTICAST_ALL = 29;
    private static final int IPV6_MREQ_BYTES = 20;

    private final IpFamily family;
    private final SocketHandle socket;

    MulticastOptions(IpFamily family, SocketHandle socket) {
        this.family = family;
        this.socket = socket;
    }

    /**
     * Joins a group on one interface, and stops hearing groups that other sockets of the machine joined.
     *
     * @throws io.keepstate.linux.libc.LinuxException EADDRINUSE if already joined, ENODEV if the interface is gone
     */
    public void join(Endpoint group, int interfaceIndex) {
        joinedOnly();
        if (family == IpFamily.IPV4) {
            membership(IPPROTO_IP, IP_ADD_MEMBERSHIP, "IP_ADD_MEMBERSHIP", group, interfaceIndex);
        } else {
            membership(IPPROTO_IPV6, IPV6_JOIN_GROUP, "IPV6_JOIN_GROUP", group, interfaceIndex);
        }
    }

    /** Stops hearing groups that other sockets of the machine joined. */
    public void joinedOnly() {
        if (family == IpFamily.IPV4) {
            socket.set(IPPROTO_IP, IP_MULTICAST_ALL, 0, "IP_MULTICAST_ALL");
        } else {
            socket.set(IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0, "IPV6_MULTICAST_ALL");
        }
    }

    /** Leaves a group. */
    public void leave(Endpoint group, int interfaceIndex) {
        if (family == IpFamily.IPV4) {
            membership(IPPROTO_IP, IP_DROP_MEMBERSHIP, "IP_DROP_MEMBERSHIP", group, interfaceIndex);
        } else {
            membership(IPPROTO_IPV6, IPV6_LEAVE_GROUP, "IPV6_LEAVE_GROUP", group, interfaceIndex);
        }
    }

    private void membership(int level, int option, String name, Endpoint group, int interfaceIndex) {
        String what = group.address().getHostAddress() + " on interface " + interfaceIndex;
        if (family == IpFamily.IPV4) {
            socket.set(level, option, IP_MREQN_BYTES, name, what, (out, at) -> {
                out.setInt(at, (int) group.low());
                out.setIntLE(at + 8, interfaceIndex);
            });
        } else {
            socket.set(level, option, IPV6_MREQ_BYTES, name, what, (out, at) -> {
                out.setLong(at, group.high());
                out.setLong(at + 8, group.low());
                out.setIntLE(at + 16, interfaceIndex);
            });
        }
    }

    /** The interface by which multicast leaves. */
    public void sendOn(int interfaceIndex) {
        sendOn(interfaceIndex, Optional.empty());
    }

    /** The interface by which multicast leaves, and over IPv4 which of its addresses it comes from. */
    public void sendOn(int interfaceIndex, Optional<Endpoint> source) {
        if (family == IpFamily.IPV4) {
            String what = "interface " + interfaceIndex;
            socket.set(IPPROTO_IP, IP_MULTICAST_IF, IP_MREQN_BYTES, "IP_MULTICAST_IF", what, (out, at) -> {
                source.ifPresent(address -> out.setInt(at + 4, (int) address.low()));
                out.setIntLE(at + 8, interfaceIndex);
            });
        } else {
            socket.set(IPPROTO_IPV6, IPV6_MULTICAST_IF, interfaceIndex, "IPV6_MULTICAST_IF");
        }
    }

    /** TTL or hop limit of multicast sent, 0 to 255. */
    public void hops(int hops) {
        if (family == IpFamily.IPV4) {
            socket.set(IPPROTO_IP, IP_MULTICAST_TTL, hops, "IP_MULTICAST_TTL");
        } else {
            socket.set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, hops, "IPV6_MULTICAST_HOPS");
        }
    }

    /** Whether members on this machine hear what is sent; on by default. */
    public void loop(boolean on) {
        if (family == IpFamily.IPV4) {
            socket.set(IPPROTO_IP, IP_MULTICAST_LOOP, on ? 1 : 0, "IP_MULTICAST_LOOP");
        } else {
            socket.set(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, on ? 1 : 0, "IPV6_MULTICAST_LOOP");
        }
    }
}
