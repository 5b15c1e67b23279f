// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.List;

/**
 * When to announce a router's virtual addresses: a burst at once, a second one after a delay because switches and hosts
 * lose the first, and a refresh if wanted; the same after another router spoke up, which may have announced them too. A
 * burst goes round the addresses, advertised ones first, so that each is heard early. Pure; one loop owns it.
 */
public final class AnnouncementSchedule {

    private static final long NONE = Long.MAX_VALUE;

    /** Least time from one burst to the next that another router sets off: a flood of adverts must not become one of ours. */
    private static final long AGAIN_NANOS = 50_000_000L;

    private AnnouncementPolicy policy;
    private List<VirtualAddress> addresses;
    /** One address of each interface that would fall silent. */
    private List<VirtualAddress> extra;

    private long delayNanos;
    private long refreshNanos;
    private long extraNanos;
    private long againDelayNanos;
    private boolean running;
    /** When the next burst of {@code policy.repeat()} rounds is due. */
    private long burstDeadline = NONE;
    /** Whether that burst is followed by another one. */
    private boolean secondBurst;

    private long refreshDeadline = NONE;
    private long extraDeadline = NONE;
    /** When the burst that another router set off is due, and the one that follows it. */
    private long againDeadline = NONE;

    private long secondAgainDeadline = NONE;
    private long lastBurst;

    /** The schedule of these addresses, not running. */
    public AnnouncementSchedule(AnnouncementPolicy policy, List<VirtualAddress> addresses) {
        this(policy, addresses, List.of());
    }

    /** The schedule of all addresses of a router, not running. */
    public AnnouncementSchedule(VirtualRouterConfig router) {
        this(router.announcements(), router.allAddresses(), router.extraAnnounced());
    }

    private AnnouncementSchedule(
            AnnouncementPolicy policy, List<VirtualAddress> addresses, List<VirtualAddress> extra) {
        this.policy = policy;
        this.addresses = List.copyOf(addresses);
        this.extra = extra;
        define();
    }

    private void define() {
        delayNanos = policy.delay().toNanos();
        refreshNanos = policy.refresh().toNanos();
        againDelayNanos = policy.lowerPriorityDelay().toNanos();
        extraNanos = extra.isEmpty() ? 0 : policy.extraInterval().toNanos();
    }

    /** Another policy, other addresses; stopped until it is started again. */
    public void configure(VirtualRouterConfig router) {
        stop();
        policy = router.announcements();
        addresses = router.allAddresses();
        extra = router.extraAnnounced();
        define();
    }

    /** Starts it: the addresses have just gone up. The first burst is due now. */
    public void start(long nowNanos) {
        running = true;
        burstDeadline = nowNanos;
        secondBurst = delayNanos > 0;
        refreshDeadline = refreshNanos > 0 ? nowNanos + delayNanos + refreshNanos : NONE;
        extraDeadline = extraNanos > 0 ? nowNanos + extraNanos : NONE;
    }

    /** Announces again because another router spoke up: at once, but not more often than every 50 ms. */
    public void again(long nowNanos) {
        if (running && policy.lowerPriorityRepeat() > 0 && againDeadline == NONE) {
            againDeadline = Math.max(nowNanos, lastBurst + AGAIN_NANOS);
        }
    }

    /** Stops it: the addresses are going down. */
    public void stop() {
        running = false;
        burstDeadline = NONE;
        refreshDeadline = NONE;
        extraDeadline = NONE;
        againDeadline = NONE;
        secondAgainDeadline = NONE;
    }

    /** When to call {@link #advance}; {@link Long#MAX_VALUE} if nothing is to come. */
    public long nextDeadline() {
        long own = Math.min(burstDeadline, Math.min(refreshDeadline, extraDeadline));
        return Math.min(own, Math.min(againDeadline, secondAgainDeadline));
    }

    /** Announces what is due. */
    public void advance(long nowNanos, Announcer announcer) {
        if (nowNanos < nextDeadline()) {
            return;
        }
        if (nowNanos >= burstDeadline) {
            announce(policy.repeat(), announcer);
            lastBurst = nowNanos;
            burstDeadline = secondBurst ? nowNanos + delayNanos : NONE;
            secondBurst = false;
        }
        if (nowNanos >= refreshDeadline) {
            announce(policy.refreshRepeat(), announcer);
            refreshDeadline = next(refreshDeadline, refreshNanos, nowNanos);
        }
        if (nowNanos >= extraDeadline) {
            extra.forEach(announcer::announce);
            extraDeadline = next(extraDeadline, extraNanos, nowNanos);
        }
        if (nowNanos >= againDeadline) {
            announce(policy.lowerPriorityRepeat(), announcer);
            lastBurst = nowNanos;
            againDeadline = NONE;
            secondAgainDeadline = againDelayNanos > 0 ? nowNanos + againDelayNanos : NONE;
        }
        if (nowNanos >= secondAgainDeadline) {
            announce(policy.lowerPriorityRepeat(), announcer);
            lastBurst = nowNanos;
            secondAgainDeadline = NONE;
        }
    }

    /** On the grid of the deadline that has come; what was missed is left out. */
    private static long next(long deadline, long intervalNanos, long nowNanos) {
        return deadline + ((nowNanos - deadline) / intervalNanos + 1) * intervalNanos;
    }

    private void announce(int rounds, Announcer announcer) {
        for (int round = 0; round < rounds; round++) {
            for (VirtualAddress address : addresses) {
                announcer.announce(address);
            }
        }
    }
}
