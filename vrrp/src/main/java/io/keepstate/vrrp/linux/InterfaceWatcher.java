// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.route.InterfaceAddress;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.RouteListener;
import io.keepstate.linux.route.RouteMonitor;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.linux.socket.Pollable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Watches whether interfaces can carry packets: switched on and running. Changes arrive as rtnetlink events; because those
 * can be delayed (link watch holds them back for up to a second) or lost, the flags are also looked at now and then, which
 * costs one small request per interface.
 *
 * <p>Confined to one thread, the one of its rtnetlink.
 */
public final class InterfaceWatcher implements Pollable, AutoCloseable {

    /** Time between two looks. */
    private static final long POLL_NANOS = 100_000_000L;

    private static final int BUDGET = 64;

    private final Rtnetlink rtnetlink;
    private final RouteMonitor monitor;
    private final InterfaceListener listener;
    private final Map<String, Watched> interfaces = new LinkedHashMap<>();
    private final RouteListener events = new Events();
    private long nextPoll = System.nanoTime();
    private long nowNanos;

    private static final class Watched {
        int index;
        boolean up;
    }

    /**
     * Watches these interfaces, which need not exist. Their first state is to be asked by {@link #isUp}, it is not told.
     *
     * @param rtnetlink to look with; stays the caller's
     */
    public InterfaceWatcher(Rtnetlink rtnetlink, Collection<String> names, InterfaceListener listener) {
        this.rtnetlink = rtnetlink;
        this.listener = listener;
        // Before the first look, so that no change falls between.
        this.monitor = RouteMonitor.open();
        for (String name : names) {
            Watched watched = new Watched();
            Optional<Link> link = rtnetlink.link(name);
            watched.index = link.map(Link::index).orElse(0);
            watched.up = link.map(InterfaceWatcher::isUp).orElse(false);
            interfaces.put(name, watched);
        }
    }

    /** The descriptor of the events. */
    @Override
    public int fd() {
        return monitor.fd();
    }

    /** Whether a watched interface could carry packets when last looked at. */
    public boolean isUp(String name) {
        Watched watched = interfaces.get(name);
        if (watched == null) {
            throw new IllegalArgumentException("interface " + name + " is not watched");
        }
        return watched.up;
    }

    /** Handles queued events. */
    public int receive(long atNanos) {
        nowNanos = atNanos;
        int count = monitor.receive(events, BUDGET);
        if (count == RouteMonitor.OVERRUN) {
            look();
            interfaces.forEach((name, watched) -> listener.onAddresses(name, nowNanos));
            return 1;
        }
        return Math.max(0, count);
    }

    /** Looks at the flags if it is time to. */
    public void advance(long atNanos) {
        if (atNanos >= nextPoll) {
            nowNanos = atNanos;
            nextPoll = atNanos + POLL_NANOS;
            look();
        }
    }

    /** When to call {@link #advance} next. */
    public long nextDeadline() {
        return nextPoll;
    }

    @Override
    public void close() {
        monitor.close();
    }

    private void look() {
        interfaces.forEach((name, watched) -> {
            Optional<Link> link = rtnetlink.link(name);
            watched.index = link.map(Link::index).orElse(0);
            set(name, watched, link.map(InterfaceWatcher::isUp).orElse(false));
        });
    }

    private void set(String name, Watched watched, boolean up) {
        if (watched.up != up) {
            watched.up = up;
            listener.onLink(name, up, nowNanos);
        }
    }

    private static boolean isUp(Link link) {
        return link.isUp() && link.isRunning();
    }

    private final class Events implements RouteListener {
        @Override
        public void onLink(Link link) {
            Watched watched = interfaces.get(link.name());
            if (watched != null) {
                watched.index = link.index();
                set(link.name(), watched, isUp(link));
            }
        }

        @Override
        public void onLinkGone(Link link) {
            Watched watched = interfaces.get(link.name());
            if (watched != null) {
                watched.index = 0;
                set(link.name(), watched, false);
            }
        }

        @Override
        public void onAddress(InterfaceAddress address) {
            addressesChanged(address.interfaceIndex());
        }

        @Override
        public void onAddressGone(InterfaceAddress address) {
            addressesChanged(address.interfaceIndex());
        }

        private void addressesChanged(int index) {
            interfaces.forEach((name, watched) -> {
                if (watched.index == index) {
                    listener.onAddresses(name, nowNanos);
                }
            });
        }
    }
}
