// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.examples.conf.keepalived.InstanceConfig;
import io.keepstate.examples.conf.keepalived.KeepalivedConfig;
import io.keepstate.examples.conf.keepalived.NotifyConfig;
import io.keepstate.examples.conf.keepalived.SyncGroupConfig;
import io.keepstate.examples.notify.Notification;
import io.keepstate.examples.notify.Notification.State;
import io.keepstate.examples.notify.Notification.Subject;
import io.keepstate.examples.notify.NotifyScripts;
import io.keepstate.node.event.GroupChanged;
import io.keepstate.node.event.GroupRemoved;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.event.PriorityEvent;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.RoleChanged;
import io.keepstate.node.event.RouterChanged;
import io.keepstate.node.event.TakeoverEvent;
import io.keepstate.node.event.TakeoverStep;
import io.keepstate.node.stats.RouterSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells keepalived's notify scripts of a group's changes, in keepalived's order: the instances of a sync group as they
 * changed, then the group; at the start the group first; at the end all instances, then all groups. MASTER is told when
 * the addresses are up, as keepalived does. Who is in a state already is not told of it again.
 */
final class RoleScripts implements NodeListener, AutoCloseable {
    private final NotifyScripts scripts;
    private KeepalivedConfig config;
    private KeepalivedConfig before;
    /** What each group was told last. */
    private final Map<String, State> told = new HashMap<>();
    /** Elections whose addresses are not up yet. */
    private final Map<String, RoleChanged> elected = new HashMap<>();
    /** Members of each group in the order of the changes that are not told yet. */
    private final Map<String, Set<String>> changed = new HashMap<>();
    /** The priority each router has now, trackers counted: what keepalived tells with every change. */
    private final Map<String, Integer> priorities = new HashMap<>();
    /** Groups that have stopped, to be told together. */
    private final Map<String, RoleChanged> stopped = new LinkedHashMap<>();

    RoleScripts(KeepalivedConfig config, NotifyScripts scripts) {
        this.config = config;
        this.before = config;
        this.scripts = scripts;
    }

    /** Follows another configuration from now on; whom it does not name any more is told by the one before. */
    synchronized void use(KeepalivedConfig newConfig) {
        before = config;
        config = newConfig;
    }

    @Override
    public synchronized void on(NodeEvent event) {
        if (event instanceof RouterChanged change) {
            priorities.put(change.router(), change.priority());
            changed.computeIfAbsent(change.group(), group -> new LinkedHashSet<>())
                    .add(change.router());
        } else if (event instanceof PriorityEvent.Changed change) {
            priorities.put(change.router(), change.to());
            priorityChanged(change);
        } else if (event instanceof PriorityEvent.LoserHeard heard) {
            loserHeard(heard);
        } else if (event instanceof RoleChanged change) {
            elected.remove(change.group());
            if (change.role() == Role.ACTIVE) {
                elected.put(change.group(), change);
            } else if (change.role() == Role.STOPPED) {
                stopped.put(change.group(), change);
            } else {
                changed(change);
            }
        } else if (event instanceof GroupRemoved removed) {
            removed(removed);
        } else if (event instanceof GroupChanged change) {
            change.left().forEach(router -> left(change.group(), router));
            change.joined().forEach(router -> joined(change.group(), router));
        } else if (event instanceof TakeoverEvent.AddressesUp up) {
            addressesUp(up.group());
        } else if (event instanceof TakeoverEvent.StepMissed missed
                && missed.step() == TakeoverStep.ADDRESSES
                && !missed.gaveUp()) {
            addressesUp(missed.group());
        }
    }

    /** Writes the state of every instance, then of every group, to the pipes; no script is run. */
    synchronized void repeat(List<RouterSnapshot> routers) {
        Map<String, State> groups = new LinkedHashMap<>();
        for (RouterSnapshot router : routers) {
            String name = router.config().name();
            State state = state(router.state());
            pipesOnly(new Notification(Subject.INSTANCE, name, state, router.priority()));
            if (!router.group().equals(name)) {
                groups.put(router.group(), state);
            }
        }
        groups.forEach((name, state) -> pipesOnly(new Notification(Subject.GROUP, name, state, 0)));
    }

    private void pipesOnly(Notification notification) {
        scripts.tell(notification, Optional.empty(), Optional.empty());
    }

    private static State state(io.keepstate.vrrp.State of) {
        return switch (of) {
            case ACTIVE -> State.MASTER;
            case BACKUP -> State.BACKUP;
            case FAULT -> State.FAULT;
            case INITIALIZE -> State.STOP;
        };
    }

    /** All that have stopped: the instances, then the groups. */
    @Override
    public synchronized void close() {
        stopped.values().forEach(change -> tellInstances(change, State.STOP));
        stopped.values().forEach(change -> tellGroup(change.group(), State.STOP));
        stopped.clear();
    }

    private void addressesUp(String group) {
        RoleChanged election = elected.remove(group);
        if (election != null) {
            changed(election);
        }
    }

    private void changed(RoleChanged change) {
        State state = state(change.role());
        @Nullable State before = told.put(change.group(), state);
        if (before == state) {
            return;
        }
        boolean starting = before == null;
        if (starting) {
            tellGroup(change.group(), state);
        }
        tellInstances(change, state);
        if (!starting) {
            tellGroup(change.group(), state);
        }
    }

    private void removed(GroupRemoved removed) {
        // Its end was that of its part of the node, not of the daemon.
        stopped.remove(removed.group());
        told.remove(removed.group());
        changed.remove(removed.group());
        removed.routers().forEach(router -> left(removed.group(), router));
        tellGroup(removed.group(), State.FAULT);
    }

    private void left(String group, String router) {
        notTold(group).remove(router);
        instance(router).ifPresent(instance -> {
            State state = instance.scripts().tellDeleted() ? State.DELETED : State.FAULT;
            tell(new Notification(Subject.INSTANCE, router, state, priority(instance)), instance.scripts());
        });
        priorities.remove(router);
    }

    /** It has the group's state, which was told, or will be told of all when the addresses are up. */
    private void joined(String group, String router) {
        @Nullable State state = told.get(group);
        if (state == null || elected.containsKey(group)) {
            return;
        }
        notTold(group).remove(router);
        instance(router)
                .ifPresent(instance -> tell(
                        new Notification(Subject.INSTANCE, router, state, priority(instance)), instance.scripts()));
    }

    private Set<String> notTold(String group) {
        return Objects.requireNonNullElse(changed.get(group), new LinkedHashSet<>());
    }

    private void priorityChanged(PriorityEvent.Changed change) {
        instance(change.router())
                .filter(one -> NotifyMapping.tellsPriority(config, one))
                .ifPresent(instance -> {
                    boolean active = change.state() == io.keepstate.vrrp.State.ACTIVE;
                    State state = active ? State.MASTER_PRIORITY : State.BACKUP_PRIORITY;
                    tell(new Notification(Subject.INSTANCE, change.router(), state, change.to()), instance.scripts());
                });
    }

    /** Told once for each of its adverts, as keepalived does. */
    private void loserHeard(PriorityEvent.LoserHeard heard) {
        instance(heard.router())
                .ifPresent(instance -> tell(
                        new Notification(
                                Subject.INSTANCE, heard.router(), State.MASTER_RX_LOWER_PRI, priority(instance)),
                        instance.scripts()));
    }

    private void tellInstances(RoleChanged change, State state) {
        List<String> names = new ArrayList<>(Objects.requireNonNullElse(changed.remove(change.group()), Set.of()));
        // Whom no event named, since the queue was full, follows in the order of the file.
        members(change.group()).stream().filter(name -> !names.contains(name)).forEach(names::add);
        for (String name : names) {
            instance(name)
                    .ifPresent(instance -> tell(
                            new Notification(Subject.INSTANCE, name, state, priority(instance)), instance.scripts()));
        }
    }

    /** The one in the file is that of a router no event has named yet. */
    private int priority(InstanceConfig instance) {
        return Objects.requireNonNullElse(priorities.get(instance.name()), instance.priority());
    }

    private void tellGroup(String name, State state) {
        group(name).ifPresent(group -> tell(new Notification(Subject.GROUP, name, state, 0), group.scripts()));
    }

    private void tell(Notification notification, NotifyConfig lines) {
        scripts.tell(notification, NotifyMapping.own(lines, notification.state()), NotifyMapping.generic(lines));
    }

    private List<String> members(String group) {
        return group(group).map(SyncGroupConfig::members).orElse(List.of(group));
    }

    private Optional<SyncGroupConfig> group(String name) {
        return Stream.of(config, before)
                .flatMap(each -> each.syncGroups().stream())
                .filter(group -> group.name().equals(name))
                .findFirst();
    }

    private Optional<InstanceConfig> instance(String name) {
        return Stream.of(config, before)
                .flatMap(each -> each.instances().stream())
                .filter(instance -> instance.name().equals(name))
                .findFirst();
    }

    private static State state(Role role) {
        return switch (role) {
            case ACTIVE -> State.MASTER;
            case BACKUP -> State.BACKUP;
            case FAULT -> State.FAULT;
            case STOPPED -> State.STOP;
        };
    }
}
