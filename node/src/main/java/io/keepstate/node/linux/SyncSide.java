// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.conntrack.CommitCounts;
import io.keepstate.conntrack.ConntrackUnavailableException;
import io.keepstate.conntrack.EventStream;
import io.keepstate.conntrack.KernelCheck;
import io.keepstate.ftfw.FtfwConfig;
import io.keepstate.ftfw.channel.DedicatedLinks;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.node.config.PeerLinks;
import io.keepstate.node.config.SyncConfiguration;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.stats.EventSocketSnapshot;
import io.keepstate.node.stats.KernelWritesSnapshot;
import io.keepstate.node.stats.LinksSnapshot;
import io.keepstate.node.sync.StateSync;
import java.security.SecureRandom;
import java.time.Duration;

/** The sockets of state synchronisation: connection tracking and the link to the peer. Belongs to the sync loop. */
final class SyncSide {
    /** How long kernel events gather before they are read: measured, wake-ups are most of their cost. */
    private static final long EVENT_PAUSE_NANOS = 1_000_000;

    private static final long MILLIS_PER_SECOND = 1000;

    /** Measured: after half a second most of what an event goes through is compiled (docs/proof/spine.md). */
    private static final Duration REHEARSAL = Duration.ofMillis(500);

    private final PeerLinks configured;
    private final LinuxFlowTable table;
    private final DedicatedLinks links;
    private final StateSync stateSync;

    private SyncSide(PeerLinks configured, LinuxFlowTable table, DedicatedLinks links, StateSync stateSync) {
        this.configured = configured;
        this.table = table;
        this.links = links;
        this.stateSync = stateSync;
    }

    static SyncSide open(SyncConfiguration configuration, NodeListener listener, Resources resources)
            throws NodeStartException {
        // Before the socket of events is there: it would fill up meanwhile.
        int unused = Rehearsal.run(configuration, REHEARSAL);
        LinuxFlowTable table;
        try {
            table = resources.own(
                    new LinuxFlowTable(KernelSettings.options(configuration), KernelSettings.follow(configuration)));
        } catch (ConntrackUnavailableException e) {
            throw StartError.conntrack(e);
        }
        LinkReports reports = new LinkReports(listener);
        DedicatedLinks links = resources.own(PeerChannels.open(configuration.links(), reports));
        KernelCheck.run(configuration.flowLimit())
                .forEach(finding -> listener.on(SyncEvent.warning(finding.message())));
        StateSync stateSync = new StateSync(
                configuration,
                table,
                table.expectations(),
                links,
                listener,
                links.datagramSize() + FtfwConfig.HEADER_ESTIMATE,
                System.currentTimeMillis() / MILLIS_PER_SECOND,
                new SecureRandom().nextLong());
        reports.tell(stateSync);
        return new SyncSide(configuration.links(), table, links, stateSync);
    }

    StateSync stateSync() {
        return stateSync;
    }

    void register(EventLoop loop) {
        EventStream stream = table.stream();
        if (stream != null) {
            loop.registerPaced(
                    stream, "conntrack events", EVENT_PAUSE_NANOS, (readiness, now) -> table.readEvents(now));
        }
        Senders senders = new Senders(configured);
        links.register(loop, (datagram, link, high, low, port, now) -> {
            long sender = senders.number(link, high, low);
            if (senders.isAnotherProcess(link, sender, port)) {
                stateSync.senderRestarted(sender);
            }
            return stateSync.receive(datagram, sender, high, low, now);
        });
    }

    /** To be worked on by the loop before it sends. */
    DedicatedLinks links() {
        return links;
    }

    EventSocketSnapshot eventStats() {
        EventStream stream = table.stream();
        return stream == null
                ? new EventSocketSnapshot(0, 0, 0, 0, false)
                : new EventSocketSnapshot(
                        stream.bufferSize(),
                        stream.overrunCount(),
                        stream.failedCount(),
                        stream.growthCount(),
                        stream.isFilteredInKernel());
    }

    KernelWritesSnapshot writeStats() {
        CommitCounts counts = table.writes();
        return new KernelWritesSnapshot(counts.withoutHelper(), counts.withoutLabels(), counts.lostBatches());
    }

    LinksSnapshot linksStats() {
        return PeerChannels.snapshot(configured, links);
    }
}
