// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.link;

/** What an interface can do, as {@code conntrackd -s link} names it. */
public enum LinkState {
    /** Switched off, or not there. */
    DOWN,
    /** Switched on, and nothing at the other end. */
    NO_CARRIER,
    /** Switched on, with carrier: datagrams may pass. */
    RUNNING;

    /**
     * Whether the link can be used. conntrackd also takes one that is switched on and has no carrier, so it may leave one
     * dead link for another.
     */
    public boolean works() {
        return this == RUNNING;
    }
}
