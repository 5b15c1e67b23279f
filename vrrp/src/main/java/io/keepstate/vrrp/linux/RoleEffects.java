// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.AddressLease;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.AnnouncementSchedule;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out on the host what elections decide: advertisements leave at once, as their router is configured now; what
 * routers hold goes up and down, and is announced, when {@link #settle} is called. So all advertisements of a group are
 * out before the first address is touched.
 */
final class RoleEffects implements EffectSink {

    private static final Logger LOG = LoggerFactory.getLogger(VrrpRuntime.class);

    private final AdvertisementSockets sockets;
    private final HoldingsOwner holdings;
    private final AnnouncementPacer announcer;
    private final Runnable reconfigured;
    private final EffectSink observer;
    private final Map<VirtualRouter, AnnouncementSchedule> schedules = new LinkedHashMap<>();
    private final ArrayDeque<Effect> undone = new ArrayDeque<>();

    /**
     * Of no routers yet.
     *
     * @param reconfigured told when a router is another one now, for what depends on all of them
     * @param observer told all effects, after they took effect
     */
    RoleEffects(
            AdvertisementSockets sockets,
            HoldingsOwner holdings,
            AnnouncementPacer announcer,
            Runnable reconfigured,
            EffectSink observer) {
        this.sockets = sockets;
        this.holdings = holdings;
        this.announcer = announcer;
        this.reconfigured = reconfigured;
        this.observer = observer;
    }

    /** Takes in a router, whose effects come here. */
    void add(VirtualRouter router) {
        schedules.put(router, new AnnouncementSchedule(router.config()));
    }

    @Override
    public void accept(Effect effect) {
        if (effect instanceof Effect.SendAdvertisement send) {
            sockets.send(send.router(), send.advertisement());
            observer.accept(effect);
        } else if (effect instanceof Effect.Reconfigured configured) {
            reconfigured.run();
            sockets.onConfigured(configured.router());
            undone.add(effect);
        } else {
            undone.add(effect);
        }
    }

    /** Does what waits, and the announcements that are due. */
    void settle(long nowNanos) {
        for (Effect effect = undone.poll(); effect != null; effect = undone.poll()) {
            if (effect instanceof Effect.StateChanged change) {
                move(change, nowNanos);
            } else if (effect instanceof Effect.Reannounce again) {
                schedule(again.router()).again(nowNanos);
            } else if (effect instanceof Effect.Reconfigured configured) {
                configured(configured, nowNanos);
            } else if (effect instanceof Effect.HoldingsChanged changed) {
                change(changed.router(), nowNanos);
            }
            observer.accept(effect);
        }
        for (AnnouncementSchedule schedule : schedules.values()) {
            schedule.advance(nowNanos, announcer);
        }
    }

    /** When to {@link #settle}; 0 for at once. */
    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (AnnouncementSchedule schedule : schedules.values()) {
            earliest = Math.min(earliest, schedule.nextDeadline());
        }
        return undone.isEmpty() ? earliest : 0;
    }

    private void move(Effect.StateChanged change, long nowNanos) {
        VirtualRouter router = change.router();
        LOG.info("{}: {} -> {}: {}", router.name(), change.from(), change.to(), change.text());
        if (change.to() == State.ACTIVE) {
            warn("putting up", holdings.up(router.config(), nowNanos));
            announce(router, nowNanos);
        } else if (change.from() == State.ACTIVE) {
            stopAnnouncing(router);
            warn("taking down", holdings.down(router.config()));
        }
    }

    private void configured(Effect.Reconfigured change, long nowNanos) {
        if (AddressLease.downNanos(change.before()) != AddressLease.downNanos(change.after())) {
            warn("leasing anew", holdings.leaseAnew(change.router().config(), nowNanos));
        }
    }

    /** Only what is new is announced: neighbours know the rest. */
    private void change(VirtualRouter router, long nowNanos) {
        List<VirtualAddress> gone = new ArrayList<>(schedule(router).addresses());
        gone.removeAll(router.config().allAddresses());
        announcer.cancel(gone);
        warn("changing", holdings.up(router.config(), nowNanos));
        schedule(router).change(router.config(), nowNanos);
    }

    /** As the router is configured now, which may be otherwise than at the start. */
    private void announce(VirtualRouter router, long nowNanos) {
        AnnouncementSchedule schedule = schedule(router);
        schedule.configure(router.config());
        schedule.start(nowNanos);
    }

    private void stopAnnouncing(VirtualRouter router) {
        schedule(router).stop();
        announcer.cancel(router.config().allAddresses());
    }

    private AnnouncementSchedule schedule(VirtualRouter router) {
        AnnouncementSchedule schedule = schedules.get(router);
        if (schedule == null) {
            throw new AssertionError(router);
        }
        return schedule;
    }

    /** Says what could not be done to the host. */
    static void warn(String what, List<HoldingFailure> failures) {
        failures.forEach(failure -> LOG.warn("{} failed: {}", what, failure));
    }
}
