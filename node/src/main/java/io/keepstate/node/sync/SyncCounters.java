// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.Applied;
import io.keepstate.cache.InternalCache;
import io.keepstate.flow.wire.Unprotected;
import io.keepstate.node.stats.BypassSnapshot;
import io.keepstate.node.stats.InjectionSnapshot;
import io.keepstate.node.stats.KernelSnapshot;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the parts of the sync side do not count themselves, and maps of what they do. */
final class SyncCounters {
    long events;
    long filtered;
    long overruns;
    long dumps;
    long dumpFailures;
    long bulks;
    long resyncRequests;
    long sweptExternal;
    long expiredExternal;
    long differences;
    long leftToEvents;
    long eventsForgotten;
    long bypassCreated;
    long bypassUpdated;
    long bypassDestroyed;
    long bypassWithheld;
    long bypassRefused;
    final KernelInjection.Counts injections = new KernelInjection.Counts();

    KernelSnapshot kernel(long flushes) {
        return new KernelSnapshot(
                events,
                filtered,
                overruns,
                dumps,
                dumpFailures,
                flushes,
                bulks,
                resyncRequests,
                sweptExternal,
                differences,
                leftToEvents,
                eventsForgotten);
    }

    BypassSnapshot bypass() {
        return new BypassSnapshot(bypassCreated, bypassUpdated, bypassDestroyed, bypassWithheld, bypassRefused);
    }

    InjectionSnapshot injection() {
        return new InjectionSnapshot(
                injections.created,
                injections.createFailed,
                injections.updated,
                injections.updateFailed,
                injections.destroyed,
                injections.destroyFailed);
    }

    static Map<String, Long> applied(PeerFeed feed) {
        Map<String, Long> counts = new TreeMap<>();
        for (Applied outcome : Applied.values()) {
            counts.put(name(outcome), feed.applied(outcome));
        }
        return counts;
    }

    /**
     * Living flows by the reason why the peer does not know them: what the wire cannot carry, what found no room, what
     * waits to be purged. Each flow counts once.
     */
    static Map<String, Long> unprotected(InternalCache internal, Outlet outlet) {
        Map<String, Long> counts = new TreeMap<>();
        long byWire = 0;
        for (Unprotected reason : Unprotected.values()) {
            if (reason.isWhole()) {
                counts.put(name(reason), (long) internal.unprotected(reason));
                byWire += internal.unprotected(reason);
            }
        }
        counts.put("no_room", (long) internal.refusedFlows());
        counts.put("session_full", outlet.refused());
        counts.put("waiting_for_purge", outlet.isOpen() ? 0L : internal.size() - byWire);
        return counts;
    }

    /** Living flows that the peer knows without an attribute, by the reason; only reasons that there are. */
    static Map<String, Long> incomplete(InternalCache internal) {
        Map<String, Long> counts = new TreeMap<>();
        for (Unprotected reason : Unprotected.values()) {
            if (!reason.isWhole() && internal.unprotected(reason) > 0) {
                counts.put(name(reason), (long) internal.unprotected(reason));
            }
        }
        return counts;
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
