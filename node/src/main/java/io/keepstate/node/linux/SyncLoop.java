// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.ftfw.channel.DedicatedLinks;
import io.keepstate.linux.loop.CommandQueue;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.node.SyncDuty;
import io.keepstate.vrrp.linux.HoldingsOwner;
import io.keepstate.vrrp.linux.InterfaceWatcher;
import io.keepstate.vrrp.linux.SourceAnnouncements;
import io.keepstate.vrrp.linux.StaticOwner;
import io.keepstate.vrrp.linux.VirtualMacInterfaces;
import io.keepstate.vrrp.linux.track.Trackers;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sync duty, the links to the peer, the watch over interfaces, tracked things and static entries, the leases of
 * addresses, and what other threads want done on this one.
 */
final class SyncLoop implements DutyCycle {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxNode.class);
    private static final int COMMAND_LIMIT = 64;

    private final SyncDuty duty;
    private final @Nullable DedicatedLinks links;
    private final @Nullable InterfaceWatcher watcher;
    private final @Nullable Trackers trackers;
    private final StaticOwner statics;
    private final HoldingsOwner holdings;
    private final VirtualMacInterfaces virtualMacs;
    private final SourceAnnouncements returned;
    private final SignsOfLife signs;
    private final CommandQueue<SyncDuty> commands = new CommandQueue<>(COMMAND_LIMIT, LOG, "the node");

    SyncLoop(
            SyncDuty duty,
            @Nullable DedicatedLinks links,
            @Nullable InterfaceWatcher watcher,
            @Nullable Trackers trackers,
            StaticOwner statics,
            HoldingsOwner holdings,
            VirtualMacInterfaces virtualMacs,
            SourceAnnouncements returned,
            SignsOfLife signs) {
        this.duty = duty;
        this.links = links;
        this.watcher = watcher;
        this.trackers = trackers;
        this.statics = statics;
        this.holdings = holdings;
        this.virtualMacs = virtualMacs;
        this.returned = returned;
        this.signs = signs;
    }

    /** Gives a command to the loop; from any thread. False when too many wait. */
    boolean offer(Consumer<SyncDuty> command) {
        return commands.offer(command);
    }

    /** Carries out what was offered last, once the loop has ended: somebody may wait for an answer. */
    void runLastCommands() {
        commands.run(duty);
    }

    @Override
    public int doWork(long nowNanos) {
        if (watcher != null) {
            watcher.advance(nowNanos);
        }
        if (trackers != null) {
            trackers.drain(duty.elections()::onTracked);
        }
        statics.advance(nowNanos);
        statics.drain(duty.elections()::onTracked);
        virtualMacs.advance(nowNanos);
        returned.advance(nowNanos);
        commands.run(duty);
        if (links != null) {
            links.doWork(nowNanos);
        }
        int done = duty.doWork(nowNanos);
        // Last: a role that was lost meanwhile is not renewed.
        holdings.advance(nowNanos);
        signs.syncTurned(nowNanos);
        return done;
    }

    @Override
    public long nextDeadline() {
        long own = Math.min(duty.nextDeadline(), Math.min(holdings.nextDeadline(), virtualMacs.nextDeadline()));
        own = Math.min(own, Math.min(returned.nextDeadline(), statics.nextDeadline()));
        if (links != null) {
            own = Math.min(own, links.nextDeadline());
        }
        return watcher == null ? own : Math.min(own, watcher.nextDeadline());
    }
}
