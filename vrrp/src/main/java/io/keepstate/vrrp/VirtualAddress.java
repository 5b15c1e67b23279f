// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.Optional;

/**
 * A virtual address as it is put on an interface.
 *
 * @param address the address
 * @param prefixLength length of its prefix in bits
 * @param interfaceName the interface that carries it
 * @param options how it is put there
 */
public record VirtualAddress(IpAddress address, int prefixLength, String interfaceName, AddressOptions options) {

    /** Refuses a prefix longer than the address, addresses that no host can hold, and options of another family. */
    public VirtualAddress {
        if (prefixLength < 0 || prefixLength > address.family().bits()) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " of virtual address " + address
                    + " must be 0 to " + address.family().bits());
        }
        if (address.isMulticast()) {
            throw new IllegalArgumentException("virtual address " + address + " is a multicast address");
        }
        boolean ipv4 = address.family() == AddressFamily.IPV4;
        if (!ipv4 && (options.broadcast().isPresent() || options.label().isPresent())) {
            throw new IllegalArgumentException(
                    "virtual address " + address + ": only IPv4 has broadcast addresses and labels; leave them out");
        }
        if (ipv4 && (options.duplicateDetection() || options.home() || options.manageTemporary())) {
            throw new IllegalArgumentException(
                    "virtual address " + address + ": -nodad, home and mngtmpaddr are for IPv6; leave them out");
        }
        checkFamily(options.broadcast(), address, "broadcast address");
        checkFamily(options.peer(), address, "peer");
    }

    /** An address with the default options. */
    public VirtualAddress(IpAddress address, int prefixLength, String interfaceName) {
        this(address, prefixLength, interfaceName, AddressOptions.DEFAULT);
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

    /** The same address put up in another way. */
    public VirtualAddress withOptions(AddressOptions other) {
        return new VirtualAddress(address, prefixLength, interfaceName, other);
    }

    /**
     * The IPv4 broadcast address that keepalived's {@code brd +} and {@code brd -} mean.
     *
     * @param set whether the bits behind the prefix are all ones ({@code +}) or all zero ({@code -})
     */
    public static IpAddress broadcastAddress(IpAddress address, int prefixLength, boolean set) {
        return IpPrefix.hostBits(address, prefixLength, set);
    }

    /** Seconds after going up during which it is chosen as source address; {@code 0xffffffff} for ever. */
    public long preferredSeconds() {
        boolean hostAddress = address.family() == AddressFamily.IPV6 && prefixLength == AddressFamily.IPV6.bits();
        return options.preferredSeconds().orElse(hostAddress ? 0 : 0xffff_ffffL);
    }

    private static void checkFamily(Optional<IpAddress> other, IpAddress address, String what) {
        if (other.isPresent() && other.get().family() != address.family()) {
            throw new IllegalArgumentException(
                    "virtual address " + address + ": its " + what + " " + other.get() + " is of the other family");
        }
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength + " dev " + interfaceName;
    }
}
