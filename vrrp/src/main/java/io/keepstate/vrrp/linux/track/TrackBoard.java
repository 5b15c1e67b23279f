// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the tracking thread writes the newest value of each object and another thread reads what changed: a value that
 * comes and goes between two looks is not told, but none is ever lost, and nothing can fill up.
 */
final class TrackBoard {
    private final Map<Tracked, TrackValue> newest = new ConcurrentHashMap<>();
    private final Runnable wake;
    private volatile boolean changed;
    /** What was told; belongs to the reading thread. */
    private final Map<Tracked, TrackValue> told = new HashMap<>();

    /** An empty board. */
    TrackBoard(Runnable wake) {
        this.wake = wake;
    }

    /** From the tracking thread. */
    void write(Tracked what, TrackValue value) {
        if (!value.equals(newest.put(what, value))) {
            changed = true;
            wake.run();
        }
    }

    /** From the tracking thread: nothing is known of this thing any more. */
    void forget(Tracked what) {
        newest.remove(what);
    }

    /** From the reading thread: the next {@link #drain} tells all that is known. */
    void tellAgain() {
        told.clear();
        changed = true;
    }

    /** From the reading thread. */
    void drain(TrackListener listener) {
        if (!changed) {
            return;
        }
        // Cleared first: what is written from here on is looked at again.
        changed = false;
        newest.forEach((what, value) -> {
            if (!value.equals(told.put(what, value))) {
                listener.onTracked(what, value);
            }
        });
    }
}
