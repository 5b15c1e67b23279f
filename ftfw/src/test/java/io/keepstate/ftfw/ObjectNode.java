// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A node with one session: objects known by handle and version, what it holds of the peer's, and what it was told. */
final class ObjectNode implements Encoder, Receiver, DatagramSink {
    static final long SECOND = 1_000_000_000L;

    final FtfwSession session;
    final Map<Long, Integer> own = new HashMap<>();
    final Set<Long> deleted = new HashSet<>();
    final Map<Long, Integer> external = new HashMap<>();
    final List<SessionSignal> signals = new ArrayList<>();
    final List<Long> releases = new ArrayList<>();
    final List<ByteBuf> sent = new ArrayList<>();
    final List<String> applied = new ArrayList<>();
    int resyncsAsked;
    boolean sinkRefuses;
    boolean payloadsAreBad;
    long now;

    ObjectNode(FtfwConfig config, long initialSequence) {
        session = new FtfwSession(config, initialSequence);
    }

    /** A session whose handshake is done: the peer's baseline is 1000, our next number is 101. */
    static ObjectNode established(FtfwConfig config) {
        ObjectNode node = new ObjectNode(config, 100);
        node.transmit();
        node.receive("ALIVE seq=1000 HELLO HELLO_BACK");
        node.now += SECOND;
        node.transmit();
        node.receive("ACK seq=1001 from=100 to=101");
        node.clear();
        return node;
    }

    void clear() {
        sent.clear();
        signals.clear();
        applied.clear();
        releases.clear();
    }

    void put(long handle) {
        own.merge(handle, 1, Integer::sum);
        session.enqueue(handle);
    }

    void delete(long handle) {
        deleted.add(handle);
        session.enqueue(handle);
    }

    void receive(String... lines) {
        receive(Frames.datagram(lines));
    }

    void receive(ByteBuf datagram) {
        session.receive(datagram, now, this, this);
    }

    /** Advances time, lets deadlines fire and sends what is due; returns the messages sent. */
    List<String> after(long nanos) {
        now += nanos;
        session.onDeadline(now, this);
        return transmit();
    }

    List<String> transmit() {
        return transmit(Integer.MAX_VALUE);
    }

    List<String> transmit(int budget) {
        int before = sent.size();
        session.transmit(now, this, this, budget);
        List<String> lines = new ArrayList<>();
        for (ByteBuf datagram : sent.subList(before, sent.size())) {
            lines.addAll(Frames.lines(datagram));
        }
        return lines;
    }

    /** The message that carries this state of an object. */
    static String message(String type, int sequence, long handle, int version) {
        return type + " seq=" + sequence + " payload=" + String.format("%016x%08x", handle, version);
    }

    @Override
    public int encode(long handle, ByteBuf out) {
        Integer version = own.get(handle);
        if (version == null) {
            return GONE;
        }
        out.writeLong(handle).writeInt(version);
        return deleted.contains(handle) ? NetHeader.CT_DEL : version == 1 ? NetHeader.CT_NEW : NetHeader.CT_UPD;
    }

    @Override
    public void released(long handle) {
        releases.add(handle);
        if (deleted.remove(handle)) {
            own.remove(handle);
        }
    }

    @Override
    public boolean onMessage(int type, ByteBuf payload) {
        if (payloadsAreBad || payload.readableBytes() != 12) {
            return false;
        }
        long handle = payload.readLong();
        int version = payload.readInt();
        applied.add(handle + "=" + version);
        if (type == NetHeader.CT_DEL) {
            external.remove(handle);
        } else {
            external.put(handle, version);
        }
        return true;
    }

    @Override
    public void onResyncRequested() {
        resyncsAsked++;
        own.keySet().forEach(session::enqueue);
    }

    @Override
    public void onSignal(SessionSignal signal) {
        signals.add(signal);
    }

    @Override
    public boolean send(ByteBuf datagram) {
        if (sinkRefuses) {
            return false;
        }
        sent.add(Unpooled.copiedBuffer(datagram));
        return true;
    }
}
