// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.config;

import io.keepstate.flow.Family;
import io.keepstate.flow.IpAddress;

/**
 * A network, or with the full length one address, to match flows against.
 *
 * @param address any address of the network; bits beyond the length do not count
 * @param length 0..32 or 0..128
 */
public record AddressPrefix(IpAddress address, int length) {

    /** Checks that the length fits the family. */
    public AddressPrefix {
        int bits = address.family().addressOctets() * Byte.SIZE;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length " + length + " of " + address + " is not in 0.." + bits);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}; without a length it is one address.
     *
     * @throws IllegalArgumentException when the text is no address, or the length no number in range
     */
    public static AddressPrefix parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new AddressPrefix(address, address.family().addressOctets() * Byte.SIZE);
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' has no number after the slash");
        }
        return new AddressPrefix(address, Integer.parseInt(length));
    }

    /** Whether the address of these words (the form of {@link io.keepstate.flow.Tuple}) lies inside. */
    public boolean contains(Family family, long high, long low) {
        if (family != address.family()) {
            return false;
        }
        if (family == Family.IPV4) {
            return same(low << 32, address.low() << 32, length);
        }
        return same(high, address.high(), Math.min(length, Long.SIZE))
                && same(low, address.low(), Math.max(length - Long.SIZE, 0));
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }

    private static boolean same(long a, long b, int bits) {
        return bits == 0 || (a ^ b) >>> (Long.SIZE - bits) == 0;
    }
}
