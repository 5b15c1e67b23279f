// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;

/**
 * A network: an address and how many of its leading bits count. Bits behind those must be zero, as the kernel demands.
 *
 * @param address the network's address
 * @param length 0 (every address) to 32 or 128 (one address)
 */
public record IpPrefix(IpAddress address, int length) {

    /** Refuses a length that the family does not have, and host bits. */
    public IpPrefix {
        int bits = address.family().bits();
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length " + length + " of " + address + " must be 0 to " + bits);
        }
        IpAddress network = hostBits(address, length, false);
        if (!network.equals(address)) {
            throw new IllegalArgumentException(
                    address + "/" + length + " has bits behind its prefix; write " + network + "/" + length);
        }
    }

    /** Every address of a family: what the default route leads to. */
    public static IpPrefix all(AddressFamily family) {
        return new IpPrefix(family == AddressFamily.IPV4 ? IpAddress.ipv4(0) : IpAddress.ipv6(0, 0), 0);
    }

    /** One address. */
    public static IpPrefix host(IpAddress address) {
        return new IpPrefix(address, address.family().bits());
    }

    /**
     * Reads {@code ADDRESS[/LENGTH]}; without a length it is one address.
     *
     * @throws IllegalArgumentException if it is not that, or has bits behind its prefix
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return host(IpAddress.parse(text));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' is not a network: expected ADDRESS or ADDRESS/LENGTH");
        }
        return new IpPrefix(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(length));
    }

    /** The network of an address with this prefix length. */
    public static IpPrefix networkOf(IpAddress address, int length) {
        return new IpPrefix(hostBits(address, length, false), length);
    }

    /** Whether an address is one of this network; allocates nothing. */
    public boolean contains(IpAddress other) {
        int host = address.family().bits() - length;
        return other.family() == address.family()
                && ((other.high() ^ address.high()) & ~highHostBits(host)) == 0
                && ((other.low() ^ address.low()) & ~lowHostBits(host)) == 0;
    }

    /** An address with all bits behind a prefix set (the IPv4 broadcast address of its network) or cleared. */
    static IpAddress hostBits(IpAddress address, int length, boolean set) {
        int host = address.family().bits() - length;
        long low = lowHostBits(host);
        long high = highHostBits(host);
        return new IpAddress(
                address.family(),
                set ? address.high() | high : address.high() & ~high,
                set ? address.low() | low : address.low() & ~low);
    }

    private static long lowHostBits(int host) {
        return host >= Long.SIZE ? -1 : (1L << host) - 1;
    }

    private static long highHostBits(int host) {
        return host <= Long.SIZE ? 0 : host == 2 * Long.SIZE ? -1 : (1L << (host - Long.SIZE)) - 1;
    }

    /** The family of the addresses. */
    public AddressFamily family() {
        return address.family();
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
