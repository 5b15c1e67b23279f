// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.cache.CacheEntry;
import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryStatus;
import io.keepstate.cache.EntryVisitor;
import io.keepstate.flow.LinePart;
import io.keepstate.flow.text.CacheLine;
import io.keepstate.flow.text.FlowXml;
import io.keepstate.node.sync.StateSync;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The flows of a cache as {@code conntrackd -i}, {@code -e} and {@code -x} print them. */
final class FlowDump {
    /** Entries of one slice of a dump: about a millisecond of the sync loop. */
    private static final int SLICE = 256;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private FlowDump() {}

    /** The lines of the next slice; none of a node that only elects. */
    static String slice(@Nullable StateSync sync, Cursor cursor, boolean internal, boolean xml, long nowNanos) {
        StringBuilder lines = new StringBuilder();
        if (sync == null) {
            return "";
        }
        if (internal) {
            sync.forEachInternal(cursor, SLICE, visitor(lines, Optional.empty(), xml, nowNanos));
        } else {
            sync.forEachExternal(cursor, SLICE, visitor(lines, sync.mode().expiry(), xml, nowNanos));
        }
        return lines.toString();
    }

    /** What {@link CacheLine} shows of an entry that is dropped unless it is announced again. */
    static long expiresSeconds(Optional<Duration> expiry, long updatedNanos, long nowNanos) {
        return expiry.map(after -> Math.max(0, updatedNanos + after.toNanos() - nowNanos) / NANOS_PER_SECOND)
                .orElse(CacheLine.NEVER);
    }

    private static EntryVisitor visitor(StringBuilder lines, Optional<Duration> expiry, boolean xml, long nowNanos) {
        return entry -> append(lines, entry, expiry, xml, nowNanos);
    }

    private static void append(
            StringBuilder lines, CacheEntry entry, Optional<Duration> expiry, boolean xml, long nowNanos) {
        if (entry.status() == EntryStatus.DEAD) {
            return; // kept only until the peer was told
        }
        if (xml) {
            FlowXml.append(lines, entry.flow(), Set.of(LinePart.ID));
        } else {
            long expires = expiresSeconds(expiry, entry.updatedNanos(), nowNanos);
            CacheLine.append(lines, entry.flow(), expires, entry.activeSeconds(nowNanos));
        }
        lines.append('\n');
    }
}
