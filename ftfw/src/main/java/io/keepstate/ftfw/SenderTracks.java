// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import java.util.HashMap;
import java.util.Map;

/**
 * The numbers of each sender, since every daemon counts for itself. At most {@value #LIMIT} senders; one more takes the
 * place of the one not heard for longest.
 */
final class SenderTracks {
    static final int LIMIT = 64;

    private final Map<Long, SequenceTrack> bySender = new HashMap<>();
    /** The one that spoke last: mostly there is no other. */
    private long lastSender;

    private SequenceTrack lastTrack = new SequenceTrack();

    SenderTracks() {
        bySender.put(lastSender, lastTrack);
    }

    SequenceTrack of(long sender) {
        if (sender != lastSender) {
            SequenceTrack found = bySender.get(sender);
            lastTrack = found == null ? add(sender) : found;
            lastSender = sender;
        }
        return lastTrack;
    }

    private SequenceTrack add(long sender) {
        if (bySender.size() == LIMIT) {
            bySender.entrySet().stream()
                    .min((a, b) ->
                            Long.compare(a.getValue().lastHeard(), b.getValue().lastHeard()))
                    .ifPresent(oldest -> bySender.remove(oldest.getKey()));
        }
        SequenceTrack track = new SequenceTrack();
        bySender.put(sender, track);
        return track;
    }

    /** Gives up what has been missing since before a time; the number of senders from whom something is missing. */
    int giveUpMissingSince(long beforeNanos) {
        int holes = 0;
        for (SequenceTrack track : bySender.values()) {
            if (track.isIncomplete() && track.missingSince() <= beforeNanos) {
                track.giveUpMissing();
                holes++;
            }
        }
        return holes;
    }

    /** Since when the first of them is incomplete, Long.MAX_VALUE if none is. */
    long missingSince() {
        long earliest = Long.MAX_VALUE;
        for (SequenceTrack track : bySender.values()) {
            if (track.isIncomplete()) {
                earliest = Math.min(earliest, track.missingSince());
            }
        }
        return earliest;
    }
}
