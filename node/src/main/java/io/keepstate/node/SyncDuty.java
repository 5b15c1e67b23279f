// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.GroupChanged;
import io.keepstate.node.event.GroupRemoved;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.sync.StateSync;
import io.keepstate.node.sync.SyncObserver;
import io.keepstate.node.takeover.StateTransfer;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.Announcer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The work of the sync loop: kernel events, the peer, the caches, and everything that follows from an election: commit,
 * addresses, announcements, purge. All kernel writes of a node happen here, so none ever delays an advert.
 *
 * <p>Not thread-safe: the sync loop owns it, a simulation steps it.
 */
public final class SyncDuty {
    private static final long NOT_QUIET = Long.MIN_VALUE;

    private final NodeConfiguration configuration;
    private final @Nullable StateSync sync;
    private final NodeListener listener;
    private final long startedWallMillis;
    private final BoundedQueue<ToSync> fromVrrp;
    private final Elections elections;
    private final AnnouncementPacer announcements;
    private final GroupRoles groups;
    private final PreemptionHold preemption;
    private final StandbyPurge purge;
    private long now;
    /** Until when a node that only elects has nothing to do unless it is told something. */
    private long quietUntil = NOT_QUIET;

    /**
     * The sync side of a node, not started.
     *
     * @param sync null for a node that only elects
     * @param wallMillis the wall clock now, for "up since"
     */
    public SyncDuty(
            NodeConfiguration configuration,
            @Nullable StateSync sync,
            Addresses addresses,
            Announcer announcer,
            BoundedQueue<ToSync> fromVrrp,
            BoundedQueue<ToVrrp> toVrrp,
            NodeListener listener,
            long wallMillis) {
        this.configuration = configuration;
        this.sync = sync;
        this.listener = listener;
        this.startedWallMillis = wallMillis;
        this.fromVrrp = fromVrrp;
        elections = new Elections(toVrrp, this::isWithoutGroups, this::onVrrpLoopDead, listener);
        announcements = new AnnouncementPacer(announcer);
        StateTransfer state = sync == null ? StateTransfer.NONE : sync;
        groups = new GroupRoles(configuration, state, addresses, announcements, listener, elections::giveUp);
        preemption = new PreemptionHold(configuration.takeover(), groups, elections);
        purge = new StandbyPurge(sync, configuration.sync(), listener);
        announcements.pace(configuration.routers());
        if (sync != null) {
            sync.observe(new Observer());
        }
    }

    /** Takes down what an earlier process may have left, and begins to synchronise. */
    public void start(long nowNanos) {
        now = nowNanos;
        groups.removeLeftovers();
        if (sync != null) {
            sync.start(nowNanos);
        }
    }

    /** Takes a group in while the loop runs, before the VRRP side does; an old address of it is removed. */
    public void add(VrrpGroup group) {
        quietUntil = NOT_QUIET;
        groups.add(group);
        announcements.pace(group.routers());
    }

    /** Lets a group go after the VRRP side did; its addresses go down if they are not already. */
    public void remove(VrrpGroup group, long nowNanos) {
        now = nowNanos;
        quietUntil = NOT_QUIET;
        drain(nowNanos);
        boolean known = groups.remove(group.name(), nowNanos);
        announcements.forget(group.routers());
        if (known) {
            listener.on(new GroupRemoved(group.name(), group.names()));
        }
    }

    /**
     * A group has other members, or another order, and keeps its role; after the VRRP side let members go, and again after it
     * took others in.
     *
     * @param left those that went, which may come again as others
     * @param joined those that came
     */
    public void regroup(VrrpGroup group, List<String> left, List<String> joined, long nowNanos) {
        now = nowNanos;
        quietUntil = NOT_QUIET;
        drain(nowNanos);
        groups.regroup(group, nowNanos);
        listener.on(new GroupChanged(group.name(), left, joined));
    }

    /** Addresses down, whatever the VRRP side says; the kernel's flows stay. */
    public void stop(long nowNanos) {
        now = nowNanos;
        drain(nowNanos);
        groups.stop(nowNanos);
        purge.cancel("the node stops");
        elections.stop();
    }

    /** Everything that is due. Answers how much was done. */
    public int doWork(long nowNanos) {
        now = nowNanos;
        if (sync == null && elections.isAllTold() && nextDeadline() > nowNanos) {
            // The loop turns many times a second to look at links: hundreds of groups need not be asked each time.
            return 0;
        }
        quietUntil = NOT_QUIET;
        announcements.advance(nowNanos);
        int done = drain(nowNanos);
        if (sync != null) {
            done += sync.doWork(nowNanos);
        }
        groups.doWork(nowNanos);
        purge.doWork(nowNanos);
        preemption.doWork(nowNanos);
        elections.flush();
        return done;
    }

    /** When {@link #doWork} must run again; a past time for at once. */
    public long nextDeadline() {
        if (!fromVrrp.isEmpty()) {
            return now;
        }
        if (sync != null || quietUntil == NOT_QUIET || !elections.isAllTold()) {
            quietUntil = deadlineOfParts();
        }
        return quietUntil;
    }

    private long deadlineOfParts() {
        long ofSync = sync == null ? Long.MAX_VALUE : sync.nextDeadline();
        long ofGroups = Math.min(groups.nextDeadline(), announcements.nextDeadline());
        long ofStandby = Math.min(preemption.nextDeadline(), purge.nextDeadline());
        return Math.min(Math.min(ofSync, elections.nextDeadline(now)), Math.min(ofGroups, ofStandby));
    }

    /** The sync side proper, null for a node that only elects. */
    public @Nullable StateSync sync() {
        return sync;
    }

    /** Where this loop tells the elections what it notices, and what somebody wants of them. */
    public Elections elections() {
        return elections;
    }

    /** The role of a group, {@link Role#STOPPED} for one that does not exist. */
    public Role role(String group) {
        return groups.role(group);
    }

    /** Roles by group, in the order of the configuration. */
    public Map<String, Role> roles() {
        return groups.roles();
    }

    /** Whether a takeover is under way. */
    public boolean isTakingOver() {
        return groups.isTakingOver();
    }

    /** When the node was made, milliseconds of the wall clock. */
    public long startedWallMillis() {
        return startedWallMillis;
    }

    /** Arms the purge timer because somebody asked for it; not while this node serves a group, whose flows would go. */
    public void purgeLater(String reason) {
        if (groups.isAnyActive()) {
            listener.on(SyncEvent.warning("purge " + reason + ", but not done: a group of this node is active"));
            return;
        }
        purge.arm(reason, now);
    }

    /** Stops the purge timer because somebody asked for something that contradicts it. */
    public void cancelPurge(String reason) {
        purge.cancel(reason);
    }

    /** As {@link #cancelPurge}, and ends a purge that has begun: somebody asked for flows in the kernel. */
    public void stopPurge(String reason) {
        purge.stop(reason);
    }

    /** The lease of a router's addresses ran out: this node stood still, and others have taken over or will. */
    public void onLapsed(String router, String what) {
        listener.on(SyncEvent.warning(router + ": " + what));
        groups.groupOf(router).ifPresent(group -> elections.giveUp(group, what));
    }

    private int drain(long nowNanos) {
        int done = 0;
        for (ToSync message = fromVrrp.poll(); message != null; message = fromVrrp.poll()) {
            onMessage(message, nowNanos);
            done++;
        }
        return done;
    }

    private void onMessage(ToSync message, long nowNanos) {
        if (message instanceof ToSync.RoleChange change) {
            onRole(change, nowNanos);
        } else if (message instanceof ToSync.Reannounce again) {
            groups.announceAgain(again.group(), nowNanos);
        } else if (message instanceof ToSync.Note note) {
            listener.on(SyncEvent.info(note.text()));
        } else if (message instanceof ToSync.Report report) {
            listener.on(report.event());
        } else if (message instanceof ToSync.Configured configured) {
            groups.configure(configured, nowNanos);
        } else if (message instanceof ToSync.Answer answer) {
            elections.onAnswer(answer);
        } else {
            throw new AssertionError(message);
        }
    }

    private void onRole(ToSync.RoleChange change, long nowNanos) {
        if (!groups.isNews(change)) {
            return;
        }
        boolean wasActive = groups.role(change.group()) == Role.ACTIVE;
        groups.become(change, nowNanos);
        if (change.role() == Role.ACTIVE) {
            purge.stop(change.group() + " was taken over");
            groups.takeOver(change, nowNanos);
        } else if (sync != null && change.role() != Role.STOPPED) {
            becomeInactive(sync, change, wasActive, nowNanos);
        }
    }

    private void becomeInactive(StateSync some, ToSync.RoleChange change, boolean wasActive, long nowNanos) {
        if (wasActive && !groups.isAnyActive()) {
            purge.arm("no group of this node is active", nowNanos);
        }
        if (change.role() == Role.BACKUP) {
            some.requestResync("entering backup", nowNanos);
            preemption.begin(change.holdNumber(), nowNanos);
        }
    }

    /** What the peer told before is in the kernel, and nobody knows any more which of its flows that are. */
    private void askForWhatThePurgeMustLeave(long nowNanos) {
        if (sync != null && sync.mode().disableExternalCache()) {
            sync.requestResync("flows of this kernel wait to be purged", nowNanos);
        }
    }

    private boolean isWithoutGroups() {
        return groups.isEmpty();
    }

    private void onVrrpLoopDead() {
        quietUntil = NOT_QUIET;
        groups.faultActive("the VRRP loop does not answer", now);
    }

    /** What the sync side notices about the peer and the kernel. */
    private final class Observer implements SyncObserver {
        @Override
        public void peerAnswered(boolean answered) {
            preemption.peerAnswered(answered);
        }

        @Override
        public void stateMessage(boolean newFlow, int known, long nowNanos) {
            preemption.stateMessage(newFlow, known, nowNanos);
        }

        @Override
        public void initialDumpDone(int flows, long nowNanos) {
            boolean waiting = !configuration.groups().isEmpty() && !groups.isAnyActive();
            if (waiting && flows > 0) {
                purge.arm("started as backup with " + flows + " flows in the kernel", nowNanos);
                askForWhatThePurgeMustLeave(nowNanos);
            }
        }
    }
}
