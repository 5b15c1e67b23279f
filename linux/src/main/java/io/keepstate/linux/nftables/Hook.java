// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

/** Where a base chain sees packets: NF_INET_ numbers. */
public enum Hook {
    PREROUTING,
    /** To this host. */
    INPUT,
    FORWARD,
    /** From this host. */
    OUTPUT,
    POSTROUTING
}
