// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.GateEvent;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RoleChanged;
import io.keepstate.node.event.SyncEvent;
import io.keepstate.node.port.Addresses;
import io.keepstate.node.takeover.SharedTransfer;
import io.keepstate.node.takeover.StateTransfer;
import io.keepstate.node.takeover.Takeover;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.TransitionReason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The groups of a node as the sync loop knows them: the role of each, and the takeover that follows from it. */
final class GroupRoles {
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Function<VrrpGroup, Takeover> takeovers;
    private final NodeListener listener;

    /** A group and where it stands. */
    private static final class Group {
        final Takeover takeover;
        Set<String> routers;
        Role role = Role.STOPPED;

        Group(VrrpGroup group, Takeover takeover) {
            this.takeover = takeover;
            this.routers = Set.copyOf(group.names());
        }
    }

    /**
     * The groups of the configuration, all of them stopped.
     *
     * @param giveUp told group and reason when a role must be given away
     */
    GroupRoles(
            NodeConfiguration configuration,
            StateTransfer state,
            Addresses addresses,
            AnnouncementPacer announcements,
            NodeListener listener,
            BiConsumer<String, String> giveUp) {
        this.listener = listener;
        this.takeovers = group -> new Takeover(
                group,
                configuration.takeover(),
                new SharedTransfer(state, () -> isAnotherCommitting(group.name())),
                addresses,
                announcements,
                listener,
                giveUp);
        configuration.groups().forEach(this::put);
    }

    private Group put(VrrpGroup group) {
        Group made = new Group(group, takeovers.apply(group));
        groups.put(group.name(), made);
        return made;
    }

    /** Takes a group in; an old address of it is removed. */
    void add(VrrpGroup group) {
        removeLeftovers(group.name(), put(group));
    }

    /** Lets a group go, and its addresses; false if there is none of this name. */
    boolean remove(String name, long nowNanos) {
        Group group = groups.remove(name);
        if (group != null && group.role == Role.ACTIVE) {
            group.takeover.lose(nowNanos);
        }
        return group != null;
    }

    /** Takes down what an earlier process may have left. */
    void removeLeftovers() {
        groups.forEach(this::removeLeftovers);
    }

    private void removeLeftovers(String name, Group group) {
        group.takeover.removeLeftovers(failure -> {
            if (failure != null) {
                listener.on(SyncEvent.warning(name + ": an old address could not be removed: " + failure));
            }
        });
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    /** The role of a group, {@link Role#STOPPED} for one that does not exist. */
    Role role(String name) {
        Group group = groups.get(name);
        return group == null ? Role.STOPPED : group.role;
    }

    /** Roles by group, in the order of the configuration. */
    Map<String, Role> roles() {
        Map<String, Role> roles = new LinkedHashMap<>();
        groups.forEach((name, group) -> roles.put(name, group.role));
        return roles;
    }

    /** The group that a virtual router moves with, if it is of this node. */
    Optional<String> groupOf(String router) {
        return groups.entrySet().stream()
                .filter(entry -> entry.getValue().routers.contains(router))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    boolean isAnyActive() {
        return groups.values().stream().anyMatch(group -> group.role == Role.ACTIVE);
    }

    boolean isTakingOver() {
        return groups.values().stream().anyMatch(group -> group.takeover.running());
    }

    private boolean isAnotherCommitting(String than) {
        return groups.entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(than)
                        && entry.getValue().takeover.committing());
    }

    /** Whether a group exists and has another role than this. */
    boolean isNews(ToSync.RoleChange change) {
        Group group = groups.get(change.group());
        return group != null && group.role != change.role();
    }

    /** Takes on a role; whoever was active gives up the addresses before anybody hears of it. */
    void become(ToSync.RoleChange change, long nowNanos) {
        Group group = groups.get(change.group());
        if (group == null) {
            return;
        }
        boolean wasActive = group.role == Role.ACTIVE;
        group.role = change.role();
        if (wasActive) {
            // Before anything else: two holders of an address are worse than none.
            group.takeover.lose(nowNanos);
        }
        listener.on(new RoleChanged(change.group(), change.role(), change.cause(), change.reason()));
    }

    /** Begins what follows when a group was elected. */
    void takeOver(ToSync.RoleChange change, long nowNanos) {
        Group group = groups.get(change.group());
        if (group != null) {
            // Any other group may be the peer's now or later, and the external cache holds its flows, too.
            group.takeover.begin(groups.size() > 1, change.atNanos(), nowNanos);
        }
    }

    void announceAgain(String name, long nowNanos) {
        Group group = groups.get(name);
        if (group != null) {
            group.takeover.announceAgain(nowNanos);
        }
    }

    void configure(ToSync.Configured configured, long nowNanos) {
        Group group = groups.get(configured.group());
        if (group != null) {
            group.takeover.configure(configured.router(), nowNanos);
        }
    }

    /** A group has other members, or another order, and keeps its role. */
    void regroup(VrrpGroup changed, long nowNanos) {
        Group group = groups.get(changed.name());
        if (group != null) {
            group.routers = Set.copyOf(changed.names());
            group.takeover.regroup(changed, nowNanos);
        }
    }

    /** Whether preemption is allowed, said of the groups that it concerns. */
    void tellGate(boolean open, String reason) {
        groups.forEach((name, group) -> {
            if (group.role == Role.BACKUP) {
                listener.on(new GateEvent(name, open, reason));
            }
        });
    }

    /** Nobody advertises for our addresses any more: they must not stay here. */
    void faultActive(String reason, long nowNanos) {
        groups.forEach((name, group) -> {
            if (group.role == Role.ACTIVE) {
                group.role = Role.FAULT;
                group.takeover.lose(nowNanos);
                listener.on(new RoleChanged(name, Role.FAULT, TransitionReason.FAULT, reason));
            }
        });
    }

    /** Gives all addresses up. */
    void stop(long nowNanos) {
        groups.values().forEach(group -> {
            if (group.role == Role.ACTIVE) {
                group.takeover.lose(nowNanos);
            }
            group.role = Role.STOPPED;
        });
    }

    void doWork(long nowNanos) {
        groups.values().forEach(group -> group.takeover.doWork(nowNanos));
    }

    long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (Group group : groups.values()) {
            earliest = Math.min(earliest, group.takeover.nextDeadline());
        }
        return earliest;
    }
}
