// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.RouteListener;
import io.keepstate.linux.route.RouteMonitor;
import io.keepstate.vrrp.AddressLease;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRule;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what somebody else takes away of what is held. An address that is gone is a loss; a route or rule is put back, and
 * a loss if that fails or if it is taken away again at once. What is not tracked is left to whoever took it.
 */
final class LossWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HoldingsOwner.class);

    private static final int BUDGET = 64;

    /** A route that vanishes again within this time is taken away on purpose. */
    private static final long MOMENT_NANOS = 1_000_000_000L;

    private final Holdings holdings;
    private final AddressOwner addresses;
    private final RouteOwner routes;
    private final RouteMonitor monitor = RouteMonitor.openForLosses();
    private final Hints hints = new Hints();
    private boolean watchesRoutes;
    private boolean watchesRules;

    LossWatch(Holdings holdings, AddressOwner addresses, RouteOwner routes) {
        this.holdings = holdings;
        this.addresses = addresses;
        this.routes = routes;
    }

    int fd() {
        return monitor.fd();
    }

    /** Groups are joined when first needed: a router with a full BGP table has very many route events. */
    void watch(VirtualRouterConfig router) {
        if (!watchesRoutes && !router.routes().isEmpty()) {
            watchesRoutes = true;
            monitor.watchRoutes();
        }
        if (!watchesRules && !router.rules().isEmpty()) {
            watchesRules = true;
            monitor.watchRules();
        }
    }

    /** Looks into what others took away; to be called when the descriptor is readable. */
    int receive(long nowNanos) {
        int count = monitor.receive(hints, BUDGET);
        if (count == RouteMonitor.OVERRUN) {
            hints.setAll();
        }
        // Events are hints: they may be echoes of our own changes, or about something that is back already.
        if (hints.addresses) {
            hints.addresses = false;
            checkAddresses(nowNanos);
        }
        if (hints.routes || hints.rules) {
            hints.routes = false;
            hints.rules = false;
            checkRoutesAndRules(nowNanos);
        }
        return Math.max(1, count);
    }

    private void checkAddresses(long nowNanos) {
        List<Holding> standing = holdings.standing();
        List<VirtualAddress> wanted = new ArrayList<>();
        standing.forEach(holding -> wanted.addAll(holding.addresses()));
        if (wanted.isEmpty()) {
            return;
        }
        List<VirtualAddress> missing = addresses.missing(wanted);
        for (Holding holding : missing.isEmpty() ? List.<Holding>of() : standing) {
            for (VirtualAddress address : holding.addresses()) {
                if (missing.contains(address) && !holding.isLost()) {
                    onAddressGone(holding, address, nowNanos);
                }
            }
        }
    }

    private void onAddressGone(Holding holding, VirtualAddress address, long nowNanos) {
        AddressLease lease = holding.lease();
        if (lease != null && lease.isExpired(nowNanos)) {
            holdings.lapse(holding, nowNanos);
        } else if (address.options().tracked()) {
            holdings.lose(holding, "virtual address " + address + " was removed by somebody else", nowNanos);
        } else {
            holding.surrender(address);
            LOG.warn(
                    "{}: virtual address {} was removed by somebody else; it is not tracked, so it stays away",
                    holding.router(),
                    address);
        }
    }

    private void checkRoutesAndRules(long nowNanos) {
        for (Holding holding : holdings.standing()) {
            for (VirtualRoute route : holding.routes()) {
                if (route.tracked() && !holding.isLost()) {
                    check(holding, route, "route " + route, routes.add(route), nowNanos);
                }
            }
            for (VirtualRule rule : holding.rules()) {
                if (rule.tracked() && !holding.isLost()) {
                    check(holding, rule, "rule " + rule, routes.add(rule), nowNanos);
                }
            }
        }
    }

    /** To add it tells whether it was still there. */
    private void check(Holding holding, Object what, String text, int errno, long nowNanos) {
        if (errno == Errno.EEXIST) {
            return;
        }
        if (errno != 0) {
            String why = text + " was removed and cannot be put back: " + Errno.describe(errno);
            holdings.lose(holding, why, nowNanos);
        } else if (holding.putBackAgain(what, nowNanos, MOMENT_NANOS)) {
            holdings.lose(holding, text + " is removed by somebody else again and again", nowNanos);
        } else {
            LOG.warn("{}: {} was removed by somebody else and is put back", holding.router(), text);
        }
    }

    @Override
    public void close() {
        monitor.close();
    }

    /** What may have gone, by the kernel's events. */
    private final class Hints implements RouteListener {
        private boolean addresses;
        private boolean routes;
        private boolean rules;

        void setAll() {
            addresses = true;
            routes = watchesRoutes;
            rules = watchesRules;
        }

        @Override
        public void onAddressGone(InterfaceAddress address) {
            addresses = true;
        }

        @Override
        public void onRouteGone(int protocol) {
            routes |= holdings.all().stream()
                    .flatMap(holding -> holding.routes().stream())
                    .anyMatch(route -> RouteOwner.protocol(route) == protocol);
        }

        @Override
        public void onRuleGone(int protocol) {
            rules = true;
        }
    }
}
