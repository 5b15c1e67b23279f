// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.node.SyncDuty;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.VrrpGroup;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.InterfaceWatcher;
import io.keepstate.vrrp.linux.track.Trackers;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Takes groups into a running node and lets them go, one step per loop: each is done by the loop that owns what it
 * changes, the caller waits in between. The sync side knows a group before the elections do, and forgets it after them.
 */
final class GroupChanges {
    private final NodeParts parts;
    private final SourceWatch sources;
    private final InterfaceWatcher watcher;
    private final SignsOfLife signs;

    GroupChanges(NodeParts parts, SourceWatch sources, InterfaceWatcher watcher, SignsOfLife signs) {
        this.parts = parts;
        this.sources = sources;
        this.watcher = watcher;
        this.signs = signs;
    }

    /** What a group needs before it can take part. */
    record Prepared(VrrpGroup group, IdentityHashMap<VirtualRouterConfig, IpAddress> sources) {}

    /** On the sync loop: the virtual MACs that only routers have which have gone are removed. */
    void dropVirtualMacs(NodeConfiguration old, List<VirtualRouterConfig> gone) {
        parts.virtualMacs()
                .retain(old.routers().stream()
                        .filter(router -> !gone.contains(router))
                        .toList());
    }

    /** On the sync loop: static entries and virtual MACs are made, and all interfaces of the new configuration watched. */
    void watch(NodeConfiguration changed) {
        long nowNanos = System.nanoTime();
        sources.dynamicInterfaces(changed.tracked().dynamicInterfaces());
        sources.expect(changed.routers());
        parts.virtualMacs().add(changed.routers(), nowNanos);
        parts.statics().set(changed.statics(), nowNanos);
        Set<String> names = Surroundings.watched(changed.syncGroups());
        names.forEach(name -> watcher.watch(name, changed.tracked()));
        changed.groups().forEach(group -> watcher.ignore(group.addresses()));
        watcher.advertisementsEvery(Surroundings.shortestIntervalNanos(changed.syncGroups()));
        signs.expect(changed.routers(), System.nanoTime());
    }

    /**
     * On the sync loop: looks whether the machine has what a group needs; nothing has changed yet.
     *
     * @throws NodeStartException with a sentence about what is missing
     */
    Prepared prepare(VrrpGroup group, NodeConfiguration changed) throws NodeStartException {
        IdentityHashMap<VirtualRouterConfig, IpAddress> found = new IdentityHashMap<>();
        for (VirtualRouterConfig router : group.routers()) {
            parts.virtualMacs().check(router, changed.tracked().dynamicInterfaces());
            found.put(router, sources.source(router));
        }
        return new Prepared(group, found);
    }

    /** On the sync loop, second. */
    void admit(SyncDuty duty, Prepared prepared) {
        sources.add(prepared.group(), prepared.sources());
        duty.add(prepared.group());
    }

    /** On the VRRP loop, third: the routers are there and heard, but not started. */
    void open(VrrpDuty duty, Prepared prepared) {
        List<VirtualRouter> routers = duty.add(
                prepared.group(),
                config -> Objects.requireNonNull(prepared.sources().get(config)));
        routers.forEach(parts.vrrpSide().sockets()::openOrAwait);
    }

    /** On the sync loop: where a router advertises from that is configured anew. */
    void configured(VirtualRouterConfig router) {
        sources.configured(router);
    }

    /** On the sync loop, fourth: links and tracked things as they are now. */
    void tellSurroundings(SyncDuty duty, NodeConfiguration changed) {
        signs.follow(changed.routers());
        parts.virtualMacs().retain(changed.routers());
        Surroundings.watched(changed.syncGroups())
                .forEach(name -> duty.elections().onLink(name, watcher.isUp(name)));
        sources.tellMissing();
        parts.statics().tellAgain();
        parts.statics().drain(duty.elections()::onTracked);
        Trackers trackers = parts.trackers();
        if (trackers != null) {
            trackers.tellAgain();
            trackers.drain(duty.elections()::onTracked);
        }
    }

    /** From the caller's thread: other things are tracked from now on, or in another way. */
    void track(NodeConfiguration changed) {
        Trackers trackers = parts.trackers();
        if (trackers != null) {
            trackers.change(changed.tracked(), Surroundings.tracked(changed.syncGroups()));
        }
    }

    /** On the VRRP loop: resigns, and hears no more. */
    void close(VrrpDuty duty, VrrpGroup group, long nowNanos) {
        duty.remove(group.name(), nowNanos).forEach(parts.vrrpSide().sockets()::remove);
    }

    /** On the sync loop, after that. */
    void forget(SyncDuty duty, VrrpGroup group, long nowNanos) {
        sources.remove(group);
        duty.remove(group, nowNanos);
    }

    /** On the VRRP loop: members of a group that stays resign, and hear no more. */
    void dismiss(VrrpDuty duty, VrrpGroup leaving, long nowNanos) {
        duty.dismiss(leaving, nowNanos).forEach(parts.vrrpSide().sockets()::remove);
    }

    /** On the sync loop, after that: what they hold goes down. */
    void forgetMembers(SyncDuty duty, VrrpGroup staying, VrrpGroup leaving, long nowNanos) {
        sources.remove(leaving);
        duty.regroup(staying, leaving.names(), List.of(), nowNanos);
    }

    /** On the sync loop: where those advertise from that will join. */
    void expectMembers(Prepared joining) {
        sources.add(joining.group(), joining.sources());
    }

    /** On the VRRP loop: those that will join are there and heard, but take no part. */
    void enlist(VrrpDuty duty, Prepared joining) {
        duty.enlist(
                        joining.group(),
                        config -> Objects.requireNonNull(joining.sources().get(config)))
                .forEach(parts.vrrpSide().sockets()::openOrAwait);
    }
}
