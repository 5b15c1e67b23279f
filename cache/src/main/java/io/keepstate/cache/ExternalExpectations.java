// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.ExpectationBuilder;
import io.keepstate.flow.ExpectationKey;
import io.keepstate.flow.wire.ExpectationDecoder;
import io.keepstate.flow.wire.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The expectations of a peer, as its messages tell them, ready to be committed behind the flows that expect them: what
 * {@link ExternalCache} is for flows.
 *
 * <p>Not thread-safe: it belongs to one loop.
 */
public final class ExternalExpectations {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int limit;
    private final long commitTimeoutSeconds;
    private final ExpectationDecoder decoder;
    private final ExpectationBuilder builder = new ExpectationBuilder();
    private final Map<ExpectationKey, ExpectationEntry> entries = new LinkedHashMap<>();
    private final CacheStats stats = new CacheStats();
    private @Nullable Expectation lastDestroyed;

    /**
     * An empty cache.
     *
     * @param limit most entries, 1 or more
     * @param commitTimeoutSeconds the lifetime every committed expectation gets; 0: what is left of the one the peer
     *     told
     */
    public ExternalExpectations(int limit, long commitTimeoutSeconds, ExpectationDecoder decoder) {
        if (limit < 1 || commitTimeoutSeconds < 0) {
            throw new IllegalArgumentException("limit " + limit + " of expectations must be 1 or more, commit timeout "
                    + commitTimeoutSeconds + " 0 or more");
        }
        this.limit = limit;
        this.commitTimeoutSeconds = commitTimeoutSeconds;
        this.decoder = decoder;
    }

    /** Takes one message of the peer, of one of the types of expectations. */
    public Applied onMessage(int type, ByteBuf payload, long nowNanos) {
        if (decoder.decode(payload, builder) != null) {
            return Applied.MALFORMED;
        }
        Expectation expectation = builder.build();
        return type == MessageType.EXPECTATION_DESTROY ? destroy(expectation) : put(type, expectation, nowNanos);
    }

    private Applied put(int type, Expectation expectation, long nowNanos) {
        ExpectationKey key = expectation.key();
        ExpectationEntry old = entries.get(key);
        if (old == null && entries.size() >= limit) {
            stats.createFailedFull++;
            return Applied.FULL;
        }
        boolean fresh = old == null || type == MessageType.EXPECTATION_NEW;
        EntryStatus status = fresh ? EntryStatus.NEW : EntryStatus.ALIVE;
        long added = fresh || old == null ? nowNanos : old.addedNanos();
        entries.put(key, new ExpectationEntry(expectation, status, added, nowNanos));
        if (!fresh) {
            stats.updated++;
            return Applied.UPDATED;
        }
        stats.created++;
        stats.destroyed += old == null ? 0 : 1;
        return old == null ? Applied.ADDED : Applied.REPLACED;
    }

    private Applied destroy(Expectation expectation) {
        lastDestroyed = expectation;
        if (entries.remove(expectation.key()) == null) {
            stats.destroyMissing++;
            return Applied.NOT_KNOWN;
        }
        stats.destroyed++;
        return Applied.REMOVED;
    }

    /**
     * All of them as they are to be committed: with {@code CommitTimeout}, else with what is left of the lifetime the
     * peer told, else without, so that the kernel gives its helper's. One whose lifetime ran out is left out: what it
     * waited for does not come any more.
     */
    public List<Expectation> toCommit(long nowNanos) {
        List<Expectation> due = new ArrayList<>(entries.size());
        for (ExpectationEntry entry : entries.values()) {
            Expectation expectation = entry.expectation();
            if (commitTimeoutSeconds > 0) {
                due.add(expectation.toBuilder()
                        .timeoutSeconds(commitTimeoutSeconds)
                        .build());
            } else if (!expectation.has(ExpectationAttribute.TIMEOUT) || expectation.timeoutSeconds() == 0) {
                due.add(expectation.toBuilder()
                        .clear(ExpectationAttribute.TIMEOUT)
                        .build());
            } else {
                long age = (nowNanos - entry.updatedNanos()) / NANOS_PER_SECOND;
                long left = expectation.timeoutSeconds() - Math.max(0, age);
                if (left > 0) {
                    due.add(expectation.toBuilder().timeoutSeconds(left).build());
                }
            }
        }
        return due;
    }

    /** What the last message about an end named, whether it was known here or not; null before the first. */
    public @Nullable Expectation lastDestroyed() {
        return lastDestroyed;
    }

    /** How many entries were last added or updated before a time; visited at once, which ends the walk. */
    public int countBefore(long nanos, Cursor cursor) {
        cursor.finish();
        return (int) entries.values().stream()
                .filter(entry -> entry.updatedNanos() - nanos < 0)
                .count();
    }

    /** As {@link #expireBefore(long)}, which ends the walk. */
    public int expireBefore(long nanos, Cursor cursor) {
        cursor.finish();
        return expireBefore(nanos);
    }

    /** Drops entries last added or updated before a time; how many. */
    public int expireBefore(long nanos) {
        int before = entries.size();
        entries.values().removeIf(entry -> entry.updatedNanos() - nanos < 0);
        int gone = before - entries.size();
        stats.destroyed += gone;
        return gone;
    }

    /** Visits all of them. */
    public void forEachEntry(Consumer<ExpectationEntry> visitor) {
        List.copyOf(entries.values()).forEach(visitor);
    }

    /** Entries. */
    public int size() {
        return entries.size();
    }

    /** Removes everything. */
    public void flush() {
        stats.destroyed += entries.size();
        entries.clear();
    }

    /** What happened so far. */
    public CacheStats stats() {
        return stats;
    }
}
