// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.IpAddress;

/**
 * A virtual address as it is put on an interface.
 *
 * @param address the address
 * @param prefixLength length of its prefix in bits
 * @param interfaceName the interface that carries it
 */
public record VirtualAddress(IpAddress address, int prefixLength, String interfaceName) {

    /** Refuses a prefix longer than the address, and addresses that no host can hold. */
    public VirtualAddress {
        if (prefixLength < 0 || prefixLength > address.family().bits()) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " of virtual address " + address
                    + " must be 0 to " + address.family().bits());
        }
        if (address.isMulticast()) {
            throw new IllegalArgumentException("virtual address " + address + " is a multicast address");
        }
    }

    /** Reads {@code ADDRESS[/LENGTH]}; without a length it is a host address. */
    public static VirtualAddress parse(String text, String interfaceName) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        int length = address.family().bits();
        if (slash >= 0) {
            try {
                length = Integer.parseInt(text.substring(slash + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not a virtual address: expected ADDRESS or ADDRESS/LENGTH", e);
            }
        }
        return new VirtualAddress(address, length, interfaceName);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength + " dev " + interfaceName;
    }
}
