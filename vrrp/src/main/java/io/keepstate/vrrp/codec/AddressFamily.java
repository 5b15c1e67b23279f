// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/** The two families of internet addresses, with what VRRP fixes for each of them. */
public enum AddressFamily {
    /** Advertisements go to 224.0.0.18 (RFC 9568 section 5.1.1.2). */
    IPV4(4),
    /** Advertisements go to ff02::12 (RFC 9568 section 5.1.2.2). */
    IPV6(16);

    private final int octets;

    AddressFamily(int octets) {
        this.octets = octets;
    }

    /** Length of an address on the wire, in octets. */
    public int octets() {
        return octets;
    }

    /** Length of an address in bits: the longest prefix. */
    public int bits() {
        return octets * 8;
    }

    /** The multicast group to which all advertisements of this family are sent. */
    public IpAddress vrrpGroup() {
        return this == IPV4 ? Groups.IPV4 : Groups.IPV6;
    }

    /** Made on first use: {@link IpAddress} itself needs this enum. */
    private static final class Groups {
        static final IpAddress IPV4 = IpAddress.parse("224.0.0.18");
        static final IpAddress IPV6 = IpAddress.parse("ff02::12");
    }
}
