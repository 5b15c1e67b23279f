// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.process.ProcessIdentity;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.LinkChanges;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.sysctl.Sysctl;
import io.keepstate.linux.sysctl.SysctlJournal;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.IpAddress;
import java.net.Inet6Address;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interfaces that carry the virtual hardware addresses of a process: macvlans in private mode, there for as long as the
 * configuration asks for them, so that a takeover moves addresses only. Their kernel parameters and those of the interfaces
 * below are set as RFC 9568 section 8.1.2 needs it (ARP for a virtual address is answered with the virtual MAC only); what is
 * changed outside the macvlans goes through a {@link SysctlJournal} and comes back, after a kill too.
 *
 * <p>Each macvlan bears the name of its process as alias, so that the next start can remove what a crash left. One that
 * somebody deletes is made again as soon as that is told, or every second.
 *
 * <p>Needs CAP_NET_ADMIN. Confined to one thread, that of its rtnetlink, in the network namespace of the interfaces.
 */
public final class VirtualMacInterfaces implements AutoCloseable {

    /** Where journals are kept unless said otherwise. */
    public static final Path DEFAULT_DIRECTORY = Path.of("/run/keepstate");

    private static final Logger LOG = LoggerFactory.getLogger(VirtualMacInterfaces.class);
    private static final String ALIAS = "keepstate ";
    private static final String MACVLAN = "macvlan";
    private static final String ALL_RP_FILTER = "net/ipv4/conf/all/rp_filter";
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final long SETTLE_MILLIS = 500;

    private final Rtnetlink rtnetlink;
    private final Sysctl sysctl;
    private final SysctlJournal journal;
    private final List<VirtualMacPlan> plans;
    private Set<IpAddress> virtualAddresses = Set.of();
    private final Map<String, VirtualMacInterface> present = new LinkedHashMap<>();
    private final List<VirtualMacListener> listeners = new ArrayList<>();
    private long nextRetry = Long.MAX_VALUE;
    private long failures;

    /**
     * The interfaces of these routers, not made yet.
     *
     * @param rtnetlink stays the caller's
     * @param journalDirectory where the originals of changed kernel parameters are kept
     */
    public VirtualMacInterfaces(Rtnetlink rtnetlink, List<VirtualRouterConfig> routers, Path journalDirectory) {
        this.rtnetlink = rtnetlink;
        this.sysctl = Sysctl.kernel();
        this.journal = SysctlJournal.open(journalDirectory, sysctl);
        this.plans = new ArrayList<>(plansOf(routers));
        know(routers);
    }

    private static List<VirtualMacPlan> plansOf(List<VirtualRouterConfig> routers) {
        return routers.stream()
                .flatMap(router -> VirtualMacPlan.of(router).stream())
                .toList();
    }

    private void know(List<VirtualRouterConfig> routers) {
        virtualAddresses = routers.stream()
                .flatMap(router -> router.allAddresses().stream())
                .map(VirtualAddress::address)
                .collect(Collectors.toSet());
    }

    /** Tells of interfaces that come and go, from now on. */
    public void listen(VirtualMacListener listener) {
        listeners.add(listener);
    }

    /**
     * Brings back what a crashed process changed, removes its interfaces, and makes those of the configuration.
     *
     * @throws IllegalStateException with a sentence: a name that is taken by something else, a missing interface
     */
    public void create() {
        create(false);
    }

    /**
     * As {@link #create()}.
     *
     * @param dynamicInterfaces whether an interface below may be missing: what sits on it is made when it comes
     */
    public void create(boolean dynamicInterfaces) {
        journal.recover();
        removeLeftovers();
        for (VirtualMacPlan plan : plans) {
            clearName(plan);
            Optional<Link> parent = rtnetlink.link(plan.parentName());
            if (parent.isPresent()) {
                make(plan, parent.get());
            } else if (!dynamicInterfaces) {
                throw noParent(plan);
            }
        }
        plans.forEach(this::awaitRunning);
    }

    /**
     * Looks whether the interfaces of a router that is to come can be made.
     *
     * @throws IllegalStateException with a sentence: a name that is taken by something else, a missing interface
     */
    public void check(VirtualRouterConfig router, boolean dynamicInterfaces) {
        for (VirtualMacPlan plan : VirtualMacPlan.of(router)) {
            if (!present.containsKey(plan.name())) {
                rtnetlink.link(plan.name()).ifPresent(link -> checkLeftover(plan, link));
            }
            if (!dynamicInterfaces && rtnetlink.link(plan.parentName()).isEmpty()) {
                throw noParent(plan);
            }
        }
    }

    /**
     * Makes what these routers need and is not there; one that cannot be made is tried again every second. The kernel tells
     * of the links a little later.
     *
     * @param routers all of the host
     */
    public void add(List<VirtualRouterConfig> routers, long nowNanos) {
        know(routers);
        for (VirtualMacPlan wanted : plansOf(routers)) {
            Optional<VirtualMacPlan> same =
                    plans.stream().filter(wanted::isSameInterface).findFirst();
            if (same.isPresent()) {
                plans.set(plans.indexOf(same.get()), wanted);
                carry(same.get(), wanted);
            } else {
                plans.add(wanted);
                repair(wanted, nowNanos);
            }
        }
    }

    /** An interface may have to carry addresses of another family from now on. */
    private void carry(VirtualMacPlan before, VirtualMacPlan wanted) {
        if (wanted.equals(before) || !present.containsKey(wanted.name())) {
            return;
        }
        if (wanted.carries(AddressFamily.IPV6) && !before.carries(AddressFamily.IPV6)) {
            sysctl.write("net/ipv6/conf/" + wanted.name() + "/disable_ipv6", "0");
        }
        if (wanted.carries(AddressFamily.IPV4) && !before.carries(AddressFamily.IPV4)) {
            wanted.ownParameters().forEach(sysctl::write);
            openReversePath(wanted);
            journal.set(wanted.parentParameters());
        }
    }

    /** Removes the interfaces that none of these routers has. */
    public void retain(List<VirtualRouterConfig> routers) {
        List<VirtualMacPlan> wanted = plansOf(routers);
        for (VirtualMacPlan plan : List.copyOf(plans)) {
            if (wanted.stream().noneMatch(plan::isSameInterface)) {
                VirtualMacInterface known = present.get(plan.name());
                if (known != null) {
                    remove(known);
                }
                plans.remove(plan);
            }
        }
    }

    /** Those that are there now, in the order of the configuration. */
    public List<VirtualMacInterface> interfaces() {
        return List.copyOf(present.values());
    }

    /** Whether a name is that of one of these, there now or not. */
    public boolean isOurs(String interfaceName) {
        return plans.stream().anyMatch(plan -> plan.name().equals(interfaceName));
    }

    /** Attempts to make a deleted one again that failed. */
    public long failures() {
        return failures;
    }

    /**
     * Told that an interface, ours or one below, changed its state or its addresses: makes again what is missing.
     *
     * @return whether something was made, whose sockets must be opened again
     */
    public boolean onChange(String interfaceName, long nowNanos) {
        boolean made = false;
        for (VirtualMacPlan plan : plans) {
            if (plan.name().equals(interfaceName) || plan.parentName().equals(interfaceName)) {
                made |= repair(plan, nowNanos);
            }
        }
        return made;
    }

    /** Tries again what failed; see {@link #onChange}. */
    public boolean advance(long nowNanos) {
        if (nowNanos < nextRetry) {
            return false;
        }
        nextRetry = Long.MAX_VALUE;
        boolean made = false;
        for (VirtualMacPlan plan : plans) {
            made |= repair(plan, nowNanos);
        }
        return made;
    }

    /** When to call {@link #advance} next; {@link Long#MAX_VALUE} if everything is in place. */
    public long nextDeadline() {
        return nextRetry;
    }

    /** Removes the interfaces and restores all parameters. */
    @Override
    public void close() {
        List.copyOf(present.values()).forEach(this::remove);
        journal.close();
    }

    private void remove(VirtualMacInterface each) {
        forget(each);
        try {
            rtnetlink.changeLinks().delete(each.index());
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENODEV) {
                LOG.warn("interface {} was not removed", each.name(), e);
            }
        }
    }

    private static IllegalStateException noParent(VirtualMacPlan plan) {
        return new IllegalStateException("virtual router " + plan.routerName() + ": there is no interface "
                + plan.parentName() + "; create it or correct the name");
    }

    private boolean repair(VirtualMacPlan plan, long nowNanos) {
        try {
            Optional<Link> parent = rtnetlink.link(plan.parentName());
            Optional<Link> link = rtnetlink.link(plan.name());
            VirtualMacInterface known = present.get(plan.name());
            if (known != null && (link.isEmpty() || link.get().index() != known.index())) {
                LOG.warn("interface {} was deleted by somebody", known.name());
                forget(known);
                known = null;
            }
            if (parent.isEmpty()) {
                return false; // its return will be told
            }
            if (known == null) {
                clearName(plan);
                make(plan, parent.get());
                LOG.info("interface {} is made", plan.name());
                return true;
            }
            finish(plan, known, parent.get(), link.orElseThrow());
        } catch (RuntimeException e) {
            failures++;
            nextRetry = nowNanos + RETRY_NANOS;
            LOG.warn("virtual router {}: interface {} cannot be made", plan.routerName(), plan.name(), e);
        }
        return false;
    }

    private void make(VirtualMacPlan plan, Link parent) {
        if (parent.mac() == null) {
            throw new IllegalStateException("virtual router " + plan.routerName() + ": interface " + parent.name()
                    + " has no Ethernet address, so that nothing with a virtual one can sit on it; leave use_vmac out");
        }
        LinkChanges links = rtnetlink.changeLinks();
        var mac = new io.keepstate.linux.route.MacAddress(plan.address().bits());
        links.createMacvlan(plan.name(), parent.index(), LinkChanges.MacvlanMode.PRIVATE, mac);
        Link link = rtnetlink.link(plan.name()).orElseThrow();
        VirtualMacInterface made = new VirtualMacInterface(
                plan.name(),
                link.index(),
                parent.name(),
                parent.index(),
                plan.address(),
                plan.family(),
                plan.carriesAdvertisements());
        try {
            links.setAlias(link.index(), ALIAS + ProcessIdentity.current());
            if (plan.carries(AddressFamily.IPV6)) {
                links.setAddressGeneration(link.index(), LinkChanges.AddressGeneration.NONE);
            }
            joinParentsCompany(links, link, parent);
            plan.ownParameters().forEach(sysctl::write);
            openReversePath(plan);
            journal.set(plan.parentParameters());
        } catch (RuntimeException e) {
            links.delete(link.index());
            throw e;
        }
        present.put(plan.name(), made);
        listeners.forEach(listener -> listener.onCreated(made));
        finish(plan, made, parent, link);
    }

    /** What can be done only when the interface below is up and has its addresses. */
    private void finish(VirtualMacPlan plan, VirtualMacInterface made, Link parent, Link link) {
        if (parent.isUp() && !link.isUp()) {
            rtnetlink.changeLinks().setUp(made.index(), true);
        }
        if (plan.family() == AddressFamily.IPV6 && plan.carriesAdvertisements()) {
            copyLinkLocal(made, parent);
        }
    }

    /** The same VRF and the same group of links as the interface below. */
    private void joinParentsCompany(LinkChanges links, Link link, Link parent) {
        if (parent.group() != 0) {
            links.setGroup(link.index(), parent.group());
        }
        boolean inVrf = parent.master() != 0
                && rtnetlink
                        .link(parent.master())
                        .map(master -> "vrf".equals(master.kind()))
                        .orElse(false);
        if (inVrf) {
            links.setMaster(link.index(), parent.master());
        }
    }

    /**
     * The kernel takes the stricter of {@code all} and the interface's own: for a macvlan without the check, {@code all} must
     * be 0, and what it said is said to every interface instead.
     */
    private void openReversePath(VirtualMacPlan plan) {
        if (!plan.carries(AddressFamily.IPV4)) {
            return;
        }
        int all = sysctl.read(ALL_RP_FILTER).map(VirtualMacInterfaces::number).orElse(0);
        if (all == 0) {
            return;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : sysctl.list("net/ipv4/conf")) {
            String key = "net/ipv4/conf/" + name + "/rp_filter";
            int own = sysctl.read(key).map(VirtualMacInterfaces::number).orElse(all);
            if (!name.equals("all") && !isOurs(name) && own < all) {
                parameters.put(key, Integer.toString(all));
            }
        }
        journal.set(parameters);
        // Last, so that no interface is without its check in between.
        journal.set(ALL_RP_FILTER, "0");
    }

    private static int number(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Advertisements leave with the link-local address of the interface below, which must then be on this one as well. */
    private void copyLinkLocal(VirtualMacInterface made, Link parent) {
        for (InterfaceAddress each : rtnetlink.addresses()) {
            if (each.interfaceIndex() == parent.index()
                    && each.address() instanceof Inet6Address
                    && each.address().isLinkLocalAddress()
                    && !each.isTentative()
                    && !each.isDuplicate()
                    && !virtualAddresses.contains(IpAddress.of(each.address()))) {
                int errno =
                        rtnetlink.addAddress(InterfaceAddress.builder(made.index(), each.address(), each.prefixLength())
                                .withoutDuplicateDetection()
                                .protocol(InterfaceAddress.PROTOCOL_VRRP)
                                .build());
                if (errno != 0 && errno != Errno.EEXIST) {
                    throw new LinuxException("rtnetlink", errno, "add " + each + " to " + made.name());
                }
            }
        }
    }

    private void forget(VirtualMacInterface gone) {
        present.remove(gone.name());
        listeners.forEach(listener -> listener.onRemoved(gone));
        plans.stream()
                .filter(plan -> plan.name().equals(gone.name()))
                .forEach(plan -> plan.parentParameters().keySet().forEach(journal::release));
    }

    /** Macvlans that bear the name of a process that is dead. */
    private void removeLeftovers() {
        for (Link link : rtnetlink.links()) {
            Optional<ProcessIdentity> owner = owner(link);
            if (MACVLAN.equals(link.kind()) && owner.isPresent() && !owner.get().isAlive()) {
                LOG.info(
                        "removing interface {} of process {}, which is dead",
                        link.name(),
                        owner.get().pid());
                rtnetlink.changeLinks().delete(link.index());
            }
        }
    }

    /** Removes what a crash left under this name; anything else of that name is somebody's. */
    private void clearName(VirtualMacPlan plan) {
        Optional<Link> taken = rtnetlink.link(plan.name());
        if (taken.isEmpty()) {
            return;
        }
        checkLeftover(plan, taken.get());
        LOG.info("removing interface {}, which a former run left", plan.name());
        rtnetlink.changeLinks().delete(taken.get().index());
    }

    private static void checkLeftover(VirtualMacPlan plan, Link link) {
        String who = "virtual router " + plan.routerName() + ": interface " + plan.name();
        Optional<ProcessIdentity> owner = owner(link);
        ProcessIdentity self = ProcessIdentity.current();
        if (owner.isPresent() && owner.get().isAlive() && !owner.get().equals(self)) {
            throw new IllegalStateException(who + " belongs to the running process "
                    + owner.get().pid() + "; stop that one, or give use_vmac another name");
        }
        boolean looksOurs = MACVLAN.equals(link.kind())
                && (owner.isPresent()
                        || (link.mac() != null
                                && link.mac().value() == plan.address().bits()));
        if (!looksOurs) {
            throw new IllegalStateException(who + " exists already, as "
                    + (link.kind() == null ? "hardware" : link.kind()) + " with address " + link.mac()
                    + ", and is not a virtual MAC that a former run left; remove it (ip link delete " + plan.name()
                    + ") or give use_vmac another name");
        }
    }

    private static Optional<ProcessIdentity> owner(Link link) {
        String alias = link.alias();
        if (alias == null || !alias.startsWith(ALIAS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ProcessIdentity.parse(alias.substring(ALIAS.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The kernel tells a new link's state a little later; to begin without waiting would begin in fault. */
    private void awaitRunning(VirtualMacPlan plan) {
        long deadline = System.nanoTime() + SETTLE_MILLIS * 1_000_000;
        while (System.nanoTime() - deadline < 0) {
            boolean parentRuns =
                    rtnetlink.link(plan.parentName()).map(Link::isRunning).orElse(false);
            boolean runs = rtnetlink.link(plan.name()).map(Link::isRunning).orElse(false);
            if (runs || !parentRuns) {
                return;
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
