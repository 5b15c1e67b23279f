// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf;

/**
 * An address and how many of its leading bits matter.
 *
 * @param address host bits are kept as written
 * @param length 0 to 32, or 0 to 128
 */
public record IpPrefix(IpAddress address, int length) {
    /** Checks the range of the length. */
    public IpPrefix {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " of " + address);
        }
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
