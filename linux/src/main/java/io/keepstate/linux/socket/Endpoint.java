// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IP address, port and scope as the kernel sees them; immutable, made once and used for each packet.
 *
 * @param high the upper 64 bits of an IPv6 address in network order; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; for IPv4 the address in the lower 32 bits
 * @param port 0 to 65535; 0 where the protocol has none
 * @param scope number of the interface a link-local IPv6 address belongs to, else 0
 */
public record Endpoint(IpFamily family, long high, long low, int port, int scope) {
    public Endpoint {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not within 0..65535");
        }
        if (family == IpFamily.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address is 32 bits in the lower half");
        }
    }

    public static Endpoint of(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length == 4) {
            return new Endpoint(IpFamily.IPV4, 0, buffer.getInt() & 0xffffffffL, port, 0);
        }
        int scope = ((Inet6Address) address).getScopeId();
        return new Endpoint(IpFamily.IPV6, buffer.getLong(), buffer.getLong(), port, scope);
    }

    /**
     * From the JDK's form.
     *
     * @throws IllegalArgumentException if the host name was not resolved
     */
    public static Endpoint of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("unresolved host name: " + address.getHostString());
        }
        return of(ip, address.getPort());
    }

    /** From a literal address, such as {@code 192.0.2.1} or {@code fe80::1}; names are refused, never looked up. */
    public static Endpoint of(String literal, int port) {
        if (!literal.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("not a literal IP address: " + literal);
        }
        try {
            return of(InetAddress.getByName(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not a literal IP address: " + literal, e);
        }
    }

    /** The same endpoint on an interface, for link-local IPv6 addresses. */
    public Endpoint withScope(int interfaceIndex) {
        return new Endpoint(family, high, low, port, interfaceIndex);
    }

    public Endpoint withPort(int other) {
        return new Endpoint(family, high, low, other, scope);
    }

    /** The address alone, without scope. */
    public InetAddress address() {
        try {
            return family == IpFamily.IPV4
                    ? InetAddress.getByAddress(
                            ByteBuffer.allocate(4).putInt((int) low).array())
                    : InetAddress.getByAddress(
                            ByteBuffer.allocate(16).putLong(high).putLong(low).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 octets are always an address", e);
        }
    }

    @Override
    public String toString() {
        String ip = address().getHostAddress();
        String scoped = scope == 0 ? ip : ip + "%" + scope;
        return family == IpFamily.IPV4 ? scoped + ":" + port : "[" + scoped + "]:" + port;
    }
}
