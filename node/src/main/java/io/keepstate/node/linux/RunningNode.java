// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.linux.loop.EventLoop;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.stats.NodeStats;
import io.keepstate.node.stats.RouterSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of a node whose sockets are open. */
final class RunningNode {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);
    private static final long STOP_MILLIS = 5000;

    private final NodeParts parts;
    private final LoopThread syncThread;
    private final @Nullable LoopThread vrrpThread;

    private RunningNode(NodeParts parts, int realTimePriority) {
        this.parts = parts;
        syncThread = new LoopThread(
                "sync-loop",
                parts.syncEventLoop(),
                now -> {
                    RealTime.takeForSync("sync-loop", realTimePriority);
                    parts.syncDuty().start(now);
                },
                now -> {
                    parts.syncDuty().stop(now);
                    // Here, since it needs a thread in the node's network namespace.
                    parts.statics().clear();
                    parts.virtualMacs().close();
                });
        vrrpThread = parts.configuration().groups().isEmpty()
                ? null
                : new LoopThread(
                        "vrrp-loop",
                        parts.vrrpSide().eventLoop(),
                        now -> {
                            RealTime.takeForVrrp("vrrp-loop", realTimePriority);
                            parts.vrrpSide().duty().start(now);
                        },
                        now -> parts.vrrpSide().duty().stop(now));
    }

    /** Opens everything; nothing runs yet, and nothing is left open when it fails. */
    static RunningNode open(
            NodeConfiguration configuration,
            NodeListener listener,
            int realTimePriority,
            boolean addressLeases,
            Path journalDirectory)
            throws NodeStartException {
        return new RunningNode(
                NodeParts.open(configuration, addressLeases, listener, journalDirectory), realTimePriority);
    }

    /**
     * The sync loop first: it removes old addresses before anybody can be elected.
     *
     * @throws NodeStartException if one of them cannot begin; the other is stopped and all is closed then
     */
    void start() throws NodeStartException {
        try {
            syncThread.start();
            if (vrrpThread != null) {
                vrrpThread.start();
            }
        } catch (NodeStartException e) {
            stop(STOP_MILLIS);
            throw e;
        }
    }

    /** The VRRP loop first: it resigns, then the sync loop hears of it and takes the addresses down. */
    void stop(long timeoutMillis) {
        boolean ended = vrrpThread == null || vrrpThread.stop(timeoutMillis);
        ended &= syncThread.stop(timeoutMillis);
        if (ended) {
            parts.syncLoop().runLastCommands();
            parts.close();
        } else {
            // Closing the sockets of a thread that still runs would hand it somebody else's descriptors.
            LOG.error("a loop did not end within {} ms; its sockets stay open", timeoutMillis);
        }
    }

    boolean execute(Consumer<SyncDuty> command) {
        if (!parts.syncLoop().offer(command)) {
            return false;
        }
        parts.syncEventLoop().wakeUp();
        return true;
    }

    /** Runs something on the VRRP loop, which must not be kept waiting; false without elections or when it is busy. */
    boolean executeOnVrrp(Consumer<VrrpDuty> command) {
        if (vrrpThread == null || !parts.vrrpSide().loop().offer(command)) {
            return false;
        }
        parts.vrrpSide().eventLoop().wakeUp();
        return true;
    }

    /** How groups come and go; null in a node that began without any. */
    @Nullable
    GroupChanges groupChanges() {
        return parts.groupChanges();
    }

    /** On the VRRP loop. */
    List<RouterSnapshot> routers(VrrpDuty duty) {
        return duty.snapshots(
                System.nanoTime(), System.currentTimeMillis(), parts.vrrpSide().sockets()::rejects);
    }

    /** Runs something on the sync loop that wants to watch descriptors there. */
    boolean executeOnLoop(Consumer<EventLoop> command) {
        return execute(duty -> command.accept(parts.syncEventLoop()));
    }

    /** On the sync loop. */
    NodeStats stats(SyncDuty duty) {
        return new NodeStats(
                duty.startedWallMillis(),
                duty.roles(),
                Optional.ofNullable(duty.sync()).map(sync -> sync.stats()),
                parts.linksStats(),
                parts.eventStats(),
                parts.writeStats(),
                parts.rejectedAdverts(),
                parts.queueFull(),
                parts.holdingsRefused());
    }
}
