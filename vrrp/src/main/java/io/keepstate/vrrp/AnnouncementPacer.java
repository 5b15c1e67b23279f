// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

import io.keepstate.vrrp.codec.AddressFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps announcements on one interface apart from each other (keepalived: vrrp_garp_interval, vrrp_gna_interval): switches
 * with a small table of rate limits drop what comes too fast. Announcements of all routers of an interface share its pace,
 * those of IPv4 and IPv6 have one each. What cannot leave at once waits, once per address and round, and goes round the
 * addresses. Without a pace everything leaves at once.
 *
 * <p>Pure; one loop owns it.
 */
public final class AnnouncementPacer implements Announcer {

    private static final long NONE = Long.MAX_VALUE;
    /** Rounds that may wait for one address; more would only say the same later. */
    private static final int MOST_WAITING = 255;

    private final Announcer out;
    private final Map<Key, Lane> lanes = new HashMap<>();
    /** Those with a pace; the others are not asked for deadlines. */
    private final List<Lane> paced = new ArrayList<>();

    private long nowNanos;

    /** Passes announcements on to this one. */
    public AnnouncementPacer(Announcer out) {
        this.out = out;
    }

    /** Takes the pace of these routers' policies; of several on one interface the slowest counts. */
    public void pace(Iterable<VirtualRouterConfig> routers) {
        for (VirtualRouterConfig router : routers) {
            AnnouncementPolicy policy = router.announcements();
            for (VirtualAddress address : router.allAddresses()) {
                boolean ipv4 = address.address().family() == AddressFamily.IPV4;
                Lane lane = lane(address);
                lane.intervalNanos = Math.max(
                        lane.intervalNanos, (ipv4 ? policy.arpInterval() : policy.neighborInterval()).toNanos());
            }
        }
        paced.clear();
        lanes.values().stream().filter(lane -> lane.intervalNanos > 0).forEach(paced::add);
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
        if (!paced.isEmpty()) {
            addresses.forEach(address -> lane(address).waiting.remove(address));
        }
    }

    private Lane lane(VirtualAddress address) {
        return lanes.computeIfAbsent(
                new Key(address.interfaceName(), address.address().family()), key -> new Lane());
    }

    private record Key(String interfaceName, AddressFamily family) {}

    /** One interface and family. */
    private final class Lane {
        /** Rounds to come, by address. */
        private final Map<VirtualAddress, Integer> waiting = new LinkedHashMap<>();

        private long intervalNanos;
        private long nextSend = Long.MIN_VALUE;

        void announce(VirtualAddress address) {
            if (intervalNanos == 0) {
                out.announce(address);
            } else {
                waiting.merge(address, 1, (before, one) -> Math.min(MOST_WAITING, before + one));
                advance();
            }
        }

        void advance() {
            while (!waiting.isEmpty() && nowNanos >= nextSend) {
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
                nextSend = nowNanos + intervalNanos;
            }
        }

        long nextDeadline() {
            return waiting.isEmpty() ? NONE : nextSend;
        }
    }
}
