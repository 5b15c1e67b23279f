// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;

/** What somebody wants of the elections of a running node. Each is carried out or refused as a whole, and answered. */
public sealed interface VrrpOrder {

    /**
     * Give the role away: resign with priority 0 and wait as a backup. No effect on a group that is not active.
     *
     * @param group a group
     * @param reason for people
     */
    record Resign(String group, String reason) implements VrrpOrder {}

    /** Take no part in elections until {@link Resume}; an active group resigns. */
    record Pause(String group) implements VrrpOrder {}

    /** Take part again, beginning as a backup. */
    record Resume(String group) implements VrrpOrder {}

    /**
     * Another base priority; what trackers add stays.
     *
     * @param router a virtual router that does not own its addresses
     * @param priority 1 to 254
     */
    record SetPriority(String router, int priority) implements VrrpOrder {}

    /**
     * One more virtual address. If the router is active it goes up and is announced.
     *
     * @param router a virtual router
     * @param address of the router's family if it is advertised
     * @param advertised whether it stands in advertisements
     */
    record AddAddress(String router, VirtualAddress address, boolean advertised) implements VrrpOrder {}

    /** One virtual address less, advertised or not; the last advertised one cannot go. */
    record RemoveAddress(String router, IpAddress address) implements VrrpOrder {}

    /**
     * Another configuration of a virtual router that keeps its identity: VRID, interface, family, destination, virtual MAC,
     * with or without authentication header.
     *
     * @param router has the name of a virtual router
     */
    record Configure(VirtualRouterConfig router) implements VrrpOrder {}
}
