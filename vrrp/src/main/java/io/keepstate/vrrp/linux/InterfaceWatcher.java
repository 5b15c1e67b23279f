// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.RouteListener;
import io.keepstate.linux.route.RouteMonitor;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.vrrp.InterfaceDelays;
import io.keepstate.vrrp.LinkDebounce;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches whether interfaces can carry packets: switched on, running and with carrier. Changes arrive as rtnetlink events;
 * because the kernel holds those back (link watch sends one batch of carrier losses per second, machine wide) or may lose
 * them, the flags are also looked at, many times a second: one small request per interface. A change counts when it has
 * lasted as long as the interface's {@link InterfaceDelays} say.
 *
 * <p>Confined to one thread, the one of its rtnetlink.
 */
public final class InterfaceWatcher implements Pollable, AutoCloseable {

    private static final long SHORTEST_POLL_NANOS = 10_000_000L;
    private static final long LONGEST_POLL_NANOS = 100_000_000L;
    /** A thousand looks a second, whatever the number of interfaces. */
    private static final long NANOS_PER_LOOK = 1_000_000L;

    private static final int BUDGET = 64;

    private final Rtnetlink rtnetlink;
    private final RouteMonitor monitor;
    private final InterfaceListener listener;
    private final Map<String, Watched> interfaces = new LinkedHashMap<>();
    private final Set<IpAddress> ignored = new HashSet<>();
    private final RouteListener events = new Events();
    private long pollNanos;
    private long nowNanos = System.nanoTime();
    private long nextPoll = nowNanos;

    private static final class Watched {
        int index;
        final LinkDebounce debounce;
        /** Whether an address of it changed in the burst of events being read. */
        boolean addressesChanged;

        Watched(int index, LinkDebounce debounce) {
            this.index = index;
            this.debounce = debounce;
        }
    }

    /** Watches these interfaces, whose changes count at once; looks every 50 ms. */
    public InterfaceWatcher(Rtnetlink rtnetlink, Collection<String> names, InterfaceListener listener) {
        this(rtnetlink, names, TrackedObjects.NONE, LONGEST_POLL_NANOS, listener);
    }

    /**
     * Watches these interfaces, which need not exist. Their first state is to be asked by {@link #isUp}, it is not told.
     *
     * @param rtnetlink to look with; stays the caller's
     * @param objects says how long a change must last
     * @param intervalNanos interval of the fastest advertisements: a lost carrier should be noticed within half of it; the
     *     time between two looks is never below 10 ms, never above 100 ms unless there are more than a hundred interfaces
     */
    public InterfaceWatcher(
            Rtnetlink rtnetlink,
            Collection<String> names,
            TrackedObjects objects,
            long intervalNanos,
            InterfaceListener listener) {
        this.rtnetlink = rtnetlink;
        this.listener = listener;
        // Before the first look, so that no change falls between.
        this.monitor = RouteMonitor.open();
        for (String name : names) {
            watch(name, objects);
        }
        advertisementsEvery(intervalNanos);
    }

    /**
     * Looks as often as advertisements of this interval want it, and as the number of interfaces allows.
     *
     * @param intervalNanos as in the constructor
     */
    public void advertisementsEvery(long intervalNanos) {
        long wanted = Math.max(SHORTEST_POLL_NANOS, Math.min(LONGEST_POLL_NANOS, intervalNanos / 2));
        pollNanos = Math.max(wanted, interfaces.size() * NANOS_PER_LOOK);
        nextPoll = Math.min(nextPoll, nowNanos + pollNanos);
    }

    /** Watches one more interface; one that is watched already goes on as it is, with these delays. */
    public void watch(String name, TrackedObjects objects) {
        Watched known = interfaces.get(name);
        if (known != null) {
            known.debounce.configure(objects.delaysOf(name));
            return;
        }
        Optional<Link> link = rtnetlink.link(name);
        boolean up = link.map(InterfaceWatcher::isUp).orElse(false);
        LinkDebounce debounce = new LinkDebounce(objects.delaysOf(name), up);
        interfaces.put(name, new Watched(link.map(Link::index).orElse(0), debounce));
    }

    /** The descriptor of the events. */
    @Override
    public int fd() {
        return monitor.fd();
    }

    /**
     * Tells nothing of these addresses: virtual ones, which come and go by our own hand, by hundreds and again and again
     * where they are leased.
     */
    public void ignore(Collection<VirtualAddress> addresses) {
        addresses.forEach(address -> ignored.add(address.address()));
    }

    /** Hears nothing of addresses that this socket adds and renews; the kernel keeps such events. */
    public void ignoreAddressesAddedBy(long portId) {
        monitor.ignoreAddressesAddedBy(portId);
    }

    /** The interfaces it watches. */
    public Set<String> names() {
        return Set.copyOf(interfaces.keySet());
    }

    /** Whether a watched interface counts as able to carry packets. */
    public boolean isUp(String name) {
        Watched watched = interfaces.get(name);
        if (watched == null) {
            throw new IllegalArgumentException("interface " + name + " is not watched");
        }
        return watched.debounce.isUp();
    }

    /** Handles queued events. */
    public int receive(long atNanos) {
        nowNanos = atNanos;
        int count = monitor.receive(events, BUDGET);
        if (count == RouteMonitor.OVERRUN) {
            look();
            interfaces.values().forEach(watched -> watched.addressesChanged = true);
        }
        tellAddresses();
        return count == RouteMonitor.OVERRUN ? 1 : Math.max(0, count);
    }

    /** Once for each interface, whatever the number of events: to choose among all its addresses is work. */
    private void tellAddresses() {
        interfaces.forEach((name, watched) -> {
            if (watched.addressesChanged) {
                watched.addressesChanged = false;
                listener.onAddresses(name, nowNanos);
            }
        });
    }

    /** Looks at the flags if it is time to, and lets changes count that have lasted. */
    public void advance(long atNanos) {
        nowNanos = atNanos;
        if (atNanos >= nextPoll) {
            nextPoll = atNanos + pollNanos;
            look();
        }
        interfaces.forEach((name, watched) -> {
            if (watched.debounce.advance(atNanos)) {
                listener.onLink(name, watched.debounce.isUp(), atNanos);
            }
        });
    }

    /** When to call {@link #advance} next. */
    public long nextDeadline() {
        long earliest = nextPoll;
        for (Watched watched : interfaces.values()) {
            earliest = Math.min(earliest, watched.debounce.nextDeadline());
        }
        return earliest;
    }

    @Override
    public void close() {
        monitor.close();
    }

    private void look() {
        interfaces.forEach((name, watched) -> {
            Optional<Link> link = rtnetlink.link(name);
            set(
                    name,
                    watched,
                    link.map(Link::index).orElse(0),
                    link.map(InterfaceWatcher::isUp).orElse(false));
        });
    }

    private void set(String name, Watched watched, int index, boolean up) {
        if (watched.index != index) {
            watched.index = index;
            // Before its state: sockets are of the old interface, and nothing may be said through them as if it were
            // up.
            listener.onReplaced(name, index, nowNanos);
        }
        if (watched.debounce.onLink(up, nowNanos)) {
            listener.onLink(name, up, nowNanos);
        }
    }

    /** The flag of the carrier is always true; that of the operational state follows when link watch has run. */
    private static boolean isUp(Link link) {
        return link.isUp() && link.isRunning() && link.hasCarrier();
    }

    private final class Events implements RouteListener {
        @Override
        public void onLink(Link link) {
            Watched watched = interfaces.get(link.name());
            if (watched != null) {
                set(link.name(), watched, link.index(), isUp(link));
            }
        }

        @Override
        public void onLinkGone(Link link) {
            Watched watched = interfaces.get(link.name());
            // Events of an interface that was deleted may come after those of its successor of the same name.
            if (watched != null && watched.index == link.index()) {
                set(link.name(), watched, 0, false);
            }
        }

        @Override
        public void onAddress(InterfaceAddress address) {
            addressChanged(address);
        }

        @Override
        public void onAddressGone(InterfaceAddress address) {
            addressChanged(address);
        }

        private void addressChanged(InterfaceAddress address) {
            if (ignored.contains(IpAddress.of(address.address()))) {
                return;
            }
            for (Watched watched : interfaces.values()) {
                watched.addressesChanged |= watched.index == address.interfaceIndex();
            }
        }
    }
}
