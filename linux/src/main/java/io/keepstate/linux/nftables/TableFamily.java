// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

/** The family of a table, with the NFPROTO_ numbers of {@code include/uapi/linux/netfilter.h}. */
public enum TableFamily {
    INET(1, "inet"),
    IPV4(2, "ip"),
    IPV6(10, "ip6");

    private final int number;
    private final String word;

    TableFamily(int number, String word) {
        this.number = number;
        this.word = word;
    }

    int number() {
        return number;
    }

    /** As nft(8) writes it. */
    @Override
    public String toString() {
        return word;
    }
}
