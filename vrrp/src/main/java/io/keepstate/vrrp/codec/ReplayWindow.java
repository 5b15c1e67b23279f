// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.codec;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last sequence number accepted of each sender: one place for each unicast peer, and four for whoever else sends,
 * of which the one not heard for longest is given to a new sender. Places are given to verified packets only, so that
 * no stranger can push a sender out. Not thread-safe.
 */
final class ReplayWindow {

    /** Places for senders that are not configured, as in keepalived. */
    static final int SHARED_PLACES = 4;

    private final Place[] places;
    private final int pinned;
    private final boolean expires;
    private final int windowSeconds;
    private long uses;

    private static final class Place {
        @Nullable
        IpAddress sender;

        boolean marked;
        long last;
        long lastUse;
    }

    /**
     * A window without any mark.
     *
     * @param peers senders with a place of their own
     * @param expires whether a mark that is further from our clock than the window counts for nothing: it was set
     *     while a clock was wrong, and what it would hold off is rejected as stale anyway
     * @param windowSeconds the window
     */
    ReplayWindow(Collection<IpAddress> peers, boolean expires, int windowSeconds) {
        this.places = new Place[peers.size() + SHARED_PLACES];
        this.pinned = peers.size();
        this.expires = expires;
        this.windowSeconds = windowSeconds;
        int at = 0;
        for (IpAddress peer : peers) {
            places[at] = new Place();
            places[at++].sender = peer;
        }
        while (at < places.length) {
            places[at++] = new Place();
        }
    }

    /** Whether the number is later than the last one accepted of the sender. Changes nothing. */
    boolean isNew(Envelope envelope, long sequence, long clock) {
        Place place = find(envelope);
        if (place == null || !place.marked) {
            return true;
        }
        boolean expired = expires && !SequenceClock.isWithin(place.last, clock, windowSeconds);
        return expired || SequenceClock.isAfter(sequence, place.last);
    }

    /** Notes the number as the last one accepted of the sender. */
    void mark(Envelope envelope, long sequence) {
        Place place = find(envelope);
        mark(place == null ? placeFor(envelope.source()) : place, sequence);
    }

    /** The same, of a sender whose packet is not at hand. */
    void mark(IpAddress sender, long sequence) {
        Place known = null;
        for (Place place : places) {
            known = sender.equals(place.sender) ? place : known;
        }
        mark(known == null ? placeFor(sender) : known, sequence);
    }

    private void mark(Place place, long sequence) {
        place.marked = true;
        place.last = sequence;
        place.lastUse = ++uses;
    }

    /** All marks, that of the sender not heard for longest first: in this order another window can take them over. */
    List<SequenceNumbers.Mark> marks() {
        return Arrays.stream(places)
                .filter(place -> place.marked)
                .sorted(Comparator.comparingLong(place -> place.lastUse))
                .map(place -> new SequenceNumbers.Mark(Objects.requireNonNull(place.sender), place.last))
                .toList();
    }

    private @Nullable Place find(Envelope envelope) {
        for (Place place : places) {
            IpAddress sender = place.sender;
            if (sender != null && envelope.isFrom(sender)) {
                return place;
            }
        }
        return null;
    }

    private Place placeFor(IpAddress sender) {
        Place place = leastRecentlyUsed();
        place.sender = sender;
        return place;
    }

    private Place leastRecentlyUsed() {
        Place oldest = places[pinned];
        for (int i = pinned + 1; i < places.length; i++) {
            if (places[i].lastUse < oldest.lastUse) {
                oldest = places[i];
            }
        }
        return oldest;
    }
}
