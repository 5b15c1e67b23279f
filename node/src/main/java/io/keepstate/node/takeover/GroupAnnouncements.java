// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.AnnouncementSchedule;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The announcement schedules of all virtual routers of a group: they run together while the group has its addresses. */
final class GroupAnnouncements {
    /** By the router's name. */
    private final Map<String, AnnouncementSchedule> schedules = new LinkedHashMap<>();

    private final AnnouncementPacer announcer;
    private final List<VirtualAddress> addresses = new ArrayList<>();
    private List<VirtualRouterConfig> routers;
    private boolean running;

    GroupAnnouncements(VrrpGroup group, AnnouncementPacer announcer) {
        this.announcer = announcer;
        addresses.addAll(group.addresses());
        routers = group.routers();
        group.routers().forEach(router -> schedules.put(router.name(), new AnnouncementSchedule(router)));
    }

    /** The group has other routers or addresses; if it announces any, it announces now those that are new. */
    void configure(VrrpGroup group, long nowNanos) {
        List<VirtualAddress> gone = new ArrayList<>(addresses);
        addresses.clear();
        addresses.addAll(group.addresses());
        gone.removeAll(addresses);
        announcer.cancel(gone);
        announcer.forget(routers);
        announcer.pace(group.routers());
        routers = group.routers();
        Map<String, AnnouncementSchedule> before = Map.copyOf(schedules);
        schedules.clear();
        for (VirtualRouterConfig router : group.routers()) {
            schedules.put(router.name(), changed(before.get(router.name()), router, nowNanos));
        }
        advance(nowNanos);
    }

    private AnnouncementSchedule changed(
            @Nullable AnnouncementSchedule schedule, VirtualRouterConfig router, long nowNanos) {
        if (schedule != null) {
            schedule.change(router, nowNanos);
            return schedule;
        }
        AnnouncementSchedule fresh = new AnnouncementSchedule(router);
        if (running) {
            fresh.start(nowNanos);
        }
        return fresh;
    }

    /** The addresses have gone up: the first burst leaves now, the second is scheduled. */
    void start(long nowNanos) {
        running = true;
        schedules.values().forEach(schedule -> schedule.start(nowNanos));
        advance(nowNanos);
    }

    /** Another router spoke up: neighbours may have learned its address. */
    void again(long nowNanos) {
        schedules.values().forEach(schedule -> schedule.again(nowNanos));
    }

    void stop() {
        running = false;
        schedules.values().forEach(AnnouncementSchedule::stop);
        announcer.cancel(addresses);
    }

    void advance(long nowNanos) {
        for (AnnouncementSchedule schedule : schedules.values()) {
            schedule.advance(nowNanos, announcer);
        }
    }

    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (AnnouncementSchedule schedule : schedules.values()) {
            earliest = Math.min(earliest, schedule.nextDeadline());
        }
        return earliest;
    }
}
