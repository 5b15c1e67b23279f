// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationKey;
import io.keepstate.flow.wire.ExpectationEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.Unprotected;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The expectations of our own kernel, ready to be sent to the peers: what {@link InternalCache} is for flows, with the
 * same handles, statuses and rules; one that the wire cannot carry is kept and never sent. There are few of them, and
 * they live for minutes: objects in maps.
 *
 * <p>Not thread-safe: it belongs to one loop.
 */
public final class InternalExpectations {
    private final int limit;
    private final ExpectationEncoder encoder;
    private final Map<ExpectationKey, Entry> byKey = new LinkedHashMap<>();
    private final Map<Long, Entry> byHandle = new HashMap<>();
    private final CacheStats stats = new CacheStats();
    private long lastNumber;
    private int living;
    private int mark;

    /** What is kept of one. */
    private static final class Entry {
        final long handle;
        Expectation expectation;
        EntryStatus status = EntryStatus.NEW;
        long addedNanos;
        long updatedNanos;
        int mark;

        Entry(long handle, Expectation expectation) {
            this.handle = handle;
            this.expectation = expectation;
        }
    }

    /**
     * An empty cache.
     *
     * @param limit most living entries, 1 or more; deleted ones that wait for their release do not count
     */
    public InternalExpectations(int limit, ExpectationEncoder encoder) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit + " of expectations is not 1 or more");
        }
        this.limit = limit;
        this.encoder = encoder;
    }

    /**
     * An expectation that the kernel reports as new: the handle to send, or {@link Handle#NONE}: withheld, or no room.
     */
    public long onNew(Expectation expectation, long nowNanos) {
        Entry old = byKey.get(expectation.key());
        if (old != null) {
            drop(old);
        }
        return add(expectation, nowNanos);
    }

    /**
     * The present state of an expectation, from an update or a dump: the handle to send, or {@link Handle#NONE}:
     * withheld, or no room.
     */
    public long onUpdate(Expectation expectation, long nowNanos) {
        Entry entry = byKey.get(expectation.key());
        if (entry == null || entry.status == EntryStatus.DEAD) {
            stats.updateMissing++;
            return onNew(expectation, nowNanos);
        }
        stats.updated++;
        entry.expectation = expectation;
        entry.status = EntryStatus.ALIVE;
        entry.updatedNanos = nowNanos;
        entry.mark = mark;
        return toSend(entry);
    }

    /** An expectation that is gone: the handle to send, or {@link Handle#NONE}: not known, or withheld. */
    public long onDestroy(Expectation expectation) {
        Entry entry = byKey.get(expectation.key());
        if (entry == null || entry.status == EntryStatus.DEAD) {
            stats.destroyMissing++;
            return Handle.NONE;
        }
        return end(entry);
    }

    /**
     * Writes the present state of an entry.
     *
     * @return {@link MessageType#EXPECTATION_NEW}, {@link MessageType#EXPECTATION_UPDATE} or
     *     {@link MessageType#EXPECTATION_DESTROY}; or {@link Handle#GONE}, and nothing is written
     */
    public int encode(long handle, ByteBuf out) {
        Entry entry = byHandle.get(handle);
        if (entry == null) {
            return Handle.GONE;
        }
        Unprotected withheld = encoder.encode(entry.expectation, out);
        if (withheld != null && withheld.isWhole()) {
            return Handle.GONE;
        }
        return switch (entry.status) {
            case NEW -> MessageType.EXPECTATION_NEW;
            case ALIVE -> MessageType.EXPECTATION_UPDATE;
            case DEAD -> MessageType.EXPECTATION_DESTROY;
        };
    }

    /** The session no longer holds the handle: a deleted entry goes. Stale handles are ignored. */
    public void released(long handle) {
        Entry entry = byHandle.get(handle);
        if (entry != null && entry.status == EntryStatus.DEAD) {
            drop(entry);
        }
    }

    /**
     * Starts a sweep: entries neither added nor updated from now on are the ones that {@link #expireNotRenewed} ends.
     */
    public void mark() {
        mark++;
    }

    /** Ends the entries that were not renewed since {@link #mark}; their handles, to be sent. */
    public List<Long> expireNotRenewed() {
        List<Long> ended = new ArrayList<>();
        for (Entry entry : List.copyOf(byKey.values())) {
            if (entry.status != EntryStatus.DEAD && entry.mark != mark) {
                long handle = end(entry);
                if (handle != Handle.NONE) {
                    ended.add(handle);
                }
            }
        }
        return ended;
    }

    /** All that can be sent, deleted ones included: a bulk update. A copy. */
    public List<Long> handles() {
        return byKey.values().stream()
                .filter(entry -> !isWithheld(entry))
                .map(entry -> entry.handle)
                .toList();
    }

    /** How many living ones are kept at home, whole or in part, by reason; only reasons that there are. */
    public Map<Unprotected, Integer> unprotected() {
        Map<Unprotected, Integer> counts = new EnumMap<>(Unprotected.class);
        for (Entry entry : byKey.values()) {
            Unprotected reason = encoder.withheld(entry.expectation);
            if (reason != null && entry.status != EntryStatus.DEAD) {
                counts.merge(reason, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Visits the living ones. */
    public void forEachEntry(Consumer<ExpectationEntry> visitor) {
        for (Entry entry : List.copyOf(byKey.values())) {
            if (entry.status != EntryStatus.DEAD) {
                visitor.accept(
                        new ExpectationEntry(entry.expectation, entry.status, entry.addedNanos, entry.updatedNanos));
            }
        }
    }

    /** The one of this key, or null. */
    public @Nullable Expectation get(ExpectationKey key) {
        Entry entry = byKey.get(key);
        return entry == null || entry.status == EntryStatus.DEAD ? null : entry.expectation;
    }

    /** Living entries. */
    public int size() {
        return living;
    }

    /** Deleted entries that wait until the peers were told. */
    public int pinned() {
        return byKey.size() - living;
    }

    /** Drops everything, without telling the peers. */
    public void flush() {
        stats.destroyed += living;
        byKey.clear();
        byHandle.clear();
        living = 0;
    }

    /** What happened so far. */
    public CacheStats stats() {
        return stats;
    }

    private long add(Expectation expectation, long nowNanos) {
        if (living >= limit) {
            stats.createFailedFull++;
            return Handle.NONE;
        }
        Entry entry = new Entry(Handle.ofExpectation(++lastNumber), expectation);
        entry.addedNanos = nowNanos;
        entry.updatedNanos = nowNanos;
        entry.mark = mark;
        byKey.put(expectation.key(), entry);
        byHandle.put(entry.handle, entry);
        living++;
        stats.created++;
        return toSend(entry);
    }

    private long end(Entry entry) {
        if (isWithheld(entry)) {
            drop(entry); // no session holds it, so none would release it
            return Handle.NONE;
        }
        stats.destroyed++;
        entry.status = EntryStatus.DEAD;
        living--;
        return entry.handle;
    }

    private long toSend(Entry entry) {
        return isWithheld(entry) ? Handle.NONE : entry.handle;
    }

    private boolean isWithheld(Entry entry) {
        Unprotected reason = encoder.withheld(entry.expectation);
        return reason != null && reason.isWhole();
    }

    private void drop(Entry entry) {
        byKey.remove(entry.expectation.key());
        byHandle.remove(entry.handle);
        if (entry.status != EntryStatus.DEAD) {
            living--;
            stats.destroyed++;
        }
    }
}
