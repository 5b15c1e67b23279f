// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps announcements on one interface apart from each other (keepalived: vrrp_garp_interval, vrrp_gna_interval): switches
 * with a small table of rate limits drop what comes too fast. Announcements of all routers of an interface share its pace,
 * also those that leave by virtual MACs on it, for it is one port of the switch; those of IPv4 and IPv6 have one each. What
 * cannot leave at once waits, once per address and round, and goes round the addresses. Without a pace everything leaves at
 * once.
 *
 * <p>Pure; one loop owns it.
 */
public final class AnnouncementPacer implements Announcer {

    private static final long NONE = Long.MAX_VALUE;
    private static final long NEVER = Long.MIN_VALUE;
    /** Rounds that may wait for one address; more would only say the same later. */
    private static final int MOST_WAITING = 255;

    private final Announcer out;
    private final Map<String, VirtualRouterConfig> routers = new LinkedHashMap<>();
    /** The interface below, by that of a virtual MAC. */
    private final Map<String, String> below = new HashMap<>();

    private final Map<Key, Lane> lanes = new HashMap<>();
    /** Those with a pace, or with something that waits from when they had one; the others are not asked for deadlines. */
    private final List<Lane> paced = new ArrayList<>();

    private long nowNanos;

    /** Passes announcements on to this one. */
    public AnnouncementPacer(Announcer out) {
        this.out = out;
    }

    /**
     * Takes the pace of these routers' policies, in place of those they had before; of several on one interface the slowest
     * counts.
     */
    public void pace(Iterable<VirtualRouterConfig> some) {
        some.forEach(router -> routers.put(router.name(), router));
        settle();
    }

    /** These routers are gone, and with them the pace they asked for. */
    public void forget(Iterable<VirtualRouterConfig> gone) {
        gone.forEach(router -> routers.remove(router.name()));
        settle();
    }

    private void settle() {
        below.clear();
        routers.values().forEach(this::learnBelow);
        lanes.values().forEach(lane -> lane.intervalNanos = 0);
        for (VirtualRouterConfig router : routers.values()) {
            for (VirtualAddress address : router.allAddresses()) {
                Lane lane = lane(address);
                lane.intervalNanos = Math.max(
                        lane.intervalNanos,
                        pause(router.announcements(), address).toNanos());
            }
        }
        paced.clear();
        for (Lane lane : lanes.values()) {
            if (lane.intervalNanos > 0 || !lane.waiting.isEmpty()) {
                paced.add(lane);
            }
        }
    }

    private void learnBelow(VirtualRouterConfig router) {
        List<VirtualAddress> configured = router.holdings().allAddresses();
        List<VirtualAddress> placed = router.allAddresses();
        for (int i = 0; i < placed.size(); i++) {
            below.put(placed.get(i).interfaceName(), configured.get(i).interfaceName());
        }
    }

    private Duration pause(AnnouncementPolicy policy, VirtualAddress address) {
        String name = port(address);
        boolean ipv4 = address.address().family() == AddressFamily.IPV4;
        return ipv4 ? policy.arpInterval(name) : policy.neighborInterval(name);
    }

    @Override
    public void announce(VirtualAddress address) {
        if (paced.isEmpty()) {
            out.announce(address);
        } else {
            lane(address).announce(address);
        }
    }

    /** Tells the time, and sends what may leave now. */
    public void advance(long atNanos) {
        nowNanos = atNanos;
        for (Lane lane : paced) {
            lane.advance();
        }
    }

    /** When to call {@link #advance}; {@link Long#MAX_VALUE} if nothing waits. */
    public long nextDeadline() {
        long earliest = NONE;
        for (Lane lane : paced) {
            earliest = Math.min(earliest, lane.nextDeadline());
        }
        return earliest;
    }

    /** Forgets what waits for these addresses: they are going down. */
    public void cancel(Iterable<VirtualAddress> addresses) {
        for (Lane lane : paced) {
            addresses.forEach(lane.waiting::remove);
        }
    }

    private String port(VirtualAddress address) {
        return below.getOrDefault(address.interfaceName(), address.interfaceName());
    }

    private Lane lane(VirtualAddress address) {
        return lanes.computeIfAbsent(new Key(port(address), address.address().family()), key -> new Lane());
    }

    private record Key(String interfaceName, AddressFamily family) {}

    /** One interface and family. */
    private final class Lane {
        /** Rounds to come, by address. */
        private final Map<VirtualAddress, Integer> waiting = new LinkedHashMap<>();

        private long intervalNanos;
        private long lastSent = NEVER;

        void announce(VirtualAddress address) {
            if (intervalNanos == 0 && waiting.isEmpty()) {
                out.announce(address);
            } else {
                waiting.merge(address, 1, (before, one) -> Math.min(MOST_WAITING, before + one));
                advance();
            }
        }

        void advance() {
            while (!waiting.isEmpty() && nowNanos >= nextSend()) {
                Iterator<Map.Entry<VirtualAddress, Integer>> entries =
                        waiting.entrySet().iterator();
                Map.Entry<VirtualAddress, Integer> first = entries.next();
                VirtualAddress address = first.getKey();
                int rounds = first.getValue();
                entries.remove();
                if (rounds > 1) {
                    // To the end: the next address has its turn.
                    waiting.put(address, rounds - 1);
                }
                out.announce(address);
                lastSent = nowNanos;
            }
        }

        long nextDeadline() {
            return waiting.isEmpty() ? NONE : nextSend();
        }

        private long nextSend() {
            return lastSent == NEVER ? NEVER : lastSent + intervalNanos;
        }
    }
}
