// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.RouteListener;
import io.keepstate.linux.route.RouteMonitor;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.vrrp.AddressLease;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What virtual routers hold while they are active: the refusal of packets to addresses that are not to be accepted,
 * addresses, excluded addresses, routes and policy rules. They go up in this order and down in the reverse one; both can be
 * repeated.
 *
 * <p>With leases, addresses have a finite lifetime and are renewed by {@link #advance} as long as the election is alive
 * ({@link AddressLease}); without, they stay for ever, as keepalived does it. What somebody else takes away while it is held
 * is noticed: a lost address is told to the {@link LossListener}; a lost route or rule is put back, and told if that fails or
 * if it is taken away again at once. What is marked as not tracked is left to whoever took it.
 *
 * <p>Needs CAP_NET_ADMIN. Confined to one thread, which is in the network namespace of the interfaces.
 */
public final class HoldingsOwner implements Pollable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HoldingsOwner.class);

    private static final int BUDGET = 64;

    /** A route that vanishes again within this time is taken away on purpose. */
    private static final long MOMENT_NANOS = 1_000_000_000L;

    private final Rtnetlink rtnetlink = Rtnetlink.open();
    private final AddressOwner addresses = new AddressOwner(rtnetlink);
    private final RouteOwner routes = new RouteOwner(rtnetlink);
    private final FirewallRules firewall = new FirewallRules();
    private final AcceptRules acceptRules =
            new AcceptRules(firewall, name -> new InterfaceIndexes(rtnetlink).index(name));
    private final SecondaryPromotion promotion;
    private final RouteMonitor monitor;
    private final @Nullable LongSupplier alive;
    private final LossListener losses;
    private final Map<String, Holding> held = new LinkedHashMap<>();
    private final Hints hints = new Hints();
    private boolean watchesRoutes;
    private boolean watchesRules;
    private boolean renewalFails;
    private long renewals;
    private long renewalsWithheld;
    private long lost;

    private HoldingsOwner(@Nullable LongSupplier alive, LossListener losses, Path journalDirectory) {
        this.alive = alive;
        this.losses = losses;
        this.promotion = new SecondaryPromotion(journalDirectory);
        try {
            monitor = RouteMonitor.openForLosses();
        } catch (RuntimeException e) {
            rtnetlink.close();
            throw e;
        }
    }

    /** Addresses stay for ever; a crash leaves them where they are until the next start. */
    public static HoldingsOwner open(LossListener losses) {
        return open(losses, VirtualMacInterfaces.DEFAULT_DIRECTORY);
    }

    /**
     * As {@link #open(LossListener)}.
     *
     * @param journalDirectory where the originals of changed kernel parameters are kept
     */
    public static HoldingsOwner open(LossListener losses, Path journalDirectory) {
        return new HoldingsOwner(null, losses, journalDirectory);
    }

    /**
     * Addresses are leased: a process that is stopped, killed or stuck loses them.
     *
     * @param aliveNanos when the loop of the election last did its work
     */
    public static HoldingsOwner openWithLeases(LongSupplier aliveNanos, LossListener losses) {
        return openWithLeases(aliveNanos, losses, VirtualMacInterfaces.DEFAULT_DIRECTORY);
    }

    /**
     * As {@link #openWithLeases(LongSupplier, LossListener)}.
     *
     * @param journalDirectory where the originals of changed kernel parameters are kept
     */
    public static HoldingsOwner openWithLeases(LongSupplier aliveNanos, LossListener losses, Path journalDirectory) {
        return new HoldingsOwner(aliveNanos, losses, journalDirectory);
    }

    /** The number of its rtnetlink socket, for those who want to know our own changes from others. */
    public long portId() {
        return rtnetlink.portId();
    }

    /**
     * Puts up what a router holds. If it holds something already, what is no longer wanted is taken down first and the rest
     * stays as it is.
     *
     * @return what is not there now, and why
     */
    public List<HoldingFailure> up(VirtualRouterConfig router, long nowNanos) {
        promotion.prepare(router);
        List<HoldingFailure> failures = new ArrayList<>();
        Holding before = held.get(router.name());
        if (before != null) {
            failures.addAll(takeDown(
                    without(before.rules(), router.rules()),
                    without(before.routes(), router.routes()),
                    without(before.config().allAddresses(), router.allAddresses())));
            failures.addAll(acceptRules.admit(router.name(), without(refusedOf(before.config()), refusedOf(router))));
        }
        AddressLease lease = alive == null ? null : new AddressLease(downNanos(router), nowNanos);
        Holding holding = new Holding(router, lease);
        held.put(router.name(), holding);
        watch(router);
        failures.addAll(acceptRules.refuse(router.name(), refusedOf(router)));
        failures.addAll(addresses.put(terms(holding, nowNanos)));
        failures.addAll(routes.addRoutes(router.routes()));
        failures.addAll(routes.addRules(router.rules()));
        return failures;
    }

    /**
     * Takes down what a router holds, or what an earlier process left behind of it.
     *
     * @return what is still there, and why
     */
    public List<HoldingFailure> down(VirtualRouterConfig router) {
        promotion.prepare(router);
        Holding before = held.remove(router.name());
        List<HoldingFailure> failures = new ArrayList<>();
        if (before != null && !before.config().equals(router)) {
            VirtualRouterConfig old = before.config();
            failures.addAll(takeDown(old.rules(), old.routes(), old.allAddresses()));
            failures.addAll(acceptRules.admit(old.name(), refusedOf(old)));
        }
        failures.addAll(takeDown(router.rules(), router.routes(), router.allAddresses()));
        failures.addAll(acceptRules.admit(router.name(), refusedOf(router)));
        return failures;
    }

    /** Whether a router's holdings are up, as far as this object put them up and did not notice their loss. */
    public boolean holds(String router) {
        Holding holding = held.get(router);
        return holding != null && !holding.isLost();
    }

    @Override
    public int fd() {
        return monitor.fd();
    }

    /** Looks into what others took away; to be called when the descriptor is readable. */
    public int receive(long nowNanos) {
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

    /** Renews leases that are due. */
    public void advance(long nowNanos) {
        LongSupplier election = alive;
        if (election == null || nextDeadline() > nowNanos) {
            return;
        }
        long aliveNanos = election.getAsLong();
        List<Holding> due = new ArrayList<>();
        List<Holding> expired = new ArrayList<>();
        for (Holding holding : held.values()) {
            AddressLease lease = holding.lease();
            if (lease == null || holding.isLost()) {
                continue;
            }
            switch (lease.decide(nowNanos, aliveNanos)) {
                case RENEW -> due.add(holding);
                case WITHHOLD -> renewalsWithheld++;
                case EXPIRED -> expired.add(holding);
                case WAIT -> {}
            }
        }
        if (!due.isEmpty()) {
            renew(due, nowNanos);
        }
        expired.forEach(holding -> lapse(holding, nowNanos));
    }

    /** When to call {@link #advance} next; {@link Long#MAX_VALUE} without anything to renew. */
    public long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (Holding holding : held.values()) {
            AddressLease lease = holding.lease();
            if (lease != null && !holding.isLost()) {
                earliest = Math.min(earliest, lease.nextDeadline());
            }
        }
        return earliest;
    }

    /** Leases renewed. */
    public long renewals() {
        return renewals;
    }

    /** Renewals that were due but withheld, since the election gave no sign of life. */
    public long renewalsWithheld() {
        return renewalsWithheld;
    }

    /** How often a router lost what it held. */
    public long losses() {
        return lost;
    }

    /**
     * To be told of virtual MAC interfaces: their IGMP and MLD leave by the interface below, so that switches do not learn the
     * virtual MAC from a backup. What does not work is in the log.
     */
    public VirtualMacListener listenerReports() {
        return new VirtualMacListener() {
            @Override
            public void onCreated(VirtualMacInterface created) {
                int errno = firewall.redirectListenerReports(created.index(), created.parentIndex());
                if (errno != 0 && errno != Errno.EEXIST) {
                    LOG.warn(
                            "IGMP and MLD of {} leave with the virtual MAC: {}", created.name(), Errno.describe(errno));
                }
            }

            @Override
            public void onRemoved(VirtualMacInterface removed) {
                firewall.forgetListenerReports(removed.index());
            }
        };
    }

    /** Closes its sockets; what is up stays up, leased addresses until their lease ends. */
    @Override
    public void close() {
        promotion.close();
        firewall.close();
        monitor.close();
        rtnetlink.close();
    }

    private List<HoldingFailure> takeDown(
            List<VirtualRule> rules, List<VirtualRoute> goneRoutes, List<VirtualAddress> goneAddresses) {
        List<HoldingFailure> failures = new ArrayList<>(routes.removeRules(rules));
        failures.addAll(routes.removeRoutes(goneRoutes));
        failures.addAll(addresses.remove(goneAddresses));
        return failures;
    }

    /** Groups are joined when first needed: a router with a full BGP table has very many route events. */
    private void watch(VirtualRouterConfig router) {
        if (!watchesRoutes && !router.routes().isEmpty()) {
            watchesRoutes = true;
            monitor.watchRoutes();
        }
        if (!watchesRules && !router.rules().isEmpty()) {
            watchesRules = true;
            monitor.watchRules();
        }
    }

    private static List<AddressOwner.Term> terms(Holding holding, long nowNanos) {
        AddressLease lease = holding.lease();
        List<AddressOwner.Term> terms = new ArrayList<>();
        for (VirtualAddress address : holding.addresses()) {
            terms.add(
                    lease == null
                            ? AddressOwner.Term.forever(address)
                            : new AddressOwner.Term(
                                    address,
                                    lease.preferredSeconds(address.preferredSeconds(), nowNanos),
                                    lease.validSeconds()));
        }
        return terms;
    }

    /** All that is nearly due comes along, so that many routers soon cost one batch. */
    private void renew(List<Holding> due, long nowNanos) {
        List<AddressOwner.Term> terms = new ArrayList<>();
        for (Holding holding : held.values()) {
            AddressLease lease = holding.lease();
            if (lease != null && !holding.isLost() && (due.contains(holding) || lease.isNearlyDue(nowNanos))) {
                terms.addAll(terms(holding, nowNanos));
                lease.renewed(nowNanos);
                renewals++;
            }
        }
        List<HoldingFailure> failures = addresses.put(terms);
        if (!failures.isEmpty() && !renewalFails) {
            // Once: an interface that is gone fails each time, and what follows from that is others' business.
            failures.forEach(failure -> LOG.warn("renewing virtual address failed: {}", failure));
        }
        renewalFails = !failures.isEmpty();
    }

    private void checkAddresses(long nowNanos) {
        List<VirtualAddress> wanted = new ArrayList<>();
        held.values().stream().filter(it -> !it.isLost()).forEach(it -> wanted.addAll(it.addresses()));
        if (wanted.isEmpty()) {
            return;
        }
        List<VirtualAddress> missing = addresses.missing(wanted);
        for (Holding holding : missing.isEmpty() ? List.<Holding>of() : List.copyOf(held.values())) {
            for (VirtualAddress address : holding.addresses()) {
                if (!missing.contains(address) || holding.isLost()) {
                    continue;
                }
                AddressLease lease = holding.lease();
                if (lease != null && lease.isExpired(nowNanos)) {
                    lapse(holding, nowNanos);
                } else if (address.options().tracked()) {
                    lose(holding, "virtual address " + address + " was removed by somebody else", nowNanos);
                } else {
                    holding.surrender(address);
                    LOG.warn(
                            "{}: virtual address {} was removed by somebody else; it is not tracked, so it stays away",
                            holding.router(),
                            address);
                }
            }
        }
    }

    private void checkRoutesAndRules(long nowNanos) {
        for (Holding holding : List.copyOf(held.values())) {
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
            lose(holding, text + " was removed and cannot be put back: " + Errno.describe(errno), nowNanos);
        } else if (holding.putBackAgain(what, nowNanos, MOMENT_NANOS)) {
            lose(holding, text + " is removed by somebody else again and again", nowNanos);
        } else {
            LOG.warn("{}: {} was removed by somebody else and is put back", holding.router(), text);
        }
    }

    private void lose(Holding holding, String what, long nowNanos) {
        if (!holding.isLost()) {
            holding.lost();
            lost++;
            losses.onLost(holding.router(), what, nowNanos);
        }
    }

    private void lapse(Holding holding, long nowNanos) {
        holding.lost();
        lost++;
        losses.onLapsed(holding.router(), "its addresses were not renewed in time and are gone", nowNanos);
    }

    private static long downNanos(VirtualRouterConfig router) {
        return AddressLease.downNanos(router);
    }

    /** The owner's addresses are its own: it always accepts packets to them (RFC 9568 section 6.1). */
    private static List<VirtualAddress> refusedOf(VirtualRouterConfig router) {
        return router.accept() || router.isOwner() ? List.of() : router.allAddresses();
    }

    private static <T> List<T> without(List<T> all, List<T> kept) {
        List<T> rest = new ArrayList<>(all);
        rest.removeAll(kept);
        return rest;
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
            routes |= held.values().stream()
                    .flatMap(holding -> holding.routes().stream())
                    .anyMatch(route -> RouteOwner.protocol(route) == protocol);
        }

        @Override
        public void onRuleGone(int protocol) {
            rules = true;
        }
    }
}
