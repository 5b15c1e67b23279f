// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.RouteListener;
import io.keepstate.linux.route.RouteMonitor;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.StaticEntries.Entry;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.linux.track.TrackListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps static entries in the kernel: what somebody takes away is put back at once, and what cannot be put there (its
 * interface is missing or down) is tried again every second, which also finds the routes that the kernel drops without a
 * word when a link goes down. While something is missing, its track group is down.
 *
 * <p>Needs CAP_NET_ADMIN. Confined to one thread.
 */
public final class StaticOwner implements Pollable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StaticOwner.class);
    private static final int BUDGET = 64;
    private static final long LOOK_NANOS = 1_000_000_000L;
    /** With thousands of entries the looks get rarer, so that they stay below a hundredth of a processor. */
    private static final long NANOS_PER_ENTRY = 3_000_000L;

    private final Rtnetlink rtnetlink = Rtnetlink.open();
    private final AddressOwner addresses = new AddressOwner(rtnetlink);
    private final RouteOwner routes = new RouteOwner(rtnetlink);
    private final RouteMonitor monitor;
    private final RouteListener hints = new Hints();
    private final Set<Object> missing = new HashSet<>();
    private final Map<Tracked, TrackValue> told = new HashMap<>();
    private StaticEntries entries = StaticEntries.NONE;
    private boolean changed;
    private long nextLook = Long.MAX_VALUE;

    private StaticOwner() {
        try {
            monitor = RouteMonitor.openForLosses();
        } catch (RuntimeException e) {
            rtnetlink.close();
            throw e;
        }
    }

    /** Of the calling thread's network namespace; without entries yet. */
    public static StaticOwner open() {
        return new StaticOwner();
    }

    /** Puts these up, after taking down what was there before and is no longer among them. What fails is in the log. */
    public void set(StaticEntries wanted, long nowNanos) {
        StaticEntries before = entries;
        if (entries.isEmpty() && !wanted.isEmpty()) {
            monitor.watchRoutes();
            monitor.watchRules();
        }
        entries = wanted;
        takeDown(new StaticEntries(
                gone(before.addresses(), wanted.addresses()),
                gone(before.routes(), wanted.routes()),
                gone(before.rules(), wanted.rules())));
        missing.clear();
        told.keySet().retainAll(wanted.groups());
        look(nowNanos, "cannot be put up");
    }

    /** Takes everything down. */
    public void clear() {
        takeDown(entries);
        entries = StaticEntries.NONE;
        nextLook = Long.MAX_VALUE;
    }

    /** Tells the track groups that are up or down now and were not, or were not told of, before. */
    public void drain(TrackListener listener) {
        if (!changed) {
            return;
        }
        changed = false;
        Set<Tracked> down = new HashSet<>();
        collectDown(entries.addresses(), down);
        collectDown(entries.routes(), down);
        collectDown(entries.rules(), down);
        for (Tracked group : entries.groups()) {
            TrackValue value = TrackValue.of(!down.contains(group));
            if (!value.equals(told.put(group, value))) {
                listener.onTracked(group, value);
            }
        }
    }

    /** Lets {@link #drain} tell everything once more, for those who have only begun to listen. */
    public void tellAgain() {
        told.clear();
        changed = true;
    }

    @Override
    public int fd() {
        return monitor.fd();
    }

    /** Looks into what others took away; to be called when the descriptor is readable. */
    public int receive(long nowNanos) {
        int count = monitor.receive(hints, BUDGET);
        if (count == RouteMonitor.OVERRUN) {
            nextLook = nowNanos;
        }
        advance(nowNanos);
        return Math.max(1, count);
    }

    /** Looks if it is time to. */
    public void advance(long nowNanos) {
        if (nowNanos >= nextLook) {
            look(nowNanos, "was removed by somebody else and cannot be put back");
        }
    }

    /** When to call {@link #advance} next; {@link Long#MAX_VALUE} without entries. */
    public long nextDeadline() {
        return nextLook;
    }

    /** Closes its sockets; what is up stays up unless {@link #clear} came before. */
    @Override
    public void close() {
        monitor.close();
        rtnetlink.close();
    }

    private void look(long nowNanos, String complaint) {
        int count = entries.addresses().size()
                + entries.routes().size()
                + entries.rules().size();
        nextLook = entries.isEmpty() ? Long.MAX_VALUE : nowNanos + Math.max(LOOK_NANOS, count * NANOS_PER_ENTRY);
        lookAtAddresses(complaint);
        entries.routes().forEach(entry -> put(entry.what(), "route", routes::add, complaint));
        entries.rules().forEach(entry -> put(entry.what(), "rule", routes::add, complaint));
        changed = true;
    }

    private void lookAtAddresses(String complaint) {
        List<VirtualAddress> wanted =
                entries.addresses().stream().map(Entry::what).toList();
        if (wanted.isEmpty()) {
            return;
        }
        Set<VirtualAddress> absent = new HashSet<>(addresses.missing(wanted));
        for (VirtualAddress address : wanted) {
            if (!absent.contains(address)) {
                note(address, "address", Errno.EEXIST, complaint);
                continue;
            }
            List<HoldingFailure> failures = addresses.add(List.of(address));
            note(address, "address", failures.isEmpty() ? 0 : failures.get(0).errno(), complaint);
        }
    }

    /** To add it tells whether it was still there. */
    private <T> void put(T what, String kind, ToIntFunction<T> adder, String complaint) {
        note(what, kind, adder.applyAsInt(what), complaint);
    }

    private void note(Object what, String kind, int errno, String complaint) {
        if (errno == 0 || errno == Errno.EEXIST) {
            boolean wasMissing = missing.remove(what);
            if (errno == 0) {
                LOG.info("static {} {} is put up{}", kind, what, wasMissing ? " at last" : "");
            }
        } else if (missing.add(what)) {
            LOG.warn("static {} {} {}: {}; tried again every second", kind, what, complaint, Errno.describe(errno));
        }
    }

    private <T> void collectDown(List<Entry<T>> list, Set<Tracked> down) {
        for (Entry<T> entry : list) {
            if (missing.contains(entry.what())) {
                entry.trackGroup().ifPresent(name -> down.add(StaticEntries.group(name)));
            }
        }
    }

    private void takeDown(StaticEntries some) {
        List<HoldingFailure> failures = new ArrayList<>(
                routes.removeRules(some.rules().stream().map(Entry::what).toList()));
        failures.addAll(
                routes.removeRoutes(some.routes().stream().map(Entry::what).toList()));
        failures.addAll(
                addresses.remove(some.addresses().stream().map(Entry::what).toList()));
        failures.forEach(failure -> LOG.warn("removing a static entry failed: {}", failure));
    }

    /** By what is put up: another track group does not make another entry of it. */
    private static <T> List<Entry<T>> gone(List<Entry<T>> before, List<Entry<T>> after) {
        Set<T> kept = new HashSet<>();
        after.forEach(entry -> kept.add(entry.what()));
        return before.stream().filter(entry -> !kept.contains(entry.what())).toList();
    }

    /** Something has gone, by the kernel's events; perhaps by our own hand, which a look then finds out. */
    private final class Hints implements RouteListener {
        @Override
        public void onAddressGone(InterfaceAddress address) {
            if (!entries.addresses().isEmpty()) {
                nextLook = Long.MIN_VALUE;
            }
        }

        @Override
        public void onRouteGone(int protocol) {
            if (entries.routes().stream().anyMatch(entry -> RouteOwner.protocol(entry.what()) == protocol)) {
                nextLook = Long.MIN_VALUE;
            }
        }

        @Override
        public void onRuleGone(int protocol) {
            if (!entries.rules().isEmpty()) {
                nextLook = Long.MIN_VALUE;
            }
        }
    }
}
