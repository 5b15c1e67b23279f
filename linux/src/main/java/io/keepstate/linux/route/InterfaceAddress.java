// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import io.keepstate.linux.socket.IpFamily;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An IP address on an interface; immutable, made by {@link #of} or {@link #builder}.
 *
 * @param interfaceIndex number of the interface
 * @param prefixLength 0 to 32 or 128
 * @param peer the other end of a point-to-point address, else null
 * @param broadcast IPv4 broadcast address, or null for none
 * @param label IPv4 alias name such as {@code eth0:1}, or null for the interface's own name
 * @param scope RT_SCOPE_: 0 global, 253 link, 254 host; IPv6 addresses have the scope of their range
 * @param flags IFA_F_ bits of {@code include/uapi/linux/if_addr.h}
 * @param preferredSeconds how long it is chosen as source; {@link #FOREVER} for ever
 * @param validSeconds how long it exists; {@link #FOREVER} for ever
 * @param protocol IFA_PROTO, who set it: 0 unknown, 18 keepalived (kernels from 5.18; older ones ignore it)
 */
public record InterfaceAddress(
        int interfaceIndex,
        InetAddress address,
        int prefixLength,
        @Nullable InetAddress peer,
        @Nullable InetAddress broadcast,
        @Nullable String label,
        int scope,
        int flags,
        long preferredSeconds,
        long validSeconds,
        int protocol) {
    /** INFINITY_LIFE_TIME. */
    public static final long FOREVER = 0xffffffffL;

    public static final int SCOPE_GLOBAL = 0;
    public static final int SCOPE_LINK = 253;
    public static final int SCOPE_HOST = 254;

    /** The protocol number under which VRRP daemons mark their addresses. */
    public static final int PROTOCOL_VRRP = 18;

    /** IFA_F_NODAD: IPv6, usable at once, without duplicate address detection. */
    public static final int NODAD = 0x02;

    /** IFA_F_HOMEADDRESS: IPv6, a home address of mobile IPv6. */
    public static final int HOME_ADDRESS = 0x10;

    /** IFA_F_MANAGETEMPADDR: IPv6, the template of temporary addresses. */
    public static final int MANAGE_TEMPORARY = 0x100;

    /** IFA_F_NOPREFIXROUTE: no route to the address's network. */
    public static final int NO_PREFIX_ROUTE = 0x200;

    /** IFA_F_MCAUTOJOIN: join the multicast group that is the address. */
    public static final int AUTO_JOIN = 0x400;

    private static final int DADFAILED = 0x08;
    private static final int DEPRECATED = 0x20;
    private static final int TENTATIVE = 0x40;

    public InterfaceAddress {
        int bits = IpFamily.of(address).addressBytes() * 8;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " is not within 0.." + bits);
        }
        if (preferredSeconds > validSeconds) {
            throw new IllegalArgumentException("an address is preferred (" + preferredSeconds
                    + " s) at most as long as it is valid (" + validSeconds + " s)");
        }
    }

    /** A plain address with global scope that stays for ever. */
    public static InterfaceAddress of(int interfaceIndex, InetAddress address, int prefixLength) {
        return builder(interfaceIndex, address, prefixLength).build();
    }

    /** Starts from {@link #of}. */
    public static InterfaceAddressBuilder builder(int interfaceIndex, InetAddress address, int prefixLength) {
        return new InterfaceAddressBuilder(interfaceIndex, address, prefixLength);
    }

    public IpFamily family() {
        return IpFamily.of(address);
    }

    /** IPv6: duplicate address detection is still running, packets to it are not answered yet. */
    public boolean isTentative() {
        return (flags & TENTATIVE) != 0;
    }

    /** IPv6: another machine has this address; it stays unusable. */
    public boolean isDuplicate() {
        return (flags & DADFAILED) != 0;
    }

    public boolean isDeprecated() {
        return (flags & DEPRECATED) != 0;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength + " on interface " + interfaceIndex;
    }
}
