// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.route;

import org.jspecify.annotations.Nullable;

/**
 * A network interface as rtnetlink describes it.
 *
 * @param index its number, unique in its namespace
 * @param flags IFF_ bits of {@code include/uapi/linux/if.h}
 * @param mac its Ethernet address; null where it has none of 6 octets (tunnels)
 * @param mtu octets of IP a frame carries
 * @param master number of the bridge, bond or VRF it belongs to, else 0
 * @param parent number of the interface it sits on (macvlan, VLAN; for veth the peer), else 0
 * @param kind veth, bridge, macvlan..., null for hardware and loopback
 * @param alias a text somebody attached to it, else null
 * @param group number of the group of links it is in, 0 by default
 */
public record Link(
        int index,
        String name,
        int flags,
        @Nullable MacAddress mac,
        int mtu,
        int master,
        int parent,
        @Nullable String kind,
        @Nullable String alias,
        int group) {
    static final int IFF_UP = 1;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_RUNNING = 0x40;
    private static final int IFF_LOWER_UP = 0x10000;

    /** Switched on by the administrator. */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** Able to pass packets: operational state up (or unknown, for drivers that do not tell). */
    public boolean isRunning() {
        return (flags & IFF_RUNNING) != 0;
    }

    /** The layer below has signal. */
    public boolean hasCarrier() {
        return (flags & IFF_LOWER_UP) != 0;
    }

    public boolean isLoopback() {
        return (flags & IFF_LOOPBACK) != 0;
    }
}
