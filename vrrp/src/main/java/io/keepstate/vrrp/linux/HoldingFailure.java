// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRule;
import java.util.Optional;

/**
 * Something a router should hold, or let go, and could not.
 *
 * @param what the address, route or rule, in the words of ip(8)
 * @param errno why not
 * @param subject the {@link VirtualAddress}, {@link VirtualRoute} or {@link VirtualRule}; empty if it is about packets that
 *     are refused or accepted
 */
public record HoldingFailure(String what, int errno, Optional<Object> subject) {

    /** Packets to an address could not be refused, or not be accepted again. */
    static HoldingFailure ofPackets(String what, int errno) {
        return new HoldingFailure(what, errno, Optional.empty());
    }

    static HoldingFailure of(VirtualAddress address, int errno) {
        return new HoldingFailure(address.toString(), errno, Optional.of(address));
    }

    static HoldingFailure of(VirtualRoute route, int errno) {
        return new HoldingFailure("route " + route, errno, Optional.of(route));
    }

    static HoldingFailure of(VirtualRule rule, int errno) {
        return new HoldingFailure("rule " + rule, errno, Optional.of(rule));
    }

    /**
     * Whether it is an address that this router advertises: without it the router cannot serve, and the other one should.
     * Whatever else is missing is most likely missing there, too.
     */
    public boolean isAdvertisedBy(VirtualRouterConfig router) {
        return subject.filter(router.addresses()::contains).isPresent();
    }

    @Override
    public String toString() {
        return what + ": " + Errno.describe(errno);
    }
}
