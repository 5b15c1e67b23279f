// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.sysctl.SysctlJournal;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
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
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final long SETTLE_MILLIS = 500;

    private final Rtnetlink rtnetlink;
    private final VirtualMacParameters parameters;
    private final VirtualMacLeftovers leftovers;
    private final MacvlanMaker maker;
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
        this.plans = new ArrayList<>(plansOf(routers));
        this.parameters = new VirtualMacParameters(journalDirectory, this::isOurs);
        this.leftovers = new VirtualMacLeftovers(rtnetlink);
        this.maker = new MacvlanMaker(rtnetlink, parameters);
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
        parameters.recover();
        leftovers.remove();
        for (VirtualMacPlan plan : plans) {
            leftovers.clear(plan);
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
                rtnetlink.link(plan.name()).ifPresent(link -> VirtualMacLeftovers.check(plan, link));
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
                if (present.containsKey(wanted.name())) {
                    parameters.carry(same.get(), wanted);
                }
            } else {
                plans.add(wanted);
                repair(wanted, nowNanos);
            }
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
        parameters.close();
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
                leftovers.clear(plan);
                make(plan, parent.get());
                LOG.info("interface {} is made", plan.name());
                return true;
            }
            maker.finish(plan, known, parent.get(), link.orElseThrow().isUp(), virtualAddresses);
        } catch (RuntimeException e) {
            failures++;
            nextRetry = nowNanos + RETRY_NANOS;
            LOG.warn("virtual router {}: interface {} cannot be made", plan.routerName(), plan.name(), e);
        }
        return false;
    }

    private void make(VirtualMacPlan plan, Link parent) {
        VirtualMacInterface made = maker.make(plan, parent);
        present.put(plan.name(), made);
        listeners.forEach(listener -> listener.onCreated(made));
        maker.finish(plan, made, parent, false, virtualAddresses);
    }

    private void forget(VirtualMacInterface gone) {
        present.remove(gone.name());
        listeners.forEach(listener -> listener.onRemoved(gone));
        plans.stream().filter(plan -> plan.name().equals(gone.name())).forEach(parameters::release);
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
