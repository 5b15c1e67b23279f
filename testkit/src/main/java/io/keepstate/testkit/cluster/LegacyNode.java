// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.ftfw.FtfwConfig;
import io.keepstate.ftfw.Receiver;
import io.keepstate.ftfw.SessionSignal;
import io.keepstate.ftfw.SyncSession;
import io.keepstate.node.BoundedQueue;
import io.keepstate.node.ToSync;
import io.keepstate.node.ToVrrp;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.config.SyncMode;
import io.keepstate.node.event.Role;
import io.keepstate.node.port.CommitResult;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.FlowEvents;
import io.keepstate.node.port.Waker;
import io.keepstate.testkit.Agenda;
import io.keepstate.testkit.Segment;
import io.keepstate.testkit.VirtualClock;
import io.keepstate.testkit.legacy.LegacyAlarm;
import io.keepstate.testkit.legacy.LegacyNoTrack;
import io.keepstate.testkit.legacy.LegacyPeer;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;

/**
 * A node of the C pair, as a model: elections as keepalived holds them (our state machine, without the gate), addresses
 * at once, then what {@code primary-backup.sh} tells a conntrackd whose session is {@link LegacyPeer},
 * {@link LegacyNoTrack} or {@link LegacyAlarm}.
 */
public final class LegacyNode implements ClusterNode {
    private static final long SCRIPT_NANOS = 30_000_000;
    private static final long PURGE_NANOS = 5_000_000_000L;
    private final String name;
    private final VirtualClock clock;
    private final Agenda agenda;
    private final LoopTurns turns;
    private final SimulatedKernel kernel = new SimulatedKernel(SimulatedKernel.DEFAULT_EVENT_LIMIT);
    private final AdvertWire wire = new AdvertWire();
    private final BoundedQueue<ToSync> roles = new BoundedQueue<>(64, Waker.NONE);
    private final VrrpDuty vrrp;
    private final LegacyCaches caches;
    private final SyncMode mode;
    private final SyncSession session;
    private final Segment.Port syncPort;
    private Role role = Role.STOPPED;
    private int script;

    LegacyNode(Simulation simulation, Seat seat, NodeConfiguration configuration) {
        name = seat.name();
        clock = simulation.clock();
        agenda = simulation.agenda();
        turns = new LoopTurns(simulation, this::turn);
        mode = simulation.mode();
        caches = new LegacyCaches(simulation.flowLimit());
        session = session(simulation, clock.wallMillis() / 1000);
        syncPort = simulation.syncLink().connect(name, this::receiveSync);
        vrrp = new VrrpDuty(
                configuration.groups(),
                router -> IpAddress.parse(seat.addressOn(router.interfaceName())),
                false,
                wire,
                roles,
                new BoundedQueue<ToVrrp>(64, Waker.NONE));
        simulation
                .lans()
                .forEach((interfaceName, segment) -> wire.attach(
                        interfaceName, segment.connect(name, octets -> receiveAdvert(interfaceName, octets))));
        kernel.subscribe(new KernelEvents());
    }

    private static SyncSession session(Simulation simulation, long sequence) {
        int datagramSize = FtfwConfig.defaults().datagramSize();
        SyncMode mode = simulation.mode();
        if (mode instanceof SyncMode.Alarm alarm) {
            int refreshSeconds = (int) alarm.refreshTime().toSeconds();
            return new LegacyAlarm(datagramSize, refreshSeconds, sequence, simulation.random());
        }
        return mode instanceof SyncMode.NoTrack
                ? new LegacyNoTrack(datagramSize, sequence)
                : new LegacyPeer(FtfwConfig.defaults().withResendQueueSize(mode.resendLimit()), sequence);
    }

    @Override
    public void start() {
        vrrp.start(clock.nowNanos());
        turns.start();
    }

    @Override
    public void stop() {
        vrrp.stop(clock.nowNanos());
        crash();
    }

    @Override
    public void crash() {
        turns.stop();
        wire.unplug();
        syncPort.unplug();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isActive() {
        return turns.isRunning() && role == Role.ACTIVE;
    }

    @Override
    public boolean holdsAddresses() {
        return isActive();
    }

    @Override
    public SimulatedKernel kernel() {
        return kernel;
    }

    @Override
    public Segment.Port syncPort() {
        return syncPort;
    }

    @Override
    public Map<FlowKey, Flow> internal() {
        return caches.internal();
    }

    @Override
    public Map<FlowKey, Flow> external() {
        return caches.external();
    }

    /** Flows that found no room in a cache: "no space left in cache" of {@code conntrackd -s cache}, of both caches. */
    public long refused() {
        return caches.refused();
    }

    @Override
    public void requestResync() {
        session.requestResync();
        stepSoon();
    }

    /** Its own events are not looked at, so the internal cache goes without a word. */
    @Override
    public void flushKernel() {
        kernel.delete(kernel.flows().stream().map(Flow::key).toList(), Completion.IGNORED);
        caches.flushInternal();
        stepSoon();
    }

    @Override
    public void stepSoon() {
        turns.soon();
    }

    private long turn(long now) {
        vrrp.doWork(now);
        for (ToSync message = roles.poll(); message != null; message = roles.poll()) {
            if (message instanceof ToSync.RoleChange change) {
                onRole(change.role());
            }
        }
        kernel.doWork(now, 100);
        if (mode instanceof SyncMode.Alarm alarm) {
            caches.expire(now - alarm.cacheTimeout().toNanos());
        }
        session.onDeadline(now, new PeerMessages());
        session.transmit(now, caches, this::send, 1000);
        long next = Math.min(Math.min(vrrp.nextDeadline(), session.nextDeadline()), kernel.nextDeadline());
        return mode instanceof SyncMode.Alarm ? Math.min(next, now + 1_000_000_000L) : next;
    }

    private void onRole(Role next) {
        role = next;
        int mine = ++script;
        if (next == Role.ACTIVE) {
            later(SCRIPT_NANOS, mine, this::primary);
        } else if (next == Role.BACKUP) {
            later(SCRIPT_NANOS, mine, () -> {
                session.requestResync();
                later(PURGE_NANOS, mine, this::purge);
                stepSoon();
            });
        }
    }

    /** A script that a newer one has overtaken does no harm: conntrackd cancels a purge when it commits. */
    private void later(long nanos, int mine, Runnable action) {
        agenda.in(nanos, () -> {
            if (turns.isRunning() && script == mine) {
                action.run();
            }
        });
    }

    /** -c, -f, -R, -B. */
    private void primary() {
        kernel.commit(List.copyOf(caches.external().values()), new CommitResult() {
            @Override
            public void refused(Flow flow, String reason) {
                throw new AssertionError("the simulated kernel refuses nothing");
            }

            @Override
            public void done(int committed, int refused) {
                caches.flushInternal();
                caches.flushExternal();
                kernel.flows().forEach(caches::add);
                caches.handles().forEach(session::enqueueBulk);
                stepSoon();
            }
        });
        stepSoon();
    }

    /** What -t does when its time has come. */
    private void purge() {
        kernel.delete(kernel.flows().stream().map(Flow::key).toList(), Completion.IGNORED);
        caches.flushInternal();
    }

    private boolean send(ByteBuf datagram) {
        syncPort.send(ByteBufUtil.getBytes(datagram));
        return true;
    }

    private void receiveSync(byte[] datagram) {
        if (turns.isRunning()) {
            session.receive(Unpooled.wrappedBuffer(datagram), clock.nowNanos(), caches, new PeerMessages());
            stepSoon();
        }
    }

    private void receiveAdvert(String interfaceName, byte[] octets) {
        if (turns.isRunning()) {
            wire.receive(vrrp.routers(), interfaceName, octets, clock.nowNanos());
            stepSoon();
        }
    }

    private final class PeerMessages implements Receiver {
        @Override
        public boolean onMessage(int type, ByteBuf payload) {
            return caches.onMessage(type, payload, clock.nowNanos());
        }

        @Override
        public void onResyncRequested() {
            caches.handles().forEach(session::enqueueBulk);
        }

        @Override
        public void onSignal(SessionSignal signal) {
            // conntrackd notices nothing
        }
    }

    private final class KernelEvents implements FlowEvents {
        @Override
        public void created(Flow flow, long nowNanos) {
            enqueue(caches.add(flow));
        }

        @Override
        public void updated(Flow flow, long nowNanos) {
            enqueue(caches.update(flow));
        }

        @Override
        public void destroyed(Flow flow, long nowNanos) {
            enqueue(caches.remove(flow.key()));
        }

        private void enqueue(long handle) {
            if (handle != LegacyCaches.NONE) {
                session.enqueue(handle);
            }
        }

        @Override
        public void overrun(long nowNanos) {
            throw new AssertionError("give a legacy node less traffic: its repair of an overrun is not modelled");
        }
    }
}
