// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.VirtualRouterConfig;
import java.time.Duration;
import java.util.List;

/** Groups for tests: like the reference setup, one router on either side of the firewall. */
public final class Groups {
    private Groups() {}

    /** G1 of the reference setup with this priority: E1 outside, I1 inside. */
    public static VrrpGroup reference(int priority) {
        return group("G1", priority, 61);
    }

    /** A group of two routers with this VRID and the next. */
    public static VrrpGroup group(String name, int priority, int virtualRouterId) {
        AnnouncementPolicy announcements = new AnnouncementPolicy(2, Duration.ofSeconds(1), Duration.ZERO, 1);
        return new VrrpGroup(
                name,
                List.of(
                        VirtualRouterConfig.builder("E" + virtualRouterId, "eth0")
                                .virtualRouterId(virtualRouterId)
                                .priority(priority)
                                .announcements(announcements)
                                .address("10.15.7." + (virtualRouterId + 39) + "/24")
                                .excludedAddress("2001:db8:15:7::" + virtualRouterId + "/64")
                                .build(),
                        VirtualRouterConfig.builder("I" + virtualRouterId, "eth1")
                                .virtualRouterId(virtualRouterId + 1)
                                .priority(priority)
                                .announcements(announcements)
                                .address("172.16.0." + (virtualRouterId + 39) + "/24")
                                .build()));
    }
}
