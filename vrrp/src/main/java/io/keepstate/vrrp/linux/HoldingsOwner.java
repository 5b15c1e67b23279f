// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.vrrp.AddressLease;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRoute;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.VirtualRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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

    private final Rtnetlink rtnetlink = Rtnetlink.open();
    private final AddressOwner addresses = new AddressOwner(rtnetlink);
    private final RouteOwner routes = new RouteOwner(rtnetlink);
    private final FirewallRules firewall = new FirewallRules();
    private final AcceptRules acceptRules =
            new AcceptRules(firewall, name -> new InterfaceIndexes(rtnetlink).index(name));
    private final SecondaryPromotion promotion;
    private final Holdings holdings;
    private final LeaseRenewal leases;
    private final LossWatch losses;

    private HoldingsOwner(@Nullable LongSupplier alive, LossListener listener, Path journalDirectory) {
        this.promotion = new SecondaryPromotion(journalDirectory);
        this.holdings = new Holdings(listener);
        this.leases = new LeaseRenewal(holdings, addresses, alive);
        try {
            losses = new LossWatch(holdings, addresses, routes);
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
        Holding before = holdings.of(router.name());
        if (before != null) {
            failures.addAll(takeDown(
                    without(before.config().rules(), router.rules()),
                    without(before.config().routes(), router.routes()),
                    without(before.config().allAddresses(), router.allAddresses())));
            failures.addAll(acceptRules.admit(router.name(), without(refusedOf(before.config()), refusedOf(router))));
        }
        Holding holding = new Holding(router, leases.begin(router, nowNanos));
        holdings.put(holding);
        losses.watch(router);
        failures.addAll(acceptRules.refuse(router.name(), refusedOf(router)));
        List<HoldingFailure> missing = new ArrayList<>(addresses.put(holding.terms(nowNanos)));
        missing.addAll(routes.addRoutes(router.routes()));
        missing.addAll(routes.addRules(router.rules()));
        // What never came cannot be lost; an advertised address stays wanted, for it is what the role is for.
        missing.stream()
                .filter(failure -> !failure.isAdvertisedBy(router))
                .flatMap(failure -> failure.subject().stream())
                .forEach(holding::surrender);
        failures.addAll(missing);
        return failures;
    }

    /**
     * Leases the addresses that a router holds for as long as its intervals want it now; all else stays as it is.
     *
     * @return the addresses that are not there now, and why
     */
    public List<HoldingFailure> leaseAnew(VirtualRouterConfig router, long nowNanos) {
        return leases.change(router, nowNanos);
    }

    /**
     * Takes down what a router holds, or what an earlier process left behind of it.
     *
     * @return what is still there, and why
     */
    public List<HoldingFailure> down(VirtualRouterConfig router) {
        promotion.prepare(router);
        Holding before = holdings.remove(router.name());
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
        Holding holding = holdings.of(router);
        return holding != null && !holding.isLost();
    }

    @Override
    public int fd() {
        return losses.fd();
    }

    /** Looks into what others took away; to be called when the descriptor is readable. */
    public int receive(long nowNanos) {
        return losses.receive(nowNanos);
    }

    /** Renews leases that are due. */
    public void advance(long nowNanos) {
        leases.advance(nowNanos);
    }

    /** When to call {@link #advance} next; {@link Long#MAX_VALUE} without anything to renew. */
    public long nextDeadline() {
        return leases.nextDeadline();
    }

    /** Leases renewed. */
    public long renewals() {
        return leases.renewals();
    }

    /** Renewals that were due but withheld, since the election gave no sign of life. */
    public long renewalsWithheld() {
        return leases.withheld();
    }

    /** How often a router lost what it held. */
    public long losses() {
        return holdings.losses();
    }

    /**
     * To be told of virtual MAC interfaces: their IGMP and MLD leave by the interface below, so that switches do not learn the
     * virtual MAC from a backup. What does not work is in the log.
     */
    public VirtualMacListener listenerReports() {
        return new ListenerReports(firewall);
    }

    /** Closes its sockets; what is up stays up, leased addresses until their lease ends. */
    @Override
    public void close() {
        promotion.close();
        firewall.close();
        losses.close();
        rtnetlink.close();
    }

    private List<HoldingFailure> takeDown(
            List<VirtualRule> rules, List<VirtualRoute> goneRoutes, List<VirtualAddress> goneAddresses) {
        List<HoldingFailure> failures = new ArrayList<>(routes.removeRules(rules));
        failures.addAll(routes.removeRoutes(goneRoutes));
        failures.addAll(addresses.remove(goneAddresses));
        return failures;
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
}
