// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.takeover;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.AnnouncementSchedule;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.util.ArrayList;
import java.util.List;

/** The announcement schedules of all virtual routers of a group: they run together while the group has its addresses. */
final class GroupAnnouncements {
    private final List<AnnouncementSchedule> schedules = new ArrayList<>();
    private final AnnouncementPacer announcer;
    private final List<VirtualAddress> addresses = new ArrayList<>();
    private boolean running;

    GroupAnnouncements(VrrpGroup group, AnnouncementPacer announcer) {
        this.announcer = announcer;
        define(group);
    }

    private void define(VrrpGroup group) {
        addresses.addAll(group.addresses());
        for (VirtualRouterConfig router : group.routers()) {
            schedules.add(new AnnouncementSchedule(router));
        }
    }

    /** The group has other addresses; if it announces any it announces these now. */
    void configure(VrrpGroup group, long nowNanos) {
        boolean wasRunning = running;
        stop();
        schedules.clear();
        addresses.clear();
        define(group);
        announcer.pace(group.routers());
        if (wasRunning) {
            start(nowNanos);
        }
    }

    /** The addresses have gone up: the first burst leaves now, the second is scheduled. */
    void start(long nowNanos) {
        running = true;
        schedules.forEach(schedule -> schedule.start(nowNanos));
        advance(nowNanos);
    }

    /** Another router spoke up: neighbours may have learned its address. */
    void again(long nowNanos) {
        schedules.forEach(schedule -> schedule.again(nowNanos));
    }

    void stop() {
        running = false;
        schedules.forEach(AnnouncementSchedule::stop);
        announcer.cancel(addresses);
    }

    void advance(long nowNanos) {
        for (AnnouncementSchedule schedule : schedules) {
            schedule.advance(nowNanos, announcer);
        }
    }

    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (AnnouncementSchedule schedule : schedules) {
            earliest = Math.min(earliest, schedule.nextDeadline());
        }
        return earliest;
    }
}
