// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Counters;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.flow.Tuple;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MessageType;
import io.keepstate.flow.wire.Unprotected;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The flows of our own kernel, as its events tell them, ready to be sent to the peers.
 *
 * <p>The event methods answer with the handle to enqueue at every session, or {@link Handle#NONE} when there is nothing
 * to send. A session keeps the handle and asks {@link #encode} for the octets when it transmits; so what is sent is
 * always the present state. A flow that was deleted stays (<em>pinned</em>) until each session called
 * {@link #released}; if a session does not take the handle in the first place, the caller calls it instead. Pinned
 * flows have a limit of their own and never keep a new flow out.
 *
 * <p>Not thread-safe: it belongs to one loop.
 */
public final class InternalCache {
    /** Answer of {@link #zoneOf}: no flow has the tuple, and none was ever in another zone than 0. */
    public static final int NO_FLOW = -1;
    /** Answer of {@link #zoneOf}: flows of several zones have the tuple, or none has and there are several zones. */
    public static final int SEVERAL_ZONES = -2;

    private final InternalCacheConfig config;
    private final FlowEncoder encoder;
    private final FlowTable table;
    private final PinnedList pinned;
    private final CacheStats stats = new CacheStats();
    private final WithheldFlows withheld;
    private final RefusedFlows refused;
    /** Zones in which there ever was a flow, one that found no room included. */
    private final BitSet zones = new BitSet();

    private long processedPackets;
    private long processedBytes;

    /** An empty cache whose flows are sent as this encoder writes them. */
    public InternalCache(InternalCacheConfig config, FlowEncoder encoder) {
        this.config = config;
        this.encoder = encoder;
        this.table = new FlowTable(Handle.INTERNAL, config.hashSeed());
        this.pinned = new PinnedList(table, config.pinnedLimit(), config.peers());
        this.withheld = new WithheldFlows(table);
        this.refused = new RefusedFlows(table);
    }

    /**
     * A flow that the kernel reports as new: an entry of the same key is replaced, nothing of it is kept.
     *
     * @return the handle to send, or {@link Handle#NONE}: not from the kernel, withheld, or no room
     */
    public long onNew(Flow flow, Origin origin, long nowNanos) {
        int slot = table.find(flow.original(), flow.originalZone());
        return beginToSend(slot, flow, origin, nowNanos);
    }

    /**
     * The present state of a flow, from an update event or a dump: what it leaves out is kept from before. A flow not
     * known is added.
     *
     * @return the handle to send, or {@link Handle#NONE}: not from the kernel (and not refused before), withheld, or no
     *     room
     */
    public long onUpdate(Flow flow, Origin origin, long nowNanos) {
        int slot = table.find(flow.original(), flow.originalZone());
        if (slot == FlowTable.NOT_FOUND || isDead(slot)) {
            stats.updateMissing += slot == FlowTable.NOT_FOUND ? 1 : 0;
            return beginToSend(slot, flow, origin, nowNanos);
        }
        Flow merged = table.merged(slot, flow);
        if (!table.replace(slot, merged)) {
            stats.createFailedSize++;
            return Handle.NONE;
        }
        stats.updated++;
        touch(slot, merged, EntryStatus.ALIVE, nowNanos);
        return toSend(slot, origin);
    }

    /**
     * The present state of a flow as a dump shows it, when events may have been missed. As {@link #onUpdate}, but the
     * peers are told only of what they cannot know: a flow not known, or one whose state changed. What changes by
     * itself (lifetime, counters) is no change.
     *
     * @return the handle to send, or {@link Handle#NONE}: nothing new, withheld, or no room
     */
    public long onDump(Flow flow, long nowNanos) {
        int slot = table.find(flow.original(), flow.originalZone());
        if (slot == FlowTable.NOT_FOUND) {
            return toSend(add(flow, nowNanos), Origin.KERNEL);
        }
        if (isDead(slot)) {
            return toSend(renew(slot, flow, nowNanos), Origin.KERNEL);
        }
        Flow before = table.flow(slot);
        Flow merged = table.merged(slot, flow);
        if (!table.replace(slot, merged)) {
            stats.createFailedSize++;
            return Handle.NONE;
        }
        if (SyncedState.isSame(before, merged)) {
            table.renew(slot, nowNanos);
            return Handle.NONE;
        }
        stats.updated++;
        touch(slot, merged, EntryStatus.ALIVE, nowNanos);
        return toSend(slot, Origin.KERNEL);
    }

    /**
     * A flow that the kernel deleted. Its counters, if the event has them, enter {@link #processedPackets}.
     *
     * @return the handle to send, or {@link Handle#NONE}: not known, not from the kernel, withheld, or no peers
     */
    public long onDestroy(Flow flow, Origin origin) {
        int slot = table.find(flow.original(), flow.originalZone());
        if (slot == FlowTable.NOT_FOUND || isDead(slot)) {
            stats.destroyMissing++;
            refused.remove(flow);
            return Handle.NONE;
        }
        count(flow.originalCounters());
        count(flow.replyCounters());
        return destroy(slot, origin);
    }

    /**
     * Deletes an entry that the kernel turned out not to have any more (after a lost event).
     *
     * @return the handle to send, or {@link Handle#NONE}
     */
    public long expire(long handle) {
        int slot = table.slot(handle);
        return slot == FlowTable.NOT_FOUND || isDead(slot) ? Handle.NONE : destroy(slot, Origin.KERNEL);
    }

    /**
     * Writes the present state of an entry. One that the wire cannot carry any more is told as deleted: the peers would
     * keep, and commit, what it was.
     *
     * @return {@link MessageType#FLOW_NEW}, {@link MessageType#FLOW_UPDATE} or {@link MessageType#FLOW_DESTROY}; or
     *     {@link Handle#GONE}, and nothing is written
     */
    public int encode(long handle, ByteBuf out) {
        int slot = table.slot(handle);
        if (slot == FlowTable.NOT_FOUND || withheld.isUnknownToPeers(slot)) {
            return Handle.GONE;
        }
        Flow flow = table.flow(slot);
        Unprotected kept = encoder.encode(flow, out);
        if (kept != null && kept.isWhole()) {
            return encoder.encodeEnd(flow, out) ? MessageType.FLOW_DESTROY : Handle.GONE;
        }
        return switch (table.status(slot)) {
            case NEW -> MessageType.FLOW_NEW;
            case ALIVE -> MessageType.FLOW_UPDATE;
            case DEAD -> MessageType.FLOW_DESTROY;
        };
    }

    /** One session no longer holds the handle; the last one lets a deleted flow go. Stale handles are ignored. */
    public void released(long handle) {
        int slot = table.slot(handle);
        if (slot != FlowTable.NOT_FOUND && isDead(slot)) {
            pinned.release(slot);
        }
    }

    /** The flow behind a handle, or null if it is gone. */
    public @Nullable Flow flow(long handle) {
        int slot = table.slot(handle);
        return slot == FlowTable.NOT_FOUND ? null : table.flow(slot);
    }

    /** Whether a living entry has this key. */
    public boolean contains(FlowKey key) {
        int slot = table.find(key.original(), key.zone());
        return slot != FlowTable.NOT_FOUND && !isDead(slot);
    }

    /**
     * The zone of the living entry with this original tuple, {@link #NO_FLOW} or {@link #SEVERAL_ZONES}. For what names
     * a flow by its tuple alone.
     */
    public int zoneOf(Tuple original) {
        int found = NO_FLOW;
        for (int zone = zones.nextSetBit(0); zone >= 0; zone = zones.nextSetBit(zone + 1)) {
            if (contains(new FlowKey(original, zone))) {
                if (found != NO_FLOW) {
                    return SEVERAL_ZONES;
                }
                found = zone;
            }
        }
        return found == NO_FLOW && zones.length() > 1 ? SEVERAL_ZONES : found;
    }

    /** Living entries. */
    public int size() {
        return table.size() - pinned.size();
    }

    /** Deleted entries that wait until the peers were told. */
    public int pinned() {
        return pinned.size();
    }

    /**
     * One slice over all that can be sent, deleted entries included: a bulk update.
     *
     * @param budget the most entries to visit in this slice
     * @return entries visited
     */
    public int forEachToSend(Cursor cursor, int budget, HandleVisitor visitor) {
        return TableWalk.slice(table, cursor, budget, slot -> {
            boolean send = !withheld.isWhole(slot);
            if (send) {
                visitor.visit(table.handle(slot));
            }
            return send;
        });
    }

    /** Whether the entry is a flow that belongs to another, its master; a kernel takes none before that. */
    public boolean isRelated(long handle) {
        int slot = table.slot(handle);
        return slot != FlowTable.NOT_FOUND && table.isRelated(slot);
    }

    /** One slice over the living entries: a dump. */
    public int forEachEntry(Cursor cursor, int budget, EntryVisitor visitor) {
        return TableWalk.slice(table, cursor, budget, slot -> {
            boolean show = !isDead(slot);
            if (show) {
                visitor.visit(TableWalk.entry(table, slot));
            }
            return show;
        });
    }

    /**
     * Starts a sweep: entries that are neither added nor updated from now on are the ones that
     * {@link #forEachNotRenewed} finds.
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

    /**
     * Living flows of the kernel that found no room: exact, as far as the kernel's events tell of their ends. They are
     * not at the peer.
     */
    public int refusedFlows() {
        return refused.size();
    }

    /** Whether this is one of {@link #refusedFlows}. */
    public boolean isRefused(Flow flow) {
        return refused.contains(flow);
    }

    /** One slice over the living entries that were not renewed since {@link #mark} returned this mark. */
    public int forEachNotRenewed(int since, Cursor cursor, int budget, HandleVisitor visitor) {
        return TableWalk.notRenewed(table, since, cursor, budget, visitor);
    }

    /** Drops everything, without telling the peers; handles that sessions still hold answer GONE. */
    public void flush() {
        stats.destroyed += size();
        table.clear();
        pinned.clear();
        refused.clear();
        withheld.clear();
    }

    /** What happened so far. */
    public CacheStats stats() {
        return stats;
    }

    /** How many living entries are kept at home, whole or in part, for this reason. */
    public int unprotected(Unprotected reason) {
        return withheld.count(reason);
    }

    /** How many living entries are not sent at all. */
    public int unprotectedFlows() {
        return withheld.wholeCount();
    }

    /**
     * Whether flows were refused for lack of room, and now there is some: then the caller should read the kernel's table again, as
     * often as it can bear.
     */
    public boolean isRefillDue() {
        return refused.fit(config.hashLimit() - size());
    }

    /** Deleted entries given up before every peer was told, because too many waited. */
    public long pinnedGivenUp() {
        return pinned.givenUp();
    }

    /** Packets of the flows that were deleted (needs nf_conntrack_acct). */
    public long processedPackets() {
        return processedPackets;
    }

    /** Octets of the flows that were deleted. */
    public long processedBytes() {
        return processedBytes;
    }

    /** Octets of memory held, about; it grows with the largest table so far. */
    public long memoryOctets() {
        return table.octets();
    }

    /** What found no room before is not known to the peer, whoever tells of it now. */
    private long beginToSend(int known, Flow flow, Origin origin, long nowNanos) {
        boolean untold = refused.contains(flow);
        int slot = known == FlowTable.NOT_FOUND ? add(flow, nowNanos) : renew(known, flow, nowNanos);
        return toSend(slot, untold ? Origin.KERNEL : origin);
    }

    private int add(Flow flow, long nowNanos) {
        zones.set(flow.originalZone());
        if (isFull(flow)) {
            return FlowTable.NOT_FOUND;
        }
        int slot = table.add(flow);
        if (slot == FlowTable.NOT_FOUND) {
            stats.createFailedSize++;
            return slot;
        }
        refused.remove(flow);
        begin(slot, flow, nowNanos);
        return slot;
    }

    /** Replaces an entry by a fresh one, in its slot and under its handle: what sessions hold now means the new one. */
    private int renew(int slot, Flow flow, long nowNanos) {
        boolean dead = isDead(slot);
        if (dead && isFull(flow)) {
            return FlowTable.NOT_FOUND;
        }
        if (!table.replace(slot, flow)) {
            stats.createFailedSize++;
            return FlowTable.NOT_FOUND;
        }
        if (dead) {
            pinned.unpin(slot);
            refused.remove(flow);
        } else {
            stats.destroyed++;
        }
        begin(slot, flow, nowNanos);
        return slot;
    }

    private boolean isFull(Flow flow) {
        boolean full = size() >= config.hashLimit();
        if (full) {
            stats.createFailedFull++;
            refused.add(flow);
        }
        return full;
    }

    private void begin(int slot, Flow flow, long nowNanos) {
        stats.created++;
        touch(slot, flow, EntryStatus.NEW, nowNanos);
    }

    private void touch(int slot, Flow flow, EntryStatus status, long nowNanos) {
        table.stamp(slot, status, nowNanos);
        withheld.set(slot, encoder.withheld(flow));
    }

    private long destroy(int slot, Origin origin) {
        stats.destroyed++;
        boolean send = origin == Origin.KERNEL && !withheld.isUnknownToPeers(slot) && pinned.isUsed();
        withheld.set(slot, null);
        if (!send) {
            table.remove(slot);
            return Handle.NONE;
        }
        pinned.pin(slot);
        return table.handle(slot);
    }

    private long toSend(int slot, Origin origin) {
        return slot == FlowTable.NOT_FOUND || origin != Origin.KERNEL || withheld.isUnknownToPeers(slot)
                ? Handle.NONE
                : table.handle(slot);
    }

    private boolean isDead(int slot) {
        return table.status(slot) == EntryStatus.DEAD;
    }

    private void count(@Nullable Counters counters) {
        if (counters != null) {
            processedPackets += counters.packets();
            processedBytes += counters.bytes();
        }
    }
}
