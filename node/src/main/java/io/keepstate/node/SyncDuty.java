// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.GateEvent;
import io.keepstate.node.event.GroupRemoved;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RoleChanged;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.port.Completion;
import io.keepstate.node.sync.StateSync;
import io.keepstate.node.sync.SyncObserver;
import io.keepstate.node.takeover.PreemptionGate;
import io.keepstate.node.takeover.PurgeTimer;
import io.keepstate.node.takeover.SharedTransfer;
import io.keepstate.node.takeover.StateTransfer;
import io.keepstate.node.takeover.Takeover;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.Announcer;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TransitionReason;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The work of the sync loop: kernel events, the peer, the caches, and everything that follows from an election: commit,
 * addresses, announcements, purge. All kernel writes of a node happen here, so none ever delays an advert.
 *
 * <p>Not thread-safe: the sync loop owns it, a simulation steps it.
 */
public final class SyncDuty {
    private static final int UNSENT_LIMIT = 64;
    private static final long RETRY_NANOS = 10_000_000;
    private static final long NOT_QUIET = Long.MIN_VALUE;

    private final NodeConfiguration configuration;
    private final @Nullable StateSync sync;
    private final Map<String, GroupState> groups = new LinkedHashMap<>();
    private final Function<VrrpGroup, Takeover> takeovers;
    private final PreemptionGate gate;
    private final Optional<PurgeTimer> purge;
    private final BoundedQueue<ToSync> fromVrrp;
    private final BoundedQueue<ToVrrp> toVrrp;
    private final ArrayDeque<ToVrrp> unsent = new ArrayDeque<>();
    private final AnnouncementPacer announcements;
    /** Orders to the VRRP side that are not answered yet, by number. */
    private final Map<Long, Completion> ordered = new HashMap<>();

    private long lastOrder;
    private final NodeListener listener;
    private final long startedWallMillis;
    private int holdNumber;
    private long now;
    /** Until when a node that only elects has nothing to do unless it is told something. */
    private long quietUntil = NOT_QUIET;

    /** A group as this side sees it. */
    private static final class GroupState {
        final Takeover takeover;
        Role role = Role.STOPPED;

        GroupState(Takeover takeover) {
            this.takeover = takeover;
        }
    }

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
        this.fromVrrp = fromVrrp;
        this.toVrrp = toVrrp;
        this.listener = listener;
        this.startedWallMillis = wallMillis;
        this.gate = new PreemptionGate(configuration.takeover());
        this.purge = configuration.sync().map(some -> new PurgeTimer(some.purgeTimeout(), this::startPurge, listener));
        this.announcements = new AnnouncementPacer(announcer);
        StateTransfer all = sync == null ? StateTransfer.NONE : sync;
        this.takeovers = group -> new Takeover(
                group,
                configuration.takeover(),
                new SharedTransfer(all, () -> isAnotherCommitting(group.name())),
                addresses,
                announcements,
                listener,
                this::giveUp);
        for (VrrpGroup group : configuration.groups()) {
            groups.put(group.name(), new GroupState(takeovers.apply(group)));
        }
        announcements.pace(configuration.groups().stream()
                .flatMap(group -> group.routers().stream())
                .toList());
        if (sync != null) {
            sync.observe(new Observer());
        }
    }

    /** Takes down what an earlier process may have left, and begins to synchronise. */
    public void start(long nowNanos) {
        now = nowNanos;
        groups.forEach(this::removeLeftovers);
        if (sync != null) {
            sync.start(nowNanos);
        }
    }

    private void removeLeftovers(String name, GroupState group) {
        group.takeover.removeLeftovers(failure -> {
            if (failure != null) {
                listener.on(SyncEvent.warning(name + ": an old address could not be removed: " + failure));
            }
        });
    }

    /** Takes a group in while the loop runs, before the VRRP side does; an old address of it is removed. */
    public void add(VrrpGroup group) {
        quietUntil = NOT_QUIET;
        GroupState state = new GroupState(takeovers.apply(group));
        groups.put(group.name(), state);
        removeLeftovers(group.name(), state);
        announcements.pace(group.routers());
    }

    /** Lets a group go after the VRRP side did; its addresses go down if they are not already. */
    public void remove(VrrpGroup group, long nowNanos) {
        now = nowNanos;
        quietUntil = NOT_QUIET;
        drain(nowNanos);
        GroupState state = groups.remove(group.name());
        if (state == null) {
            return;
        }
        if (state.role == Role.ACTIVE) {
            state.takeover.lose(nowNanos);
        }
        listener.on(new GroupRemoved(
                group.name(),
                group.routers().stream().map(VirtualRouterConfig::name).toList()));
    }

    /** Addresses down, whatever the VRRP side says; the kernel's flows stay. */
    public void stop(long nowNanos) {
        now = nowNanos;
        drain(nowNanos);
        groups.forEach((name, group) -> {
            if (group.role == Role.ACTIVE) {
                group.takeover.lose(nowNanos);
            }
            group.role = Role.STOPPED;
        });
        purge.ifPresent(timer -> timer.cancel("the node stops"));
        ordered.values().forEach(waiting -> waiting.done("the node stops"));
        ordered.clear();
    }

    /** Everything that is due. Answers how much was done. */
    public int doWork(long nowNanos) {
        now = nowNanos;
        if (sync == null && unsent.isEmpty() && nextDeadline() > nowNanos) {
            // The loop turns many times a second to look at links: hundreds of groups need not be asked each time.
            return 0;
        }
        quietUntil = NOT_QUIET;
        announcements.advance(nowNanos);
        int done = drain(nowNanos);
        if (sync != null) {
            done += sync.doWork(nowNanos);
        }
        groups.values().forEach(group -> group.takeover.doWork(nowNanos));
        purge.ifPresent(timer -> timer.doWork(nowNanos));
        String opened = gate.doWork(nowNanos);
        if (opened != null) {
            tellGate(true, opened);
            tellVrrp(new ToVrrp.AllowPreemption(holdNumber));
        }
        flushUnsent();
        return done;
    }

    /** When {@link #doWork} must run again; a past time for at once. */
    public long nextDeadline() {
        if (!fromVrrp.isEmpty()) {
            return now;
        }
        if (sync != null || quietUntil == NOT_QUIET || !unsent.isEmpty()) {
            quietUntil = deadlineOfGroups();
        }
        return quietUntil;
    }

    private long deadlineOfGroups() {
        long earliest = Math.min(gate.nextDeadline(), sync == null ? Long.MAX_VALUE : sync.nextDeadline());
        earliest = Math.min(earliest, announcements.nextDeadline());
        for (GroupState group : groups.values()) {
            earliest = Math.min(earliest, group.takeover.nextDeadline());
        }
        if (purge.isPresent()) {
            earliest = Math.min(earliest, purge.get().nextDeadline());
        }
        return unsent.isEmpty() ? earliest : Math.min(earliest, now + RETRY_NANOS);
    }

    /** The sync side proper, null for a node that only elects. */
    public @Nullable StateSync sync() {
        return sync;
    }

    /** The role of a group, {@link Role#STOPPED} for one that does not exist. */
    public Role role(String group) {
        GroupState state = groups.get(group);
        return state == null ? Role.STOPPED : state.role;
    }

    /** Roles by group, in the order of the configuration. */
    public Map<String, Role> roles() {
        Map<String, Role> roles = new LinkedHashMap<>();
        groups.forEach((name, group) -> roles.put(name, group.role));
        return roles;
    }

    /** Whether a takeover is under way. */
    public boolean isTakingOver() {
        return groups.values().stream().anyMatch(group -> group.takeover.running());
    }

    /** When the node was made, milliseconds of the wall clock. */
    public long startedWallMillis() {
        return startedWallMillis;
    }

    /** Arms the purge timer because somebody asked for it; not while this node serves a group, whose flows would go. */
    public void purgeLater(String reason) {
        if (anyActive()) {
            listener.on(SyncEvent.warning("purge " + reason + ", but not done: a group of this node is active"));
            return;
        }
        purge.ifPresent(timer -> timer.arm(reason, now));
        offerIfServing();
    }

    /** Stops the purge timer because somebody asked for something that contradicts it. */
    public void cancelPurge(String reason) {
        purge.ifPresent(timer -> timer.cancel(reason));
        offerIfServing();
    }

    /** The link of an interface changed; groups that depend on it fault or recover. */
    public void onLink(String interfaceName, boolean up) {
        tellVrrp(new ToVrrp.LinkChanged(interfaceName, up));
    }

    /** An interface was deleted and made again under the same name. */
    public void onInterfaceReplaced(String interfaceName) {
        tellVrrp(new ToVrrp.InterfaceReplaced(interfaceName));
    }

    /** The address that a virtual router advertises from changed; empty when there is none. */
    public void onSource(String router, Optional<IpAddress> source) {
        tellVrrp(new ToVrrp.SourceChanged(router, source));
    }

    /** Something is known of a tracked script, file or process. */
    public void onTracked(Tracked what, TrackValue value) {
        tellVrrp(new ToVrrp.TrackChanged(what, value));
    }

    /** Passes an order on to the elections; the answer comes on this loop. */
    public void order(VrrpOrder order, Completion done) {
        if (groups.isEmpty()) {
            done.done("this node has no virtual routers");
            return;
        }
        if (ordered.size() >= UNSENT_LIMIT) {
            done.done("too many orders are waiting; try again");
            return;
        }
        ordered.put(++lastOrder, done);
        tellVrrp(new ToVrrp.Ordered(lastOrder, order));
    }

    /**
     * Somebody took away what an active router holds: it resigns, and may be elected again after its skew time.
     *
     * @param what what is gone and why, for people
     */
    public void onLost(String router, String what) {
        listener.on(SyncEvent.warning(router + ": " + what));
        tellVrrp(new ToVrrp.HoldingLost(router, what));
    }

    /** The lease of a router's addresses ran out: this node stood still, and others have taken over or will. */
    public void onLapsed(String router, String what) {
        listener.on(SyncEvent.warning(router + ": " + what));
        configuration.groups().stream()
                .filter(group ->
                        group.routers().stream().anyMatch(each -> each.name().equals(router)))
                .forEach(group -> giveUp(group.name(), what));
    }

    /** Parts of the sync loop keep failing, or work again; a node that cannot follow the flows must not be active. */
    public void onHealth(boolean healthy, String reason) {
        tellVrrp(new ToVrrp.Health(healthy, reason));
    }

    private int drain(long nowNanos) {
        int done = 0;
        for (ToSync message = fromVrrp.poll(); message != null; message = fromVrrp.poll()) {
            if (message instanceof ToSync.RoleChange change) {
                onRole(change, nowNanos);
            } else if (message instanceof ToSync.Reannounce again) {
                GroupState group = groups.get(again.group());
                if (group != null) {
                    group.takeover.announceAgain(nowNanos);
                }
            } else if (message instanceof ToSync.Note note) {
                listener.on(SyncEvent.info(note.text()));
            } else if (message instanceof ToSync.Report report) {
                listener.on(report.event());
            } else if (message instanceof ToSync.Configured configured) {
                GroupState group = groups.get(configured.group());
                if (group != null) {
                    group.takeover.configure(configured.router(), nowNanos);
                }
            } else if (message instanceof ToSync.Answer answer) {
                Completion waiting = ordered.remove(answer.number());
                if (waiting != null) {
                    waiting.done(answer.failure());
                }
            } else {
                throw new AssertionError(message);
            }
            done++;
        }
        return done;
    }

    private void onRole(ToSync.RoleChange change, long nowNanos) {
        GroupState group = groups.get(change.group());
        if (group == null || group.role == change.role()) {
            return;
        }
        boolean wasActive = group.role == Role.ACTIVE;
        group.role = change.role();
        if (change.role() == Role.ACTIVE) {
            listener.on(new RoleChanged(change.group(), Role.ACTIVE, change.cause(), change.reason()));
            cancelPurge(change.group() + " was taken over");
            if (sync != null) {
                sync.stopPurge();
            }
            // Any other group may be the peer's now or later, and the external cache holds its flows, too.
            group.takeover.begin(groups.size() > 1, change.atNanos(), nowNanos);
            return;
        }
        if (wasActive) {
            // Before anything else: two holders of an address are worse than none.
            group.takeover.lose(nowNanos);
        }
        listener.on(new RoleChanged(change.group(), change.role(), change.cause(), change.reason()));
        if (sync != null && change.role() != Role.STOPPED) {
            becomeInactive(sync, change, wasActive, nowNanos);
        }
    }

    private void becomeInactive(StateSync some, ToSync.RoleChange change, boolean wasActive, long nowNanos) {
        if (wasActive && !anyActive()) {
            purge.ifPresent(timer -> timer.arm("no group of this node is active", nowNanos));
        }
        offerIfServing();
        if (change.role() == Role.BACKUP) {
            some.requestResync("entering backup", nowNanos);
            holdNumber = change.holdNumber();
            gate.hold(nowNanos);
            tellGate(false, "not in sync with the peer yet");
        }
    }

    /** Flows that are about to be purged are nobody's business. */
    private void offerIfServing() {
        if (sync != null) {
            sync.setOffering(purge.isEmpty() || !purge.get().isPending());
        }
    }

    private void startPurge(PurgeTimer.Purge.Done done) {
        if (sync == null) {
            done.done(0, null);
            return;
        }
        sync.purge((deleted, failure) -> {
            done.done(deleted, failure);
            offerIfServing();
        });
    }

    private void giveUp(String group, String reason) {
        tellVrrp(new ToVrrp.GiveUp(group, reason));
    }

    private void tellGate(boolean open, String reason) {
        groups.forEach((name, group) -> {
            if (group.role == Role.BACKUP) {
                listener.on(new GateEvent(name, open, reason));
            }
        });
    }

    private void tellVrrp(ToVrrp message) {
        if (groups.isEmpty()) {
            return;
        }
        unsent.add(message);
        flushUnsent();
        if (unsent.size() > UNSENT_LIMIT) {
            // The VRRP loop is dead, so nobody advertises for our addresses: they must not stay here.
            unsent.clear();
            loseAll();
        }
    }

    private void loseAll() {
        quietUntil = NOT_QUIET;
        groups.forEach((name, group) -> {
            if (group.role == Role.ACTIVE) {
                group.role = Role.FAULT;
                group.takeover.lose(now);
                listener.on(new RoleChanged(name, Role.FAULT, TransitionReason.FAULT, "the VRRP loop does not answer"));
            }
        });
    }

    private void flushUnsent() {
        while (!unsent.isEmpty() && toVrrp.offer(unsent.peek())) {
            unsent.remove();
        }
    }

    private boolean anyActive() {
        return groups.values().stream().anyMatch(group -> group.role == Role.ACTIVE);
    }

    private boolean isAnotherCommitting(String than) {
        return groups.entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(than)
                        && entry.getValue().takeover.committing());
    }

    /** What the sync side notices about the peer and the kernel. */
    private final class Observer implements SyncObserver {
        @Override
        public void peerAnswered(boolean answered) {
            gate.peerAnswered(answered);
        }

        @Override
        public void stateMessage(boolean newFlow, int known, long nowNanos) {
            gate.stateMessage(newFlow, known, nowNanos);
        }

        @Override
        public void initialDumpDone(int flows, long nowNanos) {
            boolean waiting = !configuration.groups().isEmpty() && !anyActive();
            if (waiting && flows > 0) {
                purge.ifPresent(
                        timer -> timer.arm("started as backup with " + flows + " flows in the kernel", nowNanos));
                offerIfServing();
            }
        }
    }
}
