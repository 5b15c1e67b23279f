// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.time.Duration;
import java.util.Map;

/**
 * How often virtual addresses are announced after they went up.
 *
 * @param repeat rounds in a burst, at least 1 (keepalived: garp_master_repeat)
 * @param delay time between the first and the second burst; zero: no second one (garp_master_delay)
 * @param refresh time between later rounds; zero: none (garp_master_refresh)
 * @param refreshRepeat rounds at each refresh, at least 1 (garp_master_refresh_repeat)
 * @param lowerPriorityRepeat rounds after a losing router was heard; 0: none (garp_lower_prio_repeat)
 * @param lowerPriorityDelay time to a second such burst; zero: no second one (garp_lower_prio_delay)
 * @param arpInterval least time between two gratuitous ARPs on one interface (vrrp_garp_interval)
 * @param neighborInterval least time between two neighbour advertisements on one interface (vrrp_gna_interval)
 * @param extraInterval time between announcements on interfaces that carry addresses but no advertisements, whose virtual
 *     MAC switches would forget; zero: none (garp_extra_if)
 * @param extraEverywhere whether those go out on all such interfaces, not only on those of virtual MACs (all)
 * @param pauses interfaces that have other least times than these, by name (garp_group)
 */
public record AnnouncementPolicy(
        int repeat,
        Duration delay,
        Duration refresh,
        int refreshRepeat,
        int lowerPriorityRepeat,
        Duration lowerPriorityDelay,
        Duration arpInterval,
        Duration neighborInterval,
        Duration extraInterval,
        boolean extraEverywhere,
        Map<String, Pause> pauses) {

    /**
     * The least times between frames on one interface.
     *
     * @param arp between two gratuitous ARPs (garp_interval)
     * @param neighbor between two neighbour advertisements (gna_interval)
     */
    public record Pause(Duration arp, Duration neighbor) {
        /** Refuses negative times. */
        public Pause {
            if (arp.isNegative() || neighbor.isNegative()) {
                throw new IllegalArgumentException("the pause between two announcements must not be negative");
            }
        }
    }

    /** keepalived's defaults: five rounds, five more after five seconds, no refresh, no pause between frames. */
    public static final AnnouncementPolicy DEFAULT = new AnnouncementPolicy(5, Duration.ofSeconds(5), Duration.ZERO, 1);

    /** One round and no more (vrrp_min_garp). */
    public static final AnnouncementPolicy ONCE = new AnnouncementPolicy(1, Duration.ZERO, Duration.ZERO, 1);

    /** Refuses empty bursts and negative times. */
    public AnnouncementPolicy {
        if (repeat < 1 || refreshRepeat < 1) {
            throw new IllegalArgumentException(
                    "an announcement burst has at least one round, not " + Math.min(repeat, refreshRepeat));
        }
        if (lowerPriorityRepeat < 0) {
            throw new IllegalArgumentException(
                    "announcements after a losing router: " + lowerPriorityRepeat + " rounds must be 0 or more");
        }
        if (delay.isNegative()
                || refresh.isNegative()
                || lowerPriorityDelay.isNegative()
                || arpInterval.isNegative()
                || neighborInterval.isNegative()
                || extraInterval.isNegative()) {
            throw new IllegalArgumentException("announcement delay, refresh and interval must not be negative");
        }
        pauses = Map.copyOf(pauses);
    }

    /** The same times between frames on all interfaces. */
    public AnnouncementPolicy(
            int repeat,
            Duration delay,
            Duration refresh,
            int refreshRepeat,
            int lowerPriorityRepeat,
            Duration lowerPriorityDelay,
            Duration arpInterval,
            Duration neighborInterval,
            Duration extraInterval,
            boolean extraEverywhere) {
        this(
                repeat,
                delay,
                refresh,
                refreshRepeat,
                lowerPriorityRepeat,
                lowerPriorityDelay,
                arpInterval,
                neighborInterval,
                extraInterval,
                extraEverywhere,
                Map.of());
    }

    /** A losing router is answered like a won election; no pause between frames. */
    public AnnouncementPolicy(int repeat, Duration delay, Duration refresh, int refreshRepeat) {
        this(repeat, delay, refresh, refreshRepeat, repeat, delay, Duration.ZERO, Duration.ZERO, Duration.ZERO, false);
    }

    /** The same with another time to the second burst, also to that after a losing router. */
    public AnnouncementPolicy withDelay(Duration newDelay) {
        return with(newDelay, lowerPriorityRepeat, newDelay, arpInterval, neighborInterval);
    }

    /** The same with another answer to a losing router. */
    public AnnouncementPolicy withLowerPriority(int rounds, Duration toSecondBurst) {
        return with(delay, rounds, toSecondBurst, arpInterval, neighborInterval);
    }

    /** The same with pauses between frames. */
    public AnnouncementPolicy withIntervals(Duration arp, Duration neighbor) {
        return with(delay, lowerPriorityRepeat, lowerPriorityDelay, arp, neighbor);
    }

    /** The same with announcements where no advertisements go. */
    public AnnouncementPolicy withExtra(Duration interval, boolean everywhere) {
        return elsewhere(interval, everywhere, pauses);
    }

    /** The same with other times between frames on these interfaces. */
    public AnnouncementPolicy withPauses(Map<String, Pause> byInterface) {
        return elsewhere(extraInterval, extraEverywhere, byInterface);
    }

    private AnnouncementPolicy elsewhere(Duration interval, boolean everywhere, Map<String, Pause> byInterface) {
        return new AnnouncementPolicy(
                repeat,
                delay,
                refresh,
                refreshRepeat,
                lowerPriorityRepeat,
                lowerPriorityDelay,
                arpInterval,
                neighborInterval,
                interval,
                everywhere,
                byInterface);
    }

    /** The least time between two gratuitous ARPs on this interface. */
    public Duration arpInterval(String interfaceName) {
        Pause pause = pauses.get(interfaceName);
        return pause == null ? arpInterval : pause.arp();
    }

    /** The least time between two neighbour advertisements on this interface. */
    public Duration neighborInterval(String interfaceName) {
        Pause pause = pauses.get(interfaceName);
        return pause == null ? neighborInterval : pause.neighbor();
    }

    private AnnouncementPolicy with(
            Duration newDelay, int lowerRepeat, Duration lowerDelay, Duration arp, Duration neighbor) {
        return new AnnouncementPolicy(
                repeat,
                newDelay,
                refresh,
                refreshRepeat,
                lowerRepeat,
                lowerDelay,
                arp,
                neighbor,
                extraInterval,
                extraEverywhere,
                pauses);
    }
}
