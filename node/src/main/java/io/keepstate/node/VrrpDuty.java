// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.config.VrrpGroup;
import io.keepstate.node.event.Role;
import io.keepstate.node.event.TrackEvent;
import io.keepstate.node.port.AdvertSink;
import io.keepstate.node.stats.RouterSnapshot;
import io.keepstate.vrrp.Effect;
import io.keepstate.vrrp.FaultCause;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.SyncGroup;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The work of the VRRP loop: adverts and elections, nothing that could wait. What follows from an election (state,
 * addresses, announcements) is told to the sync loop and happens there, while the adverts go on.
 *
 * <p>When the sync loop does not take our messages any more nobody would move the addresses, so the node gives its roles
 * away. Not thread-safe: the VRRP loop owns it, a simulation steps it.
 */
public final class VrrpDuty {
    private static final FaultCause SYNC_LOOP_STANDS =
            new FaultCause(FaultCause.Kind.APPLICATION, "the sync loop stands still");

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Map<String, NodeGroup> groups = new LinkedHashMap<>();
    /** The same, for the turns of the loop: an iterator would be garbage. */
    private NodeGroup[] members = {};

    private final IdentityHashMap<VirtualRouter, NodeGroup> memberOf = new IdentityHashMap<>();
    private final List<VirtualRouter> routers = new ArrayList<>();
    private final IdentityHashMap<VirtualRouter, Long> changedNanos = new IdentityHashMap<>();
    private Surroundings surroundings = new Surroundings(List.of());
    private final AdvertSink adverts;
    private final BoundedQueue<ToSync> toSync;
    private final BoundedQueue<ToVrrp> fromSync;
    private final EffectReports reports;
    private final boolean gated;
    private VrrpOrders orders;
    private int holdNumber;
    private long now;
    private boolean started;
    private long startedNanos;

    /**
     * The groups of a node, not started.
     *
     * @param sources the address each virtual router advertises from
     * @param gated whether preemption waits for the sync side
     */
    public VrrpDuty(
            List<VrrpGroup> configured,
            Function<VirtualRouterConfig, IpAddress> sources,
            boolean gated,
            AdvertSink adverts,
            BoundedQueue<ToSync> toSync,
            BoundedQueue<ToVrrp> fromSync) {
        this.adverts = adverts;
        this.toSync = toSync;
        this.fromSync = fromSync;
        this.reports = new EffectReports(adverts, toSync, this::groupOf);
        this.gated = gated;
        for (VrrpGroup group : configured) {
            make(group, sources);
        }
        orders = index();
    }

    /**
     * Takes a group in while the loop runs; of the same name there must be none. The sync side must know it already.
     *
     * @return its routers, not started yet: {@link #begin} it when their sockets are open
     */
    public List<VirtualRouter> add(VrrpGroup group, Function<VirtualRouterConfig, IpAddress> sources) {
        if (groups.containsKey(group.name())) {
            throw new IllegalArgumentException("there is a group " + group.name() + " already");
        }
        NodeGroup member = make(group, sources);
        orders = index();
        return member.group().members();
    }

    /** Starts the elections of a group that was {@linkplain #add added}. */
    public void begin(String group, long nowNanos) {
        now = nowNanos;
        NodeGroup member = groups.get(group);
        if (member != null && started) {
            member.group().start(nowNanos, startedNanos);
            member.tell(nowNanos, started);
        }
    }

    /**
     * Lets a group go: it resigns with priority 0 if it is active, and the sync side is told.
     *
     * @return its routers, whose sockets nobody needs any more; none if there is no such group
     */
    public List<VirtualRouter> remove(String group, long nowNanos) {
        now = nowNanos;
        NodeGroup member = groups.get(group);
        if (member == null) {
            return List.of();
        }
        member.group().stop(nowNanos);
        member.tell(nowNanos, started);
        List<VirtualRouter> gone = member.group().members();
        groups.remove(group);
        forget(gone);
        return gone;
    }

    /**
     * Lets members of a group go, of which at least one stays: they resign if they are active, the others keep the role.
     *
     * @return those that went, whose sockets nobody needs any more
     */
    public List<VirtualRouter> dismiss(VrrpGroup leaving, long nowNanos) {
        now = nowNanos;
        NodeGroup member = groups.get(leaving.name());
        if (member == null) {
            return List.of();
        }
        List<String> names = leaving.names();
        List<VirtualRouter> gone = member.group().members().stream()
                .filter(router -> names.contains(router.name()))
                .toList();
        gone.forEach(router -> member.group().remove(router, nowNanos));
        member.tell(nowNanos, started);
        forget(gone);
        return gone;
    }

    /**
     * Makes routers that will join a group; until {@link #regroup} they hear what is around them and take no part.
     *
     * @return they, whose sockets are to be opened before
     */
    public List<VirtualRouter> enlist(VrrpGroup joining, Function<VirtualRouterConfig, IpAddress> sources) {
        NodeGroup member = groups.get(joining.name());
        if (member == null) {
            return List.of();
        }
        List<VirtualRouter> made = make(joining.routers(), sources);
        made.forEach(router -> memberOf.put(router, member));
        orders = index();
        return made;
    }

    /** A group is to be like this: whom it {@linkplain #enlist has enlisted} joins in its state, order and rules follow. */
    public void regroup(VrrpGroup target, long nowNanos) {
        now = nowNanos;
        NodeGroup member = groups.get(target.name());
        if (member == null) {
            return;
        }
        // A link that is down is known before the router takes part.
        drain(nowNanos);
        SyncGroup group = member.group();
        for (VirtualRouter router : routers) {
            if (memberOf.get(router) == member && !group.members().contains(router)) {
                group.add(router, nowNanos);
            }
        }
        group.arrange(target.names(), nowNanos);
        if (!group.rules().equals(target.rules())) {
            group.setRules(target.rules(), nowNanos);
        }
        member.tell(nowNanos, started);
        orders = index();
    }

    private void forget(List<VirtualRouter> gone) {
        for (VirtualRouter router : gone) {
            routers.remove(router);
            memberOf.remove(router);
            changedNanos.remove(router);
        }
        orders = index();
    }

    private NodeGroup make(VrrpGroup group, Function<VirtualRouterConfig, IpAddress> sources) {
        List<VirtualRouter> ofGroup = make(group.routers(), sources);
        NodeGroup member = new NodeGroup(new SyncGroup(group.name(), ofGroup, group.rules(), this::onEffect), toSync);
        groups.put(group.name(), member);
        ofGroup.forEach(router -> memberOf.put(router, member));
        return member;
    }

    private List<VirtualRouter> make(
            List<VirtualRouterConfig> configured, Function<VirtualRouterConfig, IpAddress> sources) {
        List<VirtualRouter> made = new ArrayList<>();
        for (VirtualRouterConfig config : configured) {
            made.add(new VirtualRouter(config, sources.apply(config), this::onEffect));
        }
        routers.addAll(made);
        return made;
    }

    /** What is derived from the groups. */
    private VrrpOrders index() {
        members = groups.values().toArray(NodeGroup[]::new);
        surroundings = new Surroundings(routers);
        return new VrrpOrders(groups.values().stream().map(NodeGroup::group).toList(), this::onConfigured);
    }

    private boolean onConfigured(VirtualRouter router) {
        return toSync.offer(new ToSync.Configured(groupOf(router), router.config()));
    }

    /** All virtual routers, in the order of the configuration: where received adverts go. */
    public List<VirtualRouter> routers() {
        return List.copyOf(routers);
    }

    /**
     * All virtual routers as they are now.
     *
     * @param wallMillis the wall clock at {@code nowNanos}
     * @param rejects packets for a router that failed a check
     */
    public List<RouterSnapshot> snapshots(
            long nowNanos, long wallMillis, Function<VirtualRouter, Map<RejectReason, Long>> rejects) {
        List<RouterSnapshot> snapshots = new ArrayList<>();
        for (VirtualRouter router : routers) {
            long sinceNanos = nowNanos - changedNanos.getOrDefault(router, nowNanos);
            snapshots.add(new RouterSnapshot(
                    router.config(),
                    groupOf(router),
                    router.state(),
                    router.priority(),
                    router.sourceAddress(),
                    Optional.ofNullable(router.activeRouter()),
                    router.activePriority(),
                    router.activeIntervalCentis(),
                    wallMillis - sinceNanos / NANOS_PER_MILLI,
                    router.counters(),
                    rejects.apply(router),
                    List.copyOf(router.faults())));
        }
        return snapshots;
    }

    /** Starts the elections; what the sync loop said before counts, links that are down among it. */
    public void start(long nowNanos) {
        now = nowNanos;
        started = true;
        startedNanos = nowNanos;
        drain(nowNanos);
        groups.values().forEach(member -> member.group().start(nowNanos));
        groups.values().forEach(member -> member.tell(nowNanos, started));
    }

    /** Resigns with priority 0 where active, and takes no further part. */
    public void stop(long nowNanos) {
        now = nowNanos;
        started = false;
        groups.values().forEach(member -> member.group().stop(nowNanos));
        groups.values().forEach(member -> member.tell(nowNanos, started));
    }

    /**
     * Messages of the sync loop, then timers. Adverts that have arrived must be handed to their routers before.
     *
     * @return messages handled
     */
    public int doWork(long nowNanos) {
        now = nowNanos;
        int done = drain(nowNanos);
        adverts.gather();
        try {
            for (NodeGroup member : members) {
                member.group().advance(nowNanos);
            }
        } finally {
            adverts.flush();
        }
        // After the adverts of all: who is told may move addresses.
        for (NodeGroup member : members) {
            member.tell(nowNanos, started);
        }
        return done;
    }

    /** When {@link #doWork} must run again. */
    public long nextDeadline() {
        long earliest = Long.MAX_VALUE;
        for (NodeGroup member : members) {
            earliest = Math.min(earliest, member.nextDeadline(now, started));
        }
        return earliest;
    }

    /** Whether {@link #doWork} has something to do before {@link #nextDeadline}. */
    public boolean hasMessages() {
        return !fromSync.isEmpty();
    }

    /** The VRRP loop itself keeps failing: no role is safe with it. */
    public void fail(String reason, long nowNanos) {
        setFault(new FaultCause(FaultCause.Kind.APPLICATION, reason), true, nowNanos);
        groups.values().forEach(member -> member.tell(nowNanos, started));
    }

    /**
     * The sync loop shows signs of life, or none any more: then nobody renews the addresses, and to advertise for addresses
     * that are gone would keep the peer from taking them.
     */
    public void setSyncLoopAlive(boolean alive, long nowNanos) {
        setFault(SYNC_LOOP_STANDS, !alive, nowNanos);
        groups.values().forEach(member -> member.tell(nowNanos, started));
    }

    private int drain(long nowNanos) {
        int done = 0;
        for (ToVrrp message = fromSync.poll(); message != null; message = fromSync.poll()) {
            onMessage(message, nowNanos);
            done++;
        }
        return done;
    }

    private void onMessage(ToVrrp message, long nowNanos) {
        if (message instanceof ToVrrp.AllowPreemption allow) {
            if (allow.holdNumber() == holdNumber) {
                groups.values().forEach(member -> member.group().setPreemptionHold(false));
            }
        } else if (message instanceof ToVrrp.GiveUp giveUp) {
            NodeGroup member = groups.get(giveUp.group());
            if (member != null) {
                member.group().resign(giveUp.reason(), nowNanos);
            }
        } else if (message instanceof ToVrrp.HoldingLost lost) {
            routers.stream()
                    .filter(router -> router.name().equals(lost.router()))
                    .forEach(router -> router.onAddressLost(lost.what(), nowNanos));
        } else if (message instanceof ToVrrp.Health health) {
            FaultCause cause = new FaultCause(FaultCause.Kind.APPLICATION, health.reason());
            setFault(cause, !health.healthy(), nowNanos);
        } else if (message instanceof ToVrrp.LinkChanged link) {
            surroundings.onLink(link.interfaceName(), link.up(), nowNanos);
        } else if (message instanceof ToVrrp.InterfaceReplaced replaced) {
            adverts.interfaceReplaced(replaced.interfaceName());
        } else if (message instanceof ToVrrp.SourceChanged source) {
            surroundings.onSource(source.router(), source.source(), nowNanos);
        } else if (message instanceof ToVrrp.TrackChanged track) {
            reports.report(new TrackEvent(track.what(), track.value()));
            surroundings.onTrack(track.what(), track.value(), nowNanos);
        } else if (message instanceof ToVrrp.Ordered ordered) {
            String failure = orders.carryOut(ordered.order(), nowNanos);
            toSync.offer(new ToSync.Answer(ordered.number(), failure));
        } else {
            throw new AssertionError(message);
        }
    }

    private void setFault(FaultCause cause, boolean standing, long nowNanos) {
        for (NodeGroup member : groups.values()) {
            if (standing) {
                member.group().fault(cause, nowNanos);
            } else {
                member.group().clearFault(cause, nowNanos);
            }
        }
    }

    private void onEffect(Effect effect) {
        if (effect instanceof Effect.GroupStateChanged changed) {
            NodeGroup member = groups.get(changed.group().name());
            if (member != null) {
                onRole(member, changed);
            }
            return;
        }
        if (effect instanceof Effect.StateChanged changed) {
            changedNanos.put(changed.router(), now);
        }
        reports.accept(effect);
    }

    private void onRole(NodeGroup member, Effect.GroupStateChanged changed) {
        Role role = role(changed.to());
        if (role == Role.BACKUP && gated) {
            holdNumber++;
            member.group().setPreemptionHold(true);
        }
        member.changed(
                new ToSync.RoleChange(member.group().name(), role, changed.reason(), changed.text(), holdNumber, now));
    }

    private String groupOf(VirtualRouter router) {
        NodeGroup member = memberOf.get(router);
        return member == null ? router.name() : member.group().name();
    }

    private static Role role(State state) {
        return switch (state) {
            case INITIALIZE -> Role.STOPPED;
            case BACKUP -> Role.BACKUP;
            case ACTIVE -> Role.ACTIVE;
            case FAULT -> Role.FAULT;
        };
    }
}
