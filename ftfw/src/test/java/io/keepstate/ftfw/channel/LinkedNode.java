// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.FtfwConfig;
import io.keepstate.ftfw.FtfwSession;
import io.keepstate.ftfw.Receiver;
import io.keepstate.ftfw.SessionSignal;
import io.keepstate.ftfw.link.LinkDecision;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.loop.DutyCycle;
import io.keepstate.linux.loop.EventLoop;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A node whose objects are numbers: a session, its links and a loop that the test turns on the namespace's thread. */
final class LinkedNode implements Encoder, Receiver, DutyCycle, AutoCloseable {
    private static final long TURN_NANOS = 1_000_000;
    private static final int PADDING = 64;

    final FtfwSession session;
    final DedicatedLinks links;
    final Set<Long> known = new HashSet<>();
    final List<LinkDecision> decisions = new ArrayList<>();
    final List<SessionSignal> signals = new ArrayList<>();
    /** Messages of an object after a later one: the order of what one connection carries is to be kept. */
    int outOfOrder;

    private final LabNamespace machine;
    private final EventLoop loop;
    private long last = -1;

    LinkedNode(LabNamespace machine, ChannelConfig... configs) {
        this.machine = machine;
        this.links = machine.get(
                () -> DedicatedLinks.open(Arrays.asList(configs), 0, (decision, all) -> decisions.add(decision)));
        FtfwConfig config = FtfwConfig.defaults().withMtu(links.datagramSize() + FtfwConfig.HEADER_ESTIMATE);
        this.session = new FtfwSession(config, System.currentTimeMillis() / 1000);
        this.loop = new EventLoop("node of " + machine, this, (part, times, cause) -> {});
        links.register(loop, (datagram, link, high, low, port, now) -> session.receive(datagram, now, this, this));
    }

    void offer(long from, long to) {
        for (long handle = from; handle < to; handle++) {
            session.enqueue(handle);
        }
    }

    /** One turn of the loop. */
    void turn() {
        machine.network().run(() -> loop.runOnce(TURN_NANOS));
    }

    ChannelStats stats(int link) {
        return links.stats().get(link).traffic();
    }

    ChannelStats.Tcp tcp() {
        return stats(0).tcp().orElseThrow();
    }

    long failures() {
        return loop.failures();
    }

    @Override
    public int doWork(long nowNanos) {
        links.doWork(nowNanos);
        session.onDeadline(nowNanos, this);
        return session.transmit(nowNanos, this, links, 500);
    }

    @Override
    public long nextDeadline() {
        return Math.min(links.nextDeadline(), session.nextDeadline());
    }

    @Override
    public int encode(long handle, ByteBuf out) {
        out.writeLong(handle).writeZero(PADDING);
        return 0;
    }

    @Override
    public void released(long handle) {}

    @Override
    public boolean onMessage(int type, ByteBuf payload) {
        long handle = payload.readLong();
        outOfOrder += handle < last ? 1 : 0;
        last = handle;
        known.add(handle);
        return true;
    }

    @Override
    public void onResyncRequested() {}

    @Override
    public void onSignal(SessionSignal signal) {
        signals.add(signal);
    }

    @Override
    public void close() {
        machine.network().run(() -> {
            loop.close();
            links.close();
        });
    }
}
