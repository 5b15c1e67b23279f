// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.socket.IpFamily;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A unicast route.
 *
 * @param destination network address; with prefix length 0 the default route of its family
 * @param gateway next hop, or null for a network that is on the link
 * @param interfaceIndex interface it leaves by, or 0 to let the gateway decide
 * @param source preferred source address, or null
 * @param metric lower wins; 0 is the family's default
 * @param table routing table, 254 is main
 * @param protocol who set it: 3 boot, 4 static, 18 keepalived ({@code include/uapi/linux/rtnetlink.h})
 */
public record Route(
        InetAddress destination,
        int prefixLength,
        @Nullable InetAddress gateway,
        int interfaceIndex,
        @Nullable InetAddress source,
        long metric,
        int table,
        int protocol) {
    public static final int TABLE_MAIN = 254;
    public static final int PROTOCOL_STATIC = 4;

    /** A route in the main table by a gateway. */
    public static Route via(InetAddress destination, int prefixLength, InetAddress gateway) {
        return new Route(destination, prefixLength, gateway, 0, null, 0, TABLE_MAIN, PROTOCOL_STATIC);
    }

    /** A route in the main table to a network on the link. */
    public static Route onLink(InetAddress destination, int prefixLength, int interfaceIndex) {
        return new Route(destination, prefixLength, null, interfaceIndex, null, 0, TABLE_MAIN, PROTOCOL_STATIC);
    }

    public IpFamily family() {
        return IpFamily.of(destination);
    }
}
