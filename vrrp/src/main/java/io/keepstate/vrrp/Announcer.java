// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/** Sends one announcement of a virtual address: a gratuitous ARP or an unsolicited neighbour advertisement. */
@FunctionalInterface
public interface Announcer {
    /** Announces this address once, now, from the interface that carries it. */
    void announce(VirtualAddress address);
}
