// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

import io.keepstate.ftfw.channel.DedicatedLinks;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.node.BoundedQueue;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.ToSync;
import io.keepstate.node.ToVrrp;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.event.NodeListener;
import io.keepstate.node.stats.EventSocketSnapshot;
import io.keepstate.node.stats.KernelWritesSnapshot;
import io.keepstate.node.stats.LinksSnapshot;
import io.keepstate.vrrp.Announcer;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.RejectReason;
import io.keepstate.vrrp.linux.HoldingsOwner;
import io.keepstate.vrrp.linux.InterfaceWatcher;
import io.keepstate.vrrp.linux.LossListener;
import io.keepstate.vrrp.linux.PacketAnnouncer;
import io.keepstate.vrrp.linux.SourceAnnouncements;
import io.keepstate.vrrp.linux.StaticOwner;
import io.keepstate.vrrp.linux.VirtualMacInterfaces;
import io.keepstate.vrrp.linux.track.Trackers;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens everything a node needs, in the calling thread's network namespace, and joins it. */
final class NodeParts implements AutoCloseable {
    private static final int QUEUE_SIZE = 256;
    /** Messages a virtual router may cause at once: all of them may change at the same time. */
    private static final int QUEUE_PER_ROUTER = 8;

    private final NodeConfiguration configuration;
    private final Resources resources;
    private final LoopWaker wakeSync = new LoopWaker();
    private final LoopWaker wakeVrrp = new LoopWaker();

    private final BoundedQueue<ToSync> toSync;
    private final BoundedQueue<ToVrrp> toVrrp;
    private final @Nullable SyncSide syncSide;
    private final LinuxAddresses addresses;
    private final SyncDuty syncDuty;
    private final SyncLoop syncLoop;
    private final EventLoop syncEventLoop;
    private final VirtualMacInterfaces virtualMacs;
    private final StaticOwner statics;
    private final @Nullable Trackers trackers;
    private final @Nullable GroupChanges groupChanges;
    private final VrrpSide vrrpSide;

    /** Opens all, or nothing. */
    static NodeParts open(
            NodeConfiguration configuration, boolean addressLeases, NodeListener listener, Path journalDirectory)
            throws NodeStartException {
        StartError.checkCapabilities(configuration);
        Resources resources = new Resources();
        try {
            return new NodeParts(configuration, addressLeases, listener, resources, journalDirectory);
        } catch (NodeStartException e) {
            resources.close();
            throw e;
        } catch (RuntimeException e) {
            resources.close();
            throw StartError.of(e);
        }
    }

    private NodeParts(
            NodeConfiguration configuration,
            boolean addressLeases,
            NodeListener listener,
            Resources resources,
            Path journalDirectory)
            throws NodeStartException {
        this.configuration = configuration;
        this.resources = resources;
        List<VirtualRouterConfig> routers = configuration.routers();
        int queueSize = Math.max(QUEUE_SIZE, QUEUE_PER_ROUTER * routers.size());
        toSync = new BoundedQueue<>(queueSize, wakeSync);
        toVrrp = new BoundedQueue<>(queueSize, wakeVrrp);
        Rtnetlink rtnetlink = resources.own(Rtnetlink.open());
        SignsOfLife signs = new SignsOfLife(addressLeases, routers);
        HoldingsOwner holdings = resources.own(openHoldings(addressLeases, signs, journalDirectory));
        virtualMacs = resources.own(new VirtualMacInterfaces(rtnetlink, routers, journalDirectory));
        virtualMacs.listen(holdings.listenerReports());
        boolean dynamicInterfaces = configuration.tracked().dynamicInterfaces();
        virtualMacs.create(dynamicInterfaces);
        statics = resources.own(StaticOwner.open());
        // Before the sources: one of these addresses may be one.
        statics.set(configuration.statics(), System.nanoTime());
        Announcer announcer = routers.isEmpty() ? address -> {} : resources.own(new PacketAnnouncer(rtnetlink));
        SourceAnnouncements returned = new SourceAnnouncements(announcer);
        SourceWatch sources = new SourceWatch(rtnetlink, routers, virtualMacs, returned, dynamicInterfaces);
        IdentityHashMap<VirtualRouterConfig, IpAddress> sourceOf = sourcesOf(routers, sources);
        syncSide = configuration.sync().isPresent()
                ? SyncSide.open(configuration.sync().get(), listener, resources)
                : null;
        addresses = new LinuxAddresses(holdings, listener);
        syncDuty = new SyncDuty(
                configuration,
                syncSide == null ? null : syncSide.stateSync(),
                addresses,
                announcer,
                toSync,
                toVrrp,
                listener,
                System.currentTimeMillis());
        sources.tells(syncDuty.elections());
        InterfaceWatcher watcher = routers.isEmpty() ? null : watch(rtnetlink, sources, holdings);
        sources.tellMissing();
        DedicatedLinks links = syncSide == null ? null : syncSide.links();
        trackers = routers.isEmpty() ? null : track();
        syncLoop = new SyncLoop(syncDuty, links, watcher, trackers, statics, holdings, virtualMacs, returned, signs);
        SyncDuty duty = syncDuty;
        syncEventLoop = resources.own(new EventLoop(
                "sync-loop",
                syncLoop,
                (part, times, last) -> duty.elections().onHealth(false, part + " keeps failing")));
        wakeSync.wakes(syncEventLoop);
        register(holdings, watcher);
        groupChanges = watcher == null ? null : new GroupChanges(this, sources, watcher, signs);
        vrrpSide = VrrpSide.open(configuration, sourceOf, sources.networks(), toSync, toVrrp, signs, resources);
        wakeVrrp.wakes(vrrpSide.eventLoop());
    }

    private HoldingsOwner openHoldings(boolean leases, SignsOfLife signs, Path journalDirectory) {
        LossListener losses = new Losses();
        return leases
                ? HoldingsOwner.openWithLeases(signs::elections, losses, journalDirectory)
                : HoldingsOwner.open(losses, journalDirectory);
    }

    private void register(HoldingsOwner holdings, @Nullable InterfaceWatcher watcher) {
        EventLoop loop = syncEventLoop;
        loop.register(holdings, "holdings", Readiness.READ, (readiness, now) -> holdings.receive(now));
        if (syncSide != null) {
            syncSide.register(loop);
        }
        if (watcher != null) {
            loop.register(watcher, "interfaces", Readiness.READ, (readiness, now) -> watcher.receive(now));
        }
        loop.register(statics, "static entries", Readiness.READ, (readiness, now) -> statics.receive(now));
    }

    NodeConfiguration configuration() {
        return configuration;
    }

    SyncDuty syncDuty() {
        return syncDuty;
    }

    SyncLoop syncLoop() {
        return syncLoop;
    }

    /** The interfaces of virtual MACs, on the sync loop. */
    VirtualMacInterfaces virtualMacs() {
        return virtualMacs;
    }

    /** Static addresses, routes and rules, on the sync loop. */
    StaticOwner statics() {
        return statics;
    }

    /** What is tracked; null in a node that began without groups. */
    @Nullable
    Trackers trackers() {
        return trackers;
    }

    EventLoop syncEventLoop() {
        return syncEventLoop;
    }

    VrrpSide vrrpSide() {
        return vrrpSide;
    }

    /** How groups come and go; null in a node that began without any. */
    @Nullable
    GroupChanges groupChanges() {
        return groupChanges;
    }

    /** Times a message between the loops found no room. */
    long queueFull() {
        return toSync.timesFull() + toVrrp.timesFull();
    }

    /** What the kernel did not take of what groups hold, on the sync loop. */
    long holdingsRefused() {
        return addresses.refused();
    }

    /** The links to the peer, on the sync loop. */
    LinksSnapshot linksStats() {
        return syncSide == null ? LinksSnapshot.NONE : syncSide.linksStats();
    }

    /** The socket of kernel events, on the sync loop. */
    Optional<EventSocketSnapshot> eventStats() {
        return Optional.ofNullable(syncSide).map(SyncSide::eventStats);
    }

    /** The writes to the kernel's connection table, on the sync loop. */
    Optional<KernelWritesSnapshot> writeStats() {
        return Optional.ofNullable(syncSide).map(SyncSide::writeStats);
    }

    /** Packets of protocol 112 that failed a check, by reason; from any thread. */
    Map<RejectReason, Long> rejectedAdverts() {
        return vrrpSide.sockets().rejects();
    }

    @Override
    public void close() {
        resources.close();
    }

    private static IdentityHashMap<VirtualRouterConfig, IpAddress> sourcesOf(
            List<VirtualRouterConfig> routers, SourceWatch sources) throws NodeStartException {
        IdentityHashMap<VirtualRouterConfig, IpAddress> found = new IdentityHashMap<>();
        for (VirtualRouterConfig router : routers) {
            found.put(router, sources.source(router));
        }
        return found;
    }

    /** Watches the interfaces; those that are down now are told before the elections begin. */
    private InterfaceWatcher watch(Rtnetlink rtnetlink, SourceWatch sources, HoldingsOwner holdings) {
        Set<String> names = Surroundings.watched(configuration.syncGroups());
        InterfaceWatcher watcher = resources.own(new InterfaceWatcher(
                rtnetlink,
                names,
                configuration.tracked(),
                Surroundings.shortestIntervalNanos(configuration.syncGroups()),
                sources));
        configuration.groups().forEach(group -> watcher.ignore(group.addresses()));
        watcher.ignoreAddressesAddedBy(holdings.portId());
        for (String name : names) {
            syncDuty.elections().onLink(name, watcher.isUp(name));
        }
        return watcher;
    }

    /** Starts to track what the groups refer to; on a thread born before any loop takes a real-time policy. */
    private Trackers track() throws NodeStartException {
        Set<Tracked> wanted = Surroundings.tracked(configuration.syncGroups());
        try {
            // Even if there is nothing yet: a changed configuration may have something.
            return resources.own(
                    Trackers.start(NodeParts::trackThread, configuration.tracked(), wanted, wakeSync::wake));
        } catch (IllegalArgumentException e) {
            throw new NodeStartException(String.valueOf(e.getMessage()));
        }
    }

    private static Thread trackThread(Runnable task) {
        Thread thread = new Thread(task, "track-loop");
        thread.setDaemon(true);
        return thread;
    }

    /** What is held was lost: the elections hear of it. */
    private final class Losses implements LossListener {
        @Override
        public void onLost(String router, String what, long nowNanos) {
            syncDuty.elections().onLost(router, what);
        }

        @Override
        public void onLapsed(String router, String what, long nowNanos) {
            syncDuty.onLapsed(router, what);
        }
    }
}
