// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.link.LinkState;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.route.Link;
import io.keepstate.linux.route.RouteListener;
import io.keepstate.linux.route.RouteMonitor;
import io.keepstate.linux.route.Rtnetlink;
import java.util.List;
import java.util.Optional;

/**
 * Watches the interfaces of the links. rtnetlink tells of changes; the kernel may tell of a lost carrier up to a second
 * late, and of one that was away for less not at all, so the carrier is looked at as well: what is sent meanwhile is lost.
 */
final class LinkWatch implements AutoCloseable {
    private static final long POLL_NANOS = 200_000_000L;
    private static final int BUDGET = 64;

    private final List<Optional<String>> names;
    private final Rtnetlink rtnetlink;
    private final RouteMonitor monitor;
    private final Reports reports;
    private final boolean looks;
    private long lookAt = Long.MIN_VALUE;

    /** Told what each link can do, whether it changed or not. */
    @FunctionalInterface
    interface Reports {
        void on(int link, LinkState state, long nowNanos);
    }

    LinkWatch(List<Optional<String>> names, Reports reports) {
        this.names = names;
        this.reports = reports;
        this.looks = names.stream().anyMatch(Optional::isPresent);
        this.monitor = RouteMonitor.openForLinks();
        try {
            this.rtnetlink = Rtnetlink.open();
        } catch (RuntimeException e) {
            monitor.close();
            throw e;
        }
    }

    void register(EventLoop loop) {
        RouteListener ignore = new RouteListener() {}; // what changed is looked at, not believed: events may be old
        loop.register(monitor, "dedicated links", Readiness.READ, (readiness, now) -> {
            int events = monitor.receive(ignore, BUDGET);
            look(now);
            return Math.max(1, events);
        });
    }

    void doWork(long nowNanos) {
        if (nowNanos >= lookAt) {
            look(nowNanos);
            lookAt = looks ? nowNanos + POLL_NANOS : Long.MAX_VALUE;
        }
    }

    long nextDeadline() {
        return lookAt;
    }

    private void look(long nowNanos) {
        for (int link = 0; link < names.size(); link++) {
            if (names.get(link).isPresent()) {
                reports.on(link, stateOf(rtnetlink.link(names.get(link).get())), nowNanos);
            }
        }
    }

    private static LinkState stateOf(Optional<Link> link) {
        if (link.isEmpty() || !link.get().isUp()) {
            return LinkState.DOWN;
        }
        boolean running = link.get().isRunning() && link.get().hasCarrier();
        return running ? LinkState.RUNNING : LinkState.NO_CARRIER;
    }

    @Override
    public void close() {
        rtnetlink.close();
        monitor.close();
    }
}
