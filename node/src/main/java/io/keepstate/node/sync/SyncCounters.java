// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.cache.ExternalCache;
import io.keepstate.cache.InternalCache;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.stats.CacheSnapshot;
import io.keepstate.node.stats.KernelSnapshot;
import io.keepstate.node.stats.SyncStats;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the parts of the sync side do not count themselves, and the snapshot of all. */
final class SyncCounters {
    long overruns;
    long dumpFailures;
    long resyncRequests;
    long sweptExternal;

    SyncStats snapshot(
            InternalCache internal,
            ExternalCache external,
            FlowDecoder decoder,
            SyncSession session,
            KernelFeed kernel,
            KernelDump dump,
            KernelFlush flush,
            CommitRun commit,
            BulkRun bulk,
            Outlet outlet) {
        return new SyncStats(
                CacheSnapshot.of(internal.size(), internal.pinned(), internal.stats()),
                CacheSnapshot.of(external.size(), 0, external.stats()),
                internal.processedPackets(),
                internal.processedBytes(),
                session.stats(),
                new KernelSnapshot(
                        kernel.received(),
                        kernel.filtered(),
                        overruns,
                        dump.completed(),
                        dumpFailures,
                        flush.completed(),
                        bulk.completed(),
                        resyncRequests,
                        sweptExternal),
                applied(external),
                refusedPayloads(decoder),
                commit.totalCommitted(),
                commit.refusals(),
                unprotected(internal, outlet));
    }

    private static Map<String, Long> applied(ExternalCache external) {
        Map<String, Long> counts = new TreeMap<>();
        for (Applied outcome : Applied.values()) {
            counts.put(name(outcome), external.applied(outcome));
        }
        return counts;
    }

    private static Map<MalformedPayload, Long> refusedPayloads(FlowDecoder decoder) {
        Map<MalformedPayload, Long> counts = new EnumMap<>(MalformedPayload.class);
        for (MalformedPayload reason : MalformedPayload.values()) {
            if (decoder.refused(reason) > 0) {
                counts.put(reason, decoder.refused(reason));
            }
        }
        return counts;
    }

    /** By reason: what the wire cannot carry, what the session had no room for, what waits to be purged. */
    private static Map<String, Long> unprotected(InternalCache internal, Outlet outlet) {
        Map<String, Long> counts = new TreeMap<>();
        for (Unprotected reason : Unprotected.values()) {
            if (reason.isWhole()) {
                counts.put(name(reason), (long) internal.unprotected(reason));
            }
        }
        counts.put("session_full", outlet.refused());
        counts.put("waiting_for_purge", outlet.isOpen() ? 0L : internal.size());
        return counts;
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
