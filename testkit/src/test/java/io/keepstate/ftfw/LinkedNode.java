// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.keepstate.testkit.Agenda;
import io.keepstate.testkit.Segment;
import io.keepstate.testkit.VirtualClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A node on a simulated link: a table of versioned objects, the peer's table as far as it knows, and a session that can
 * crash and start again. It does with signals what a node does: ask, sweep what was not renewed, offer its own.
 */
final class LinkedNode implements Encoder, Receiver {
    private static final long SECOND = 1_000_000_000L;
    /** A resync is over when nothing came for this long: the protocol marks no end. */
    private static final long SETTLED_NANOS = 3 * SECOND;

    final Map<Long, Integer> own = new TreeMap<>();
    final Map<Long, Integer> external = new TreeMap<>();
    final List<SessionSignal> signals = new ArrayList<>();
    /** Turned off, this node acts as conntrackd does without StartupResync: never asks, never sweeps. */
    boolean repairs = true;

    private final VirtualClock clock;
    private final Agenda agenda;
    private final LongFunction<SyncSession> daemon;
    private final Segment.Port port;
    private final Set<Long> dying = new HashSet<>();
    private final Set<Long> unrenewed = new HashSet<>();
    private @Nullable SyncSession session;
    private boolean sweeping;
    private long lastData;
    private long wakeAt = Long.MAX_VALUE;

    LinkedNode(String name, Segment segment, VirtualClock clock, Agenda agenda, LongFunction<SyncSession> daemon) {
        this.clock = clock;
        this.agenda = agenda;
        this.daemon = daemon;
        this.port = segment.connect(name, this::onDatagram);
    }

    SyncSession session() {
        return Objects.requireNonNull(session);
    }

    boolean isUp() {
        return session != null;
    }

    void start() {
        session = daemon.apply(clock.wallMillis() / 1000);
        signals.clear();
        if (repairs) {
            resync();
        }
        pump();
    }

    /** The daemon dies; the objects are the kernel's and stay, what it knew of the peer is gone. */
    void crash() {
        session = null;
        external.clear();
        own.keySet().removeAll(dying);
        dying.clear();
        sweeping = false;
    }

    void put(long handle) {
        if (!dying.contains(handle)) {
            own.merge(handle, 1, Integer::sum);
            offer(handle);
        }
    }

    void delete(long handle) {
        if (own.containsKey(handle)) {
            if (session == null) {
                own.remove(handle);
            } else {
                dying.add(handle);
                offer(handle);
            }
        }
    }

    /** What the peer should know: dying objects are gone. */
    Map<Long, Integer> living() {
        Map<Long, Integer> living = new TreeMap<>(own);
        living.keySet().removeAll(dying);
        return living;
    }

    private void offer(long handle) {
        if (session != null) {
            session.enqueue(handle);
            agenda.in(0, this::pump);
        }
    }

    private void resync() {
        session().requestResync();
        unrenewed.clear();
        unrenewed.addAll(external.keySet());
        sweeping = true;
        lastData = clock.nowNanos();
    }

    private void sweep() {
        boolean pending = session instanceof FtfwSession ours && (ours.isResyncPending() || ours.hasOpenGaps());
        if (sweeping && !pending && clock.nowNanos() - lastData >= SETTLED_NANOS) {
            sweeping = false;
            external.keySet().removeAll(unrenewed);
        }
    }

    private void onDatagram(byte[] datagram) {
        if (session != null) {
            session.receive(Unpooled.wrappedBuffer(datagram), clock.nowNanos(), this, this);
            pump();
        }
    }

    /** One duty cycle. */
    private void pump() {
        if (session == null) {
            return;
        }
        session.onDeadline(clock.nowNanos(), this);
        session.transmit(clock.nowNanos(), this, d -> port.send(ByteBufUtil.getBytes(d)), Integer.MAX_VALUE);
        sweep();
        long next = session.nextDeadline();
        if (next <= clock.nowNanos()) {
            throw new AssertionError("nothing can be sent, and yet the deadline has passed");
        }
        if (next < wakeAt || wakeAt <= clock.nowNanos()) {
            wakeAt = next;
            agenda.at(next, this::pump);
        }
    }

    @Override
    public int encode(long handle, ByteBuf out) {
        Integer version = own.get(handle);
        if (version == null) {
            return GONE;
        }
        out.writeLong(handle).writeInt(version);
        return dying.contains(handle) ? NetHeader.CT_DEL : version == 1 ? NetHeader.CT_NEW : NetHeader.CT_UPD;
    }

    @Override
    public void released(long handle) {
        if (dying.remove(handle)) {
            own.remove(handle);
        }
    }

    @Override
    public boolean onMessage(int type, ByteBuf payload) {
        if (payload.readableBytes() != 12) {
            return false;
        }
        long handle = payload.readLong();
        int version = payload.readInt();
        lastData = clock.nowNanos();
        unrenewed.remove(handle);
        if (type == NetHeader.CT_DEL) {
            external.remove(handle);
        } else {
            external.put(handle, version);
        }
        return true;
    }

    @Override
    public void onResyncRequested() {
        own.keySet().forEach(session()::enqueue);
    }

    @Override
    public void onSignal(SessionSignal signal) {
        signals.add(signal);
        if (!repairs) {
            return;
        }
        switch (signal) {
            case PEER_HELLO, PEER_RESTARTED -> {
                resync();
                onResyncRequested();
            }
            case GAP_UNSERVED -> resync();
            case HELLO_BACK_RECEIVED, PEER_SILENT, PEER_BACK -> {}
        }
    }
}
