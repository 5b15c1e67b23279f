// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

/** The version of the protocol a virtual router speaks. Both ends must be configured with the same one. */
public enum Version {
    /** RFC 3768, with the authentication fields of RFC 2338; IPv4 only; intervals of whole seconds. */
    V2(2),
    /** RFC 9568 (and RFC 5798); IPv4 and IPv6; intervals of centiseconds, learned from the active router. */
    V3(3);

    private final int number;

    Version(int number) {
        this.number = number;
    }

    /** The number in the first four bits of an advertisement. */
    public int number() {
        return number;
    }
}
