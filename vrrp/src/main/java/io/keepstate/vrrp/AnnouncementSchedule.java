// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import java.util.ArrayList;
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
    /** When the next burst of {@code policy.repeat()} rounds is due, and whom it is about. */
    private long burstDeadline = NONE;

    private List<VirtualAddress> burst = List.of();
    /** Whom the burst after that one is about; nobody if there is none. */
    private List<VirtualAddress> secondBurst = List.of();

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
        take(router);
    }

    /**
     * Another policy, other addresses, while it may be running: what is new is announced as if it alone had gone up now,
     * what was there before keeps its times.
     */
    public void change(VirtualRouterConfig router, long nowNanos) {
        List<VirtualAddress> before = addresses;
        long refreshBefore = refreshNanos;
        long extraBefore = extraNanos;
        take(router);
        if (!running) {
            return;
        }
        if (refreshNanos != refreshBefore) {
            refreshDeadline = refreshNanos > 0 ? nowNanos + refreshNanos : NONE;
        }
        if (extraNanos != extraBefore) {
            extraDeadline = extraNanos > 0 ? nowNanos + extraNanos : NONE;
        }
        List<VirtualAddress> fresh = new ArrayList<>(addresses);
        fresh.removeAll(before);
        if (fresh.isEmpty()) {
            burst = amongAddresses(burst, List.of());
            secondBurst = amongAddresses(secondBurst, List.of());
            burstDeadline = burst.isEmpty() && secondBurst.isEmpty() ? NONE : burstDeadline;
        } else {
            burstOf(fresh, nowNanos);
        }
    }

    /** Announces these now and after the delay; what waits for its second burst waits for that one. */
    private void burstOf(List<VirtualAddress> fresh, long nowNanos) {
        boolean due = burstDeadline <= nowNanos;
        List<VirtualAddress> waiting = due ? secondBurst : burst;
        burst = amongAddresses(due ? burst : List.of(), fresh);
        secondBurst = amongAddresses(waiting, delayNanos > 0 ? fresh : List.of());
        burstDeadline = nowNanos;
    }

    private List<VirtualAddress> amongAddresses(List<VirtualAddress> some, List<VirtualAddress> more) {
        return addresses.stream()
                .filter(address -> some.contains(address) || more.contains(address))
                .toList();
    }

    private void take(VirtualRouterConfig router) {
        policy = router.announcements();
        addresses = router.allAddresses();
        extra = router.extraAnnounced();
        define();
    }

    /** What it announces, on the interfaces where it does. */
    public List<VirtualAddress> addresses() {
        return addresses;
    }

    /** Starts it: the addresses have just gone up. The first burst is due now. */
    public void start(long nowNanos) {
        running = true;
        burstDeadline = nowNanos;
        burst = addresses;
        secondBurst = delayNanos > 0 ? addresses : List.of();
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
        burst = List.of();
        secondBurst = List.of();
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
            announce(policy.repeat(), burst, announcer);
            lastBurst = nowNanos;
            burst = secondBurst;
            secondBurst = List.of();
            burstDeadline = burst.isEmpty() ? NONE : nowNanos + delayNanos;
        }
        if (nowNanos >= refreshDeadline) {
            announce(policy.refreshRepeat(), addresses, announcer);
            refreshDeadline = next(refreshDeadline, refreshNanos, nowNanos);
        }
        if (nowNanos >= extraDeadline) {
            extra.forEach(announcer::announce);
            extraDeadline = next(extraDeadline, extraNanos, nowNanos);
        }
        if (nowNanos >= againDeadline) {
            announce(policy.lowerPriorityRepeat(), addresses, announcer);
            lastBurst = nowNanos;
            againDeadline = NONE;
            secondAgainDeadline = againDelayNanos > 0 ? nowNanos + againDelayNanos : NONE;
        }
        if (nowNanos >= secondAgainDeadline) {
            announce(policy.lowerPriorityRepeat(), addresses, announcer);
            lastBurst = nowNanos;
            secondAgainDeadline = NONE;
        }
    }

    /** On the grid of the deadline that has come; what was missed is left out. */
    private static long next(long deadline, long intervalNanos, long nowNanos) {
        return deadline + ((nowNanos - deadline) / intervalNanos + 1) * intervalNanos;
    }

    private static void announce(int rounds, List<VirtualAddress> whom, Announcer announcer) {
        for (int round = 0; round < rounds; round++) {
            for (VirtualAddress address : whom) {
                announcer.announce(address);
            }
        }
    }
}
