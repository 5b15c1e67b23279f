// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

/**
 * What the elements of a set are, or the keys and values of a map. The numbers are those nft(8) shows them by (libnftables'
 * datatype.h); the kernel only looks at the length.
 */
public enum SetType {
    IPV4_ADDRESS(7, 4),
    IPV6_ADDRESS(8, 16),
    /** Number of an interface, in host order. */
    INTERFACE(20, 4),
    /** An IPv6 address and the number of the interface on which it has a meaning. */
    IPV6_ADDRESS_ON_INTERFACE(8 << 6 | 20, 20);

    private final int number;
    private final int octets;

    SetType(int number, int octets) {
        this.number = number;
        this.octets = octets;
    }

    int number() {
        return number;
    }

    /** Length of an element. */
    public int octets() {
        return octets;
    }
}
