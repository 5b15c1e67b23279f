// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.cluster;

import io.keepstate.cache.Cursor;
import io.keepstate.cache.EntryStatus;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowKey;
import io.keepstate.node.BoundedQueue;
import io.keepstate.node.SyncDuty;
import io.keepstate.node.ToSync;
import io.keepstate.node.ToVrrp;
import io.keepstate.node.VrrpDuty;
import io.keepstate.node.config.NodeConfiguration;
import io.keepstate.node.event.NodeEvent;
import io.keepstate.node.event.Role;
import io.keepstate.node.port.Waker;
import io.keepstate.node.stats.SyncStats;
import io.keepstate.node.sync.StateSync;
import io.keepstate.testkit.Segment;
import io.keepstate.testkit.VirtualClock;
import io.keepstate.vrrp.codec.IpAddress;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Keepstate node over a simulated machine: the code of production, stepped by an agenda instead of two threads. */
public final class SimulatedNode implements ClusterNode {
    private static final int QUEUE_CAPACITY = 256;
    private static final int MTU = 1500;
    private final String name;
    private final VirtualClock clock;
    private final LoopTurns turns;
    private final SimulatedKernel kernel;
    private final SimulatedAddresses addresses = new SimulatedAddresses();
    private final AdvertWire wire = new AdvertWire();
    private final StateSync sync;
    private final VrrpDuty vrrpDuty;
    private final SyncDuty syncDuty;
    private final Segment.Port syncPort;
    private final List<NodeEvent> events = new ArrayList<>();

    SimulatedNode(Simulation simulation, Seat seat, NodeConfiguration configuration) {
        this.name = seat.name();
        this.clock = simulation.clock();
        this.turns = new LoopTurns(simulation, this::turn);
        this.kernel = new SimulatedKernel(SimulatedKernel.DEFAULT_EVENT_LIMIT);
        this.syncPort = simulation.syncLink().connect(name, this::receiveSync);
        sync = new StateSync(
                configuration.sync().orElseThrow(),
                kernel,
                datagram -> {
                    syncPort.send(ByteBufUtil.getBytes(datagram));
                    return true;
                },
                this::note,
                MTU,
                clock.wallMillis() / 1000,
                simulation.random().nextLong());
        BoundedQueue<ToSync> toSync = new BoundedQueue<>(QUEUE_CAPACITY, Waker.NONE);
        BoundedQueue<ToVrrp> toVrrp = new BoundedQueue<>(QUEUE_CAPACITY, Waker.NONE);
        vrrpDuty = new VrrpDuty(
                configuration.groups(),
                router -> IpAddress.parse(seat.addressOn(router.interfaceName())),
                true,
                wire,
                toSync,
                toVrrp);
        syncDuty = new SyncDuty(
                configuration, sync, addresses, address -> {}, toSync, toVrrp, this::note, clock.wallMillis());
        simulation
                .lans()
                .forEach((interfaceName, segment) -> wire.attach(
                        interfaceName, segment.connect(name, octets -> receiveAdvert(interfaceName, octets))));
    }

    @Override
    public void start() {
        syncDuty.start(clock.nowNanos());
        vrrpDuty.start(clock.nowNanos());
        turns.start();
    }

    @Override
    public void stop() {
        vrrpDuty.stop(clock.nowNanos());
        syncDuty.stop(clock.nowNanos());
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
        return turns.isRunning() && syncDuty.roles().containsValue(Role.ACTIVE);
    }

    @Override
    public boolean holdsAddresses() {
        return turns.isRunning() && addresses.any();
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
        Map<FlowKey, Flow> flows = new LinkedHashMap<>();
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            sync.forEachInternal(cursor, 1024, entry -> {
                if (entry.status() != EntryStatus.DEAD) {
                    flows.put(entry.flow().key(), entry.flow());
                }
            });
        }
        return flows;
    }

    @Override
    public Map<FlowKey, Flow> external() {
        Map<FlowKey, Flow> flows = new LinkedHashMap<>();
        Cursor cursor = new Cursor();
        while (!cursor.isDone()) {
            sync.forEachExternal(cursor, 1024, entry -> flows.put(entry.flow().key(), entry.flow()));
        }
        return flows;
    }

    /** Everything the node reported, oldest first. */
    public List<NodeEvent> events() {
        return List.copyOf(events);
    }

    /** Counters of the sync side. */
    public SyncStats stats() {
        return sync.stats();
    }

    @Override
    public void requestResync() {
        sync.requestResync("asked for", clock.nowNanos());
        stepSoon();
    }

    @Override
    public void flushKernel() {
        sync.flushKernel((deleted, failure) -> {});
        stepSoon();
    }

    @Override
    public void stepSoon() {
        turns.soon();
    }

    private long turn(long now) {
        vrrpDuty.doWork(now);
        syncDuty.doWork(now);
        return Math.min(vrrpDuty.nextDeadline(), syncDuty.nextDeadline());
    }

    private void receiveSync(byte[] datagram) {
        if (turns.isRunning()) {
            sync.receive(Unpooled.wrappedBuffer(datagram), clock.nowNanos());
            stepSoon();
        }
    }

    private void receiveAdvert(String interfaceName, byte[] octets) {
        if (turns.isRunning()) {
            wire.receive(vrrpDuty.routers(), interfaceName, octets, clock.nowNanos());
            stepSoon();
        }
    }

    private void note(NodeEvent event) {
        events.add(event);
    }
}
