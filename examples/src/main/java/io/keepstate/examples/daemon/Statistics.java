// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.control.ControlEvent;
import io.keepstate.examples.control.ControlRequest;
import io.keepstate.examples.control.StatsText;
import io.keepstate.ftfw.FtfwStats;
import io.keepstate.ftfw.RejectReason;
import io.keepstate.node.config.PeerLink;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.stats.CacheSnapshot;
import io.keepstate.node.stats.EventSocketSnapshot;
import io.keepstate.node.stats.KernelSnapshot;
import io.keepstate.node.stats.LinkSnapshot;
import io.keepstate.node.stats.NodeStats;
import io.keepstate.node.stats.SyncStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** A node's counters in the words of {@code conntrackd -s}. Pure. */
final class Statistics {
    private static final LinkSnapshot NO_LINK =
            new LinkSnapshot(PeerLink.Transport.UDP, "", false, false, true, 0, 0, 0, 0, 0, 0, Optional.empty());

    private Statistics() {}

    /** What one of the {@code -s} requests is answered; empty for a node that replicates nothing. */
    static String text(
            ControlRequest request,
            NodeStats stats,
            SyncLimits limits,
            ToLongFunction<ControlEvent> control,
            long wallMillis) {
        if (stats.sync().isEmpty()) {
            return "";
        }
        SyncStats sync = stats.sync().get();
        StatsText.Link link = link(stats.link().orElse(NO_LINK));
        return switch (request) {
            case STATS -> StatsText.summary(sides(sync), traffic(sync), link, messages(sync.session()));
            case STATS_NETWORK -> StatsText.network(link, messages(sync.session()));
            case STATS_CACHE -> caches(sync);
            case STATS_EXPECT ->
                sync.expectations()
                        .map(of -> StatsText.summary(
                                expectations(sync, of), traffic(sync), link, messages(sync.session())))
                        .orElse("");
            case STATS_RUNTIME -> StatsText.runtime(runtime(stats, sync.kernel(), control, wallMillis));
            case STATS_LINK ->
                StatsText.links(
                        stats.links().links().stream().map(Statistics::link).toList());
            case STATS_QUEUE -> queues(sync.session(), limits, stats.link());
            case STATS_LIMITS -> LimitsText.of(stats, sync, limits.tellsLifetimes());
            default -> "";
        };
    }

    /**
     * Limits that the counters are shown against.
     *
     * @param resendQueue {@code ResendQueueSize}; 0 in modes that keep nothing
     * @param tellsLifetimes whether the peer is told how long flows live
     */
    record SyncLimits(long resendQueue, boolean tellsLifetimes) {
        /** Of a node that synchronises nothing. */
        static final SyncLimits NONE = new SyncLimits(0, false);

        static SyncLimits of(SyncConfiguration sync) {
            return new SyncLimits(sync.mode().resendLimit(), sync.tellsLifetimes());
        }
    }

    private static String sides(SyncStats sync) {
        return bypass(sync).orElseGet(() -> StatsText.cache(cache("internal", sync.internal())))
                + injection(sync).orElseGet(() -> StatsText.cache(cache("external", sync.external())));
    }

    private static String caches(SyncStats sync) {
        return bypass(sync).orElseGet(() -> StatsText.caches(List.of(cache("internal", sync.internal()))))
                + injection(sync).orElseGet(() -> StatsText.caches(List.of(cache("external", sync.external()))));
    }

    /** As those of the flows: a cache that is disabled for them is for expectations, too. */
    private static String expectations(SyncStats sync, SyncStats.ExpectationStats of) {
        CacheSnapshot internal = of.internal();
        CacheSnapshot external = of.external();
        return (sync.bypass().isPresent()
                        ? StatsText.bypass(
                                new StatsText.Bypass(internal.created(), internal.updated(), internal.destroyed()))
                        : StatsText.cache(cache("internal", internal)))
                + (sync.injection().isPresent()
                        ? StatsText.injected(injected(external))
                        : StatsText.cache(cache("external", external)));
    }

    private static StatsText.Injected injected(CacheSnapshot of) {
        long failed = of.createFailedFull() + of.createFailedSize();
        return new StatsText.Injected(of.created(), failed, of.updated(), 0, of.destroyed(), 0);
    }

    private static Optional<String> bypass(SyncStats sync) {
        return sync.bypass()
                .map(of -> StatsText.bypass(new StatsText.Bypass(of.created(), of.updated(), of.destroyed())));
    }

    private static Optional<String> injection(SyncStats sync) {
        return sync.injection()
                .map(of -> StatsText.injected(new StatsText.Injected(
                        of.created(),
                        of.createFailed(),
                        of.updated(),
                        of.updateFailed(),
                        of.destroyed(),
                        of.destroyFailed())));
    }

    /**
     * conntrackd counts no change or end of what it does not know as failed, and monitors take these columns for trouble:
     * so they are 0 here, too ({@link CacheSnapshot} has the numbers).
     */
    private static StatsText.Cache cache(String name, CacheSnapshot of) {
        return new StatsText.Cache(
                name,
                of.entries(),
                of.entries() + (long) of.deletedWaiting(),
                of.created(),
                of.createFailedSize(),
                of.createFailedFull(),
                of.updated(),
                0,
                of.destroyed(),
                0);
    }

    private static StatsText.Traffic traffic(SyncStats sync) {
        return new StatsText.Traffic(sync.processedBytes(), sync.processedPackets());
    }

    private static StatsText.Link link(LinkSnapshot of) {
        String status = of.running() ? "RUNNING" : of.up() ? "NO-CARRIER" : "DOWN";
        return new StatsText.Link(
                of.transport().toString(),
                of.tcp().map(tcp -> new StatsText.Connections(tcp.serverConnected(), tcp.clientConnected())),
                of.device(),
                status,
                of.current(),
                of.bytesSent(),
                of.bytesReceived(),
                of.packetsSent(),
                of.packetsReceived(),
                of.sendErrors(),
                of.receiveErrors());
    }

    private static StatsText.Messages messages(FtfwStats session) {
        return new StatsText.Messages(
                session.rejected(RejectReason.WRONG_VERSION),
                session.rejected(RejectReason.MALFORMED_HEADER) + session.rejected(RejectReason.BAD_RANGE),
                session.rejected(RejectReason.MALFORMED_PAYLOAD),
                0,
                session.rejected(RejectReason.TRUNCATED),
                session.rejected(RejectReason.BAD_SIZE),
                session.lostAsConntrackd(),
                session.before());
    }

    private static StatsText.RuntimeCounters runtime(
            NodeStats stats, KernelSnapshot kernel, ToLongFunction<ControlEvent> control, long wallMillis) {
        return new StatsText.RuntimeCounters(
                Duration.ofMillis(Math.max(0, wallMillis - stats.startedWallMillis())),
                kernel.events(),
                kernel.filtered(),
                0,
                kernel.overruns(),
                0,
                kernel.overruns(),
                kernel.flushes(),
                kernel.dumps(),
                stats.events().map(EventSocketSnapshot::bufferSize).orElse(0),
                ControlEvent.failedReads(control),
                ControlEvent.unknownRequests(control));
    }

    /** conntrackd shows its limit for every transport. */
    private static StatsText.Queue errorQueue(Optional<LinkSnapshot.Connections> tcp) {
        return tcp.map(link -> new StatsText.Queue("errorq", link.queued(), link.queueLimit(), link.queueLost()))
                .orElse(new StatsText.Queue("errorq", 0, PeerLink.DEFAULT_ERROR_QUEUE_LENGTH, 0));
    }

    private static String queues(FtfwStats session, SyncLimits limits, Optional<LinkSnapshot> link) {
        long waiting = (long) session.txObjects() + session.txControls();
        long unacknowledged = (long) session.rsObjects() + session.rsControls();
        List<StatsText.Queue> queues = new ArrayList<>();
        queues.add(new StatsText.Queue("txqueue", waiting, Integer.MAX_VALUE, session.refused()));
        queues.add(errorQueue(link.flatMap(LinkSnapshot::tcp)));
        if (limits.resendQueue() > 0) {
            queues.add(new StatsText.Queue("rsqueue", unacknowledged, limits.resendQueue(), session.resendOverflow()));
        }
        return StatsText.queues(waiting + unacknowledged, queues);
    }
}
