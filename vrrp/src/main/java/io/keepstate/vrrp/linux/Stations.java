// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.codec.Envelope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The virtual routers that speak at one place, found by the VRID of a packet and, where several have one VRID, by its
 * sender. To find one allocates nothing.
 */
final class Stations implements AutoCloseable {

    private static final int VRIDS = 256;

    private final SocketPlace place;
    private final Station[] byVrid = new Station[VRIDS];
    private final List<Station> all = new ArrayList<>();

    Stations(SocketPlace place) {
        this.place = place;
    }

    /**
     * Takes in a router.
     *
     * @throws IllegalArgumentException if the VRID is taken here, by a router whose unicast peers are not all others
     */
    void add(VirtualRouter router, int interfaceIndex) {
        int virtualRouterId = router.config().virtualRouterId();
        Station added = new Station(router, place, interfaceIndex);
        for (Station each = byVrid[virtualRouterId]; each != null; each = each.next) {
            if (each.router.config().clashesWith(router.config())) {
                throw new IllegalArgumentException("virtual router " + router.name() + ": VRID " + virtualRouterId
                        + " on " + place.interfaceName() + " is already that of " + each.router.name()
                        + "; give one of them another");
            }
        }
        added.next = byVrid[virtualRouterId];
        byVrid[virtualRouterId] = added;
        all.add(added);
    }

    /** Lets a router go, and frees its packets; nothing happens if it is none of these. */
    void remove(VirtualRouter router) {
        int virtualRouterId = router.config().virtualRouterId();
        Station before = null;
        for (Station each = byVrid[virtualRouterId]; each != null; each = each.next) {
            if (each.router == router) {
                if (before == null) {
                    byVrid[virtualRouterId] = each.next;
                } else {
                    before.next = each.next;
                }
                all.remove(each);
                each.close();
                return;
            }
            before = each;
        }
    }

    /**
     * Makes anew what was made for a router that has been configured otherwise. Whether it clashes with another one is
     * not asked: both may be changed one after the other.
     */
    void refresh(VirtualRouter router, int interfaceIndex) {
        Station outdated = of(router);
        if (outdated.isOutdated()) {
            replace(outdated, new Station(outdated, place, interfaceIndex));
        }
    }

    private void replace(Station old, Station fresh) {
        int virtualRouterId = old.router.config().virtualRouterId();
        fresh.next = old.next;
        if (byVrid[virtualRouterId] == old) {
            byVrid[virtualRouterId] = fresh;
        }
        for (Station each : all) {
            if (each.next == old) {
                each.next = fresh;
            }
        }
        all.set(all.indexOf(old), fresh);
        old.close();
    }

    /** That of a router, which must be one of these. */
    Station of(VirtualRouter router) {
        for (Station each = byVrid[router.config().virtualRouterId()]; each != null; each = each.next) {
            if (each.router == router) {
                return each;
            }
        }
        throw new IllegalArgumentException(router.name() + " is not a router of " + place.interfaceName());
    }

    /** Whom a packet is for: of several routers the one that heard its sender last, else the one whose peer that is. */
    @Nullable
    Station addressee(int virtualRouterId, Envelope envelope) {
        Station first = byVrid[virtualRouterId];
        if (first == null || first.next == null) {
            return first;
        }
        for (Station each = first; each != null; each = each.next) {
            if (each.lastSource != null && envelope.isFrom(each.lastSource)) {
                return each;
            }
        }
        for (Station each = first; each != null; each = each.next) {
            if (each.hasPeer(envelope)) {
                return each;
            }
        }
        return null;
    }

    /** Whether a timer of one of the routers has expired. */
    boolean isDue(long nowNanos) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).router.nextDeadline() <= nowNanos) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return all.size();
    }

    /** All of them, in the order in which they came. */
    List<Station> all() {
        return all;
    }

    /** The interface has another number now. */
    void moveTo(int interfaceIndex) {
        all.forEach(station -> station.moveTo(interfaceIndex));
    }

    /** Frees all packets. */
    @Override
    public void close() {
        all.forEach(Station::close);
    }
}
