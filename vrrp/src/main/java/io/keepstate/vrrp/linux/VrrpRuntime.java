// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux;

import io.keepstate.linux.loop.CommandQueue;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.keepstate.linux.loop.Readiness;
import io.keepstate.linux.route.Rtnetlink;
import io.keepstate.vrrp.AnnouncementPacer;
import io.keepstate.vrrp.EffectSink;
import io.keepstate.vrrp.StaticEntries;
import io.keepstate.vrrp.Surroundings;
import io.keepstate.vrrp.SyncGroup;
import io.keepstate.vrrp.SyncGroupConfig;
import io.keepstate.vrrp.TrackValue;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedObjects;
import io.keepstate.vrrp.VirtualAddress;
import io.keepstate.vrrp.VirtualRouter;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.linux.track.TrackListener;
import io.keepstate.vrrp.linux.track.Trackers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VRRP alone on a Linux host, all on one thread: elections, and addresses that go up when a router becomes active and down
 * when it stops being active. For a host without state to hand over; a firewall node commits first and moves its addresses
 * from another thread.
 *
 * <p>Open, {@link #register}, {@link #start}, run the loop, {@link #stop}, {@link #close}, in this order and on one thread,
 * which is in the network namespace of the interfaces. Needs CAP_NET_ADMIN and CAP_NET_RAW.
 */
public final class VrrpRuntime implements DutyCycle, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VrrpRuntime.class);
    private static final int COMMAND_LIMIT = 64;

    private final Rtnetlink rtnetlink;
    private final HoldingsOwner holdings;
    private final List<SyncGroup> groups = new ArrayList<>();
    private final List<VirtualRouter> routers = new ArrayList<>();
    private final AdvertisementSockets sockets;
    private final VirtualMacInterfaces virtualMacs;
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final CommandQueue<VrrpRuntime> commands = new CommandQueue<>(COMMAND_LIMIT, LOG, "VRRP");
    private volatile @Nullable EventLoop loop;
    private final AnnouncementPacer announcer;
    private final RoleEffects effects;
    private final SourceAnnouncements returned;
    private final RuntimeInterfaces interfaces;
    private final InterfaceWatcher watcher;
    private final StaticOwner statics;
    private final Surroundings surroundings;
    private final Set<Tracked> tracked;
    private final TrackedObjects objects;
    private @Nullable Trackers trackers;
    /** Made once: the loop asks in every turn. */
    private final TrackListener trackListener = this::onTracked;

    private long trackedNanos;
    private long lastWork = System.nanoTime();

    private VrrpRuntime(
            List<SyncGroupConfig> configured,
            TrackedObjects objects,
            boolean leases,
            EffectSink observer,
            Path journalDirectory) {
        this.objects = objects;
        this.tracked = Surroundings.tracked(configured);
        this.rtnetlink = own(Rtnetlink.open());
        // One loop elects and renews: what runs at all is alive.
        LossListener losses = new Losses();
        this.holdings = own(
                leases
                        ? HoldingsOwner.openWithLeases(() -> lastWork, losses, journalDirectory)
                        : HoldingsOwner.open(losses, journalDirectory));
        List<VirtualRouterConfig> configs =
                configured.stream().flatMap(group -> group.members().stream()).toList();
        List<VirtualAddress> virtualAddresses = configs.stream()
                .flatMap(router -> router.allAddresses().stream())
                .toList();
        this.virtualMacs = new VirtualMacInterfaces(rtnetlink, configs, journalDirectory);
        try {
            virtualMacs.listen(holdings.listenerReports());
            virtualMacs.create(objects.dynamicInterfaces());
            // What a crashed predecessor left behind must be gone before the election: two holders of one address.
            configs.forEach(router -> RoleEffects.warn("removing stale", holdings.down(router)));
            LinkNetworks networks = new LinkNetworks();
            this.sockets = own(new AdvertisementSockets(networks));
            this.announcer = new AnnouncementPacer(own(new PacketAnnouncer(rtnetlink)));
            announcer.pace(configs);
            this.effects = new RoleEffects(sockets, holdings, announcer, this::onReconfigured, observer);
            this.returned = new SourceAnnouncements(announcer);
            this.interfaces =
                    new RuntimeInterfaces(rtnetlink, virtualMacs, sockets, returned, virtualAddresses, networks);
            this.watcher = own(new InterfaceWatcher(
                    rtnetlink,
                    Surroundings.watched(configured),
                    objects,
                    Surroundings.shortestIntervalNanos(configured),
                    interfaces));
            watcher.ignore(virtualAddresses);
            watcher.ignoreAddressesAddedBy(holdings.portId());
            for (SyncGroupConfig group : configured) {
                List<VirtualRouter> members = new ArrayList<>();
                for (VirtualRouterConfig member : group.members()) {
                    members.add(open(member));
                }
                groups.add(new SyncGroup(group.name(), members, group.rules(), effects));
            }
            sockets.rehearse();
            this.statics = own(StaticOwner.open());
            this.surroundings = new Surroundings(routers);
            interfaces.tells(routers, surroundings);
        } catch (RuntimeException e) {
            virtualMacs.close();
            close();
            throw e;
        }
    }

    /**
     * Removes what a crash left behind, makes the interfaces of virtual MACs and opens all sockets; nothing is said yet.
     *
     * @param observer told all effects, after they took effect
     * @throws RuntimeException with a sentence on what is missing: an interface, a capability
     */
    public static VrrpRuntime open(List<SyncGroupConfig> groups, EffectSink observer) {
        return open(groups, TrackedObjects.NONE, observer);
    }

    /**
     * As {@link #open(List, EffectSink)}, with definitions of what the groups track.
     *
     * @throws RuntimeException also if something is tracked that is not defined
     */
    public static VrrpRuntime open(List<SyncGroupConfig> groups, TrackedObjects objects, EffectSink observer) {
        return open(groups, objects, true, observer, VirtualMacInterfaces.DEFAULT_DIRECTORY);
    }

    /**
     * As {@link #open(List, TrackedObjects, EffectSink)}, which leases addresses.
     *
     * @param leases whether addresses have a finite lifetime and are renewed, so that a process that is stopped or killed
     *     loses them ({@link HoldingsOwner}); else they stay for ever, as keepalived does it
     * @param journalDirectory where the originals of kernel parameters are kept that virtual MACs change
     */
    public static VrrpRuntime open(
            List<SyncGroupConfig> groups,
            TrackedObjects objects,
            boolean leases,
            EffectSink observer,
            Path journalDirectory) {
        return new VrrpRuntime(groups, objects, leases, observer, journalDirectory);
    }

    /** Lets a loop wait for its descriptors; the loop's duty cycle must be this object. */
    public void register(EventLoop eventLoop) {
        loop = eventLoop;
        sockets.register(eventLoop);
        eventLoop.register(watcher, "interfaces", Readiness.READ, (readiness, now) -> watcher.receive(now));
        eventLoop.register(holdings, "holdings", Readiness.READ, (readiness, now) -> holdings.receive(now));
        eventLoop.register(statics, "static entries", Readiness.READ, (readiness, now) -> statics.receive(now));
        if (tracked.stream().anyMatch(Tracked::isObject)) {
            trackers = own(Trackers.start(VrrpRuntime::trackThread, objects, tracked, eventLoop::wakeUp));
        }
    }

    private static Thread trackThread(Runnable task) {
        Thread thread = new Thread(task, "track-loop");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Puts up what the host has whoever is active, and takes down what was put up before and is not among it. Before the
     * start, or later from {@link #execute}. Routers that track a group of these entries wait in fault until they have been
     * put up; a router may advertise from one of these addresses.
     */
    public void setStatics(StaticEntries entries, long nowNanos) {
        statics.set(entries, nowNanos);
    }

    /** Starts the elections. */
    public void start(long nowNanos) {
        for (String name : watcher.names()) {
            surroundings.onLink(name, watcher.isUp(name), nowNanos);
        }
        tellTracked(nowNanos);
        groups.forEach(group -> group.start(nowNanos));
        effects.settle(nowNanos);
    }

    /** Resigns where active, takes all addresses down, static ones too, and with them the interfaces of virtual MACs. */
    public void stop(long nowNanos) {
        groups.forEach(group -> group.stop(nowNanos));
        effects.settle(nowNanos);
        statics.clear();
        virtualMacs.close();
    }

    @Override
    public int doWork(long nowNanos) {
        commands.run(this);
        watcher.advance(nowNanos);
        virtualMacs.advance(nowNanos);
        statics.advance(nowNanos);
        tellTracked(nowNanos);
        returned.advance(nowNanos);
        announcer.advance(nowNanos);
        int done = 0;
        if (groupDeadline() <= nowNanos) {
            done = sockets.receiveDue(nowNanos);
            sockets.gather();
            try {
                for (SyncGroup group : groups) {
                    group.advance(nowNanos);
                }
            } finally {
                sockets.flush();
            }
        }
        effects.settle(nowNanos);
        // After the elections: what slept through its lease hears first whether it is active still.
        lastWork = nowNanos;
        holdings.advance(nowNanos);
        effects.settle(nowNanos);
        return done;
    }

    @Override
    public long nextDeadline() {
        long earliest = Math.min(Math.min(groupDeadline(), watcher.nextDeadline()), announcer.nextDeadline());
        earliest = Math.min(earliest, holdings.nextDeadline());
        earliest = Math.min(earliest, virtualMacs.nextDeadline());
        earliest = Math.min(earliest, Math.min(returned.nextDeadline(), statics.nextDeadline()));
        return Math.min(earliest, effects.nextDeadline());
    }

    /**
     * Runs something on the loop: from there its groups and routers may be asked, and told to resign, pause, resume, change
     * priority or configuration. It must return at once. May be called from any thread.
     *
     * <p>Sockets, addresses, their leases and their announcement follow a changed configuration. Which interfaces are watched, what is
     * tracked, which virtual MACs there are and which source address is wanted was decided when it was opened.
     *
     * @return false when the loop does not run, or has too many commands waiting
     */
    public boolean execute(Consumer<VrrpRuntime> command) {
        EventLoop running = loop;
        if (running == null || running.isStopped() || !commands.offer(command)) {
            return false;
        }
        running.wakeUp();
        return true;
    }

    /** Its groups, in the order of the configuration. */
    public List<SyncGroup> groups() {
        return List.copyOf(groups);
    }

    /** The group of this name. */
    public SyncGroup group(String name) {
        return groups.stream()
                .filter(group -> group.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no group " + name));
    }

    /** The virtual router of this name. */
    public VirtualRouter router(String name) {
        return routers.stream()
                .filter(router -> router.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no virtual router " + name));
    }

    /** Its sockets, for their counters. */
    public List<AdvertisementSocket> sockets() {
        return sockets.sockets();
    }

    /** Closes all sockets; what is up stays up unless {@link #stop} came before. */
    @Override
    public void close() {
        for (int i = resources.size() - 1; i >= 0; i--) {
            try {
                resources.get(i).close();
            } catch (Exception e) {
                LOG.warn("closing failed", e);
            }
        }
        resources.clear();
    }

    private void tellTracked(long nowNanos) {
        trackedNanos = nowNanos;
        statics.drain(trackListener);
        if (trackers != null) {
            trackers.drain(trackListener);
        }
    }

    private void onTracked(Tracked what, TrackValue value) {
        surroundings.onTrack(what, value, trackedNanos);
    }

    /** The pace of announcements and of looks at interfaces is that of all routers. */
    private void onReconfigured() {
        List<VirtualRouterConfig> configs =
                routers.stream().map(VirtualRouter::config).toList();
        announcer.pace(configs);
        interfaces.readNetworks();
        watcher.advertisementsEvery(Surroundings.shortestIntervalNanos(configs.stream()));
    }

    private VirtualRouter open(VirtualRouterConfig config) {
        String name = config.interfaceName();
        boolean missing = rtnetlink.link(name).isEmpty();
        if (missing && !objects.dynamicInterfaces()) {
            throw new IllegalStateException("virtual router " + config.name() + ": there is no interface " + name
                    + "; create it or correct the name");
        }
        Optional<IpAddress> source = interfaces.source(config);
        VirtualRouter router =
                new VirtualRouter(config, source.orElse(SourceAddress.unspecified(config.family())), effects);
        if (missing) {
            LOG.warn("virtual router {}: there is no interface {} yet; waiting for it", config.name(), name);
        } else if (source.isEmpty()) {
            LOG.warn(
                    "virtual router {}: interface {} has no {} address to advertise from; waiting for one",
                    config.name(),
                    name,
                    config.family());
        }
        if (source.isEmpty()) {
            router.fault(Surroundings.noSource(config), 0);
        }
        if (objects.dynamicInterfaces()) {
            sockets.openOrAwait(router);
        } else {
            sockets.open(router, rtnetlink);
        }
        effects.add(router);
        routers.add(router);
        return router;
    }

    private long groupDeadline() {
        long earliest = Long.MAX_VALUE;
        for (SyncGroup group : groups) {
            earliest = Math.min(earliest, group.nextDeadline());
        }
        return earliest;
    }

    private <T extends AutoCloseable> T own(T resource) {
        resources.add(resource);
        return resource;
    }

    /** What is held was lost: its router gives the role away, and may be elected again. */
    private final class Losses implements LossListener {
        @Override
        public void onLost(String routerName, String what, long nowNanos) {
            LOG.warn("{}: {}", routerName, what);
            for (VirtualRouter router : routers) {
                if (router.name().equals(routerName)) {
                    router.onAddressLost(what, nowNanos);
                }
            }
        }

        @Override
        public void onLapsed(String routerName, String what, long nowNanos) {
            LOG.warn("{}: {}", routerName, what);
            for (SyncGroup group : groups) {
                if (group.members().stream().anyMatch(router -> router.name().equals(routerName))) {
                    group.resign(what, nowNanos);
                }
            }
        }
    }
}
