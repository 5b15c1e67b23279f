// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.legacy;

import io.keepstate.ftfw.Sequence;

/** What conntrackd counts of its peer's messages, and the numbers by which it does. */
public final class LegacyCounts {
    private boolean heard;
    private int last;
    private long lost;
    private long before;
    private long malformed;

    /** Where a number stands behind the last one. */
    enum Place {
        IN_ORDER,
        GAP,
        BEFORE
    }

    LegacyCounts() {}

    /** Looks at the number of a message, and counts. */
    Place place(int sequence) {
        if (!heard || sequence == last + 1) {
            return Place.IN_ORDER;
        }
        if (Sequence.before(sequence, last + 1)) {
            before++;
            return Place.BEFORE;
        }
        lost += Integer.toUnsignedLong(sequence - last) + 1; // two too many
        return Place.GAP;
    }

    /** The message of this number is the last one from now on. */
    void accept(int sequence) {
        last = sequence;
        heard = true;
    }

    /** Whether there was a message. */
    boolean isHeard() {
        return heard;
    }

    int last() {
        return last;
    }

    void countMalformed() {
        malformed++;
    }

    /** "Packets lost", two too many per gap. */
    public long lost() {
        return lost;
    }

    /** "Packets before". */
    public long before() {
        return before;
    }

    /** "Malformed messages". */
    public long malformed() {
        return malformed;
    }
}
