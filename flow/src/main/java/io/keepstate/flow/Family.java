// SPDX-License-Identifier: Apache-2.0
package io.keepstate.flow;

/** Address family of a tuple, with the numbers Linux gives them (linux/socket.h). */
public enum Family {
    /** AF_INET: addresses are the low 32 bits of a tuple's low word. */
    IPV4(2, 4),
    /** AF_INET6: addresses are a tuple's high and low word, network order. */
    IPV6(10, 16);

    private final int number;
    private final int octets;

    Family(int number, int octets) {
        this.number = number;
        this.octets = octets;
    }

    /** AF_INET or AF_INET6, as it stands in nfgen_family. */
    public int number() {
        return number;
    }

    /** Length of one address in octets: 4 or 16. */
    public int addressOctets() {
        return octets;
    }
}
