// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.MessageType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The flows of a peer, as its messages tell them, ready to be committed to our kernel.
 *
 * <p>Nothing is removed by age: entries go when the peer says so, by {@link #flush}, or by a sweep after the peer sent
 * its whole table ({@link #mark}, {@link #forEachNotRenewed}, {@link #remove}).
 *
 * <p>Not thread-safe: it belongs to one loop.
 */
public final class ExternalCache {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The lifetime of a flow whose own has run out; conntrackd gives the same. */
    private static final int FALLBACK_TIMEOUT_SECONDS = 60;

    private final ExternalCacheConfig config;
    private final FlowDecoder decoder;
    private final FlowTable table;
    private final CommitOrder order;
    private final FlowBuilder builder = new FlowBuilder();
    private final CacheStats stats = new CacheStats();
    private final RefusedFlows refused;
    private final long[] applied = new long[Applied.count()];

    /** An empty cache that reads the peer's messages with this decoder. */
    public ExternalCache(ExternalCacheConfig config, FlowDecoder decoder) {
        this.config = config;
        this.decoder = decoder;
        this.table = new FlowTable(Handle.EXTERNAL, config.hashSeed());
        this.refused = new RefusedFlows(table);
        this.order = new CommitOrder(table);
    }

    /**
     * Takes one message of the peer.
     *
     * @param type {@link MessageType}
     * @param payload the attributes, from reader to writer index; the indices are left as they are
     * @return what became of it; all but {@link Applied#MALFORMED} and {@link Applied#UNKNOWN_TYPE} were well-formed
     */
    public Applied onMessage(int type, ByteBuf payload, long nowNanos) {
        if (MessageType.isExpectation(type)) {
            return count(Applied.EXPECTATION);
        }
        if (!MessageType.isFlow(type)) {
            return count(Applied.UNKNOWN_TYPE);
        }
        if (decoder.decode(payload, builder) != null) {
            return count(Applied.MALFORMED);
        }
        return onFlow(type, builder.build(), nowNanos);
    }

    /**
     * Takes one message of the peer, already decoded.
     *
     * @param type {@link MessageType#FLOW_NEW}, {@link MessageType#FLOW_UPDATE} or {@link MessageType#FLOW_DESTROY}
     */
    public Applied onFlow(int type, Flow flow, long nowNanos) {
        int slot = table.find(flow.original(), flow.originalZone());
        return count(
                switch (type) {
                    case MessageType.FLOW_NEW ->
                        slot == FlowTable.NOT_FOUND ? add(flow, nowNanos) : replace(slot, flow, nowNanos);
                    case MessageType.FLOW_UPDATE -> update(slot, flow, nowNanos);
                    case MessageType.FLOW_DESTROY -> destroy(slot, flow);
                    default -> Applied.UNKNOWN_TYPE;
                });
    }

    /**
     * The flow as it is to be committed: with the lifetime it has now. That is {@code CommitTimeout} if set; else what
     * is left of the lifetime the peer told, and 60 s if nothing is left. If none was told it has none, and whoever
     * creates it gives it what its protocol gets in its state.
     *
     * @return null if the entry is gone
     */
    public @Nullable Flow flowFor(long handle, long nowNanos) {
        int slot = table.slot(handle);
        if (slot == FlowTable.NOT_FOUND) {
            return null;
        }
        long age = (nowNanos - table.page(slot).updatedNanos[FlowTable.at(slot)]) / NANOS_PER_SECOND;
        return table.flowWithTimeout(slot, told -> commitTimeout(told, age));
    }

    /** The flow behind a handle as the peer told it, or null if it is gone. */
    public @Nullable Flow flow(long handle) {
        int slot = table.slot(handle);
        return slot == FlowTable.NOT_FOUND ? null : table.flow(slot);
    }

    /** Whether an entry has this key. */
    public boolean contains(FlowKey key) {
        return table.find(key.original(), key.zone()) != FlowTable.NOT_FOUND;
    }

    /** Entries. */
    public int size() {
        return table.size();
    }

    /** A walk in the order of a commit, starting now. A new walk ends the one before it. */
    public CommitCursor startCommit() {
        return order.start();
    }

    /**
     * One slice of a commit: masters before the flows they expected, and the most valuable flows first. Every entry
     * that exists when the cursor is done was visited exactly once, also those added meanwhile.
     *
     * @param cursor the one {@link #startCommit} returned last
     * @param budget the most entries to visit in this slice
     * @return entries visited; may be 0 while the cursor is not done
     */
    public int forEachToCommit(CommitCursor cursor, int budget, HandleVisitor visitor) {
        return order.slice(cursor, budget, visitor);
    }

    /** One slice over all entries: a dump. */
    public int forEachEntry(Cursor cursor, int budget, EntryVisitor visitor) {
        return TableWalk.slice(table, cursor, budget, slot -> {
            visitor.visit(TableWalk.entry(table, slot));
            return true;
        });
    }

    /**
     * Starts a sweep: entries that no message renews from now on are the ones that {@link #forEachNotRenewed} finds.
     *
     * @return the mark to pass there
     */
    public int mark() {
        refused.mark();
        return table.mark();
    }

    /** The sweep that {@link #mark} began is over: what was refused before and not again since is gone. */
    public void swept() {
        refused.swept();
    }

    /** Flows of the peer that found no room: exact, as far as its messages tell of their ends. */
    public int refusedFlows() {
        return refused.size();
    }

    /**
     * Whether flows were refused for lack of room, and now there is some: then the caller should ask the peer for everything, as
     * often as it can bear.
     */
    public boolean isRefillDue() {
        return refused.fit(config.hashLimit() - size());
    }

    /** One slice over the entries that no message renewed since {@link #mark} returned this mark. */
    public int forEachNotRenewed(int since, Cursor cursor, int budget, HandleVisitor visitor) {
        return TableWalk.notRenewed(table, since, cursor, budget, visitor);
    }

    /**
     * One slice of a walk that removes entries last added or updated before a time: {@code CacheTimeout}.
     *
     * @return entries removed
     */
    public int expireBefore(long nanos, Cursor cursor, int budget) {
        return TableWalk.slice(table, cursor, budget, slot -> {
            boolean old = table.page(slot).updatedNanos[FlowTable.at(slot)] - nanos < 0;
            if (old) {
                stats.destroyed++;
                table.remove(slot);
            }
            return old;
        });
    }

    /** Removes one entry; false if it was gone. */
    public boolean remove(long handle) {
        int slot = table.slot(handle);
        if (slot == FlowTable.NOT_FOUND) {
            return false;
        }
        stats.destroyed++;
        table.remove(slot);
        return true;
    }

    /** Removes everything. */
    public void flush() {
        stats.destroyed += table.size();
        table.clear();
        refused.clear();
    }

    /** What happened so far. */
    public CacheStats stats() {
        return stats;
    }

    /** How many messages had this outcome. */
    public long applied(Applied outcome) {
        return applied[outcome.ordinal()];
    }

    /** Octets of memory held, about; it grows with the largest table so far. */
    public long memoryOctets() {
        return table.octets();
    }

    private Applied add(Flow flow, long nowNanos) {
        if (table.size() >= config.hashLimit()) {
            stats.createFailedFull++;
            refused.add(flow);
            return Applied.FULL;
        }
        int slot = table.add(flow);
        if (slot == FlowTable.NOT_FOUND) {
            stats.createFailedSize++;
            return Applied.TOO_BIG;
        }
        refused.remove(flow);
        begin(slot, flow, nowNanos);
        return Applied.ADDED;
    }

    private Applied replace(int slot, Flow flow, long nowNanos) {
        if (!table.replace(slot, flow)) {
            stats.createFailedSize++;
            return Applied.TOO_BIG;
        }
        stats.destroyed++;
        begin(slot, flow, nowNanos);
        return Applied.REPLACED;
    }

    private Applied update(int slot, Flow flow, long nowNanos) {
        if (slot == FlowTable.NOT_FOUND) {
            stats.updateMissing++;
            return add(flow, nowNanos);
        }
        Flow merged = table.merged(slot, flow);
        if (!table.replace(slot, merged)) {
            stats.createFailedSize++;
            return Applied.TOO_BIG;
        }
        stats.updated++;
        touch(slot, merged, EntryStatus.ALIVE, nowNanos);
        return Applied.UPDATED;
    }

    private Applied destroy(int slot, Flow flow) {
        if (slot == FlowTable.NOT_FOUND) {
            stats.destroyMissing++;
            refused.remove(flow);
            return Applied.NOT_KNOWN;
        }
        stats.destroyed++;
        table.remove(slot);
        return Applied.REMOVED;
    }

    private void begin(int slot, Flow flow, long nowNanos) {
        stats.created++;
        touch(slot, flow, EntryStatus.NEW, nowNanos);
    }

    private void touch(int slot, Flow flow, EntryStatus status, long nowNanos) {
        table.stamp(slot, status, nowNanos);
        table.page(slot).rank[FlowTable.at(slot)] = CommitOrder.rank(flow);
    }

    private Applied count(Applied outcome) {
        applied[outcome.ordinal()]++;
        return outcome;
    }

    private long commitTimeout(long told, long ageSeconds) {
        if (config.commitTimeoutSeconds() > 0) {
            return config.commitTimeoutSeconds();
        }
        if (told == 0) {
            return 0;
        }
        long left = told - Math.max(0, ageSeconds);
        return left > 0 ? left : FALLBACK_TIMEOUT_SECONDS;
    }
}
