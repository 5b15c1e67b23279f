// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.codec.IpAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What the lines of {@code global_defs} say to the instances.
 *
 * @param version {@code vrrp_version}
 * @param announcements {@code vrrp_garp_*}
 * @param minimalAnnouncements {@code vrrp_min_garp}
 * @param downTimerAdverts {@code vrrp_down_timer_adverts}
 * @param lowerPriorityNoAdvert {@code vrrp_lower_prio_no_advert}
 * @param higherPrioritySendsAdvert {@code vrrp_higher_prio_send_advert}
 * @param ownerIgnoresAdverts {@code vrrp_owner_ignore_adverts}
 * @param checkUnicastSource {@code vrrp_check_unicast_src}
 * @param skipAddressListCheck {@code vrrp_skip_check_adv_addr}
 * @param strict {@code vrrp_strict}
 * @param messageChecksum {@code v3_checksum_as_v2}
 * @param group4 {@code vrrp_mcast_group4}
 * @param group6 {@code vrrp_mcast_group6}
 * @param startupDelay {@code vrrp_startup_delay}
 * @param vmacPrefix {@code vmac_prefix}
 * @param vmacAddressPrefix {@code vmac_addr_prefix}
 * @param priorityChanges {@code vrrp_notify_priority_changes}
 */
record InstanceDefaults(
        int version,
        AnnouncementPolicy announcements,
        boolean minimalAnnouncements,
        int downTimerAdverts,
        boolean lowerPriorityNoAdvert,
        boolean higherPrioritySendsAdvert,
        boolean ownerIgnoresAdverts,
        boolean checkUnicastSource,
        boolean skipAddressListCheck,
        boolean strict,
        boolean messageChecksum,
        Optional<IpAddress> group4,
        Optional<IpAddress> group6,
        Duration startupDelay,
        String vmacPrefix,
        String vmacAddressPrefix,
        boolean priorityChanges) {}
