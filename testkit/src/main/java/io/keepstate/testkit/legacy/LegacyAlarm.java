// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.legacy;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.FrameKind;
import io.keepstate.ftfw.FrameReader;
import io.keepstate.ftfw.NetHeader;
import io.keepstate.ftfw.Receiver;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashSet;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * ALARM as conntrackd 1.4.7 runs it: each object of the internal cache again after 1 to {@code RefreshTime} seconds and
 * a part of one, its end once, and nothing else. The caches that drop what is not announced any more are the owner's.
 */
public final class LegacyAlarm implements LegacySession {
    private static final long SECOND = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;

    private final int refreshSeconds;
    private final RandomGenerator random;
    private final FrameReader reader = new FrameReader();
    private final LegacyCounts counts = new LegacyCounts();
    private final LinkedHashSet<Long> tx = new LinkedHashSet<>();
    private final TreeMap<Long, Long> alarms = new TreeMap<>();
    private final LegacySender sender;
    private long lastNow = NEVER;

    /** A daemon that has just started; the sequence begins at the seconds of the calendar. */
    public LegacyAlarm(int datagramSize, int refreshSeconds, long initialSequence, RandomGenerator random) {
        this.refreshSeconds = refreshSeconds;
        this.random = random;
        sender = new LegacySender(datagramSize, initialSequence);
    }

    @Override
    public boolean enqueue(long handle) {
        alarms.values().remove(handle);
        tx.add(handle);
        return true;
    }

    /** An object that entered the internal cache without being news: only its alarm is set. */
    @Override
    public boolean enqueueBulk(long handle) {
        if (!tx.contains(handle) && !alarms.containsValue(handle)) {
            setAlarm(handle, Math.max(0, lastNow));
        }
        return true;
    }

    @Override
    public boolean cancel(long handle) {
        return tx.remove(handle) || alarms.values().remove(handle);
    }

    @Override
    public void requestResync() {
        // -n does nothing in this mode
    }

    @Override
    public boolean canRequestResync() {
        return false;
    }

    @Override
    public boolean receive(ByteBuf datagram, long from, long nowNanos, Encoder encoder, Receiver receiver) {
        lastNow = Math.max(lastNow, nowNanos);
        reader.wrap(datagram);
        while (reader.next()) {
            if (reader.rejected() != null) {
                counts.countMalformed();
            } else if (reader.kind() == FrameKind.DATA && reader.flags() == 0) {
                ByteBuf payload = datagram.slice(reader.payloadIndex(), reader.payloadLength());
                if (!receiver.onMessage(reader.type(), payload)) {
                    counts.countMalformed();
                }
            }
        }
        return true;
    }

    @Override
    public void onDeadline(long nowNanos, Receiver receiver) {
        lastNow = Math.max(lastNow, nowNanos);
    }

    @Override
    public int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget) {
        lastNow = Math.max(lastNow, nowNanos);
        while (!alarms.isEmpty() && alarms.firstKey() <= nowNanos) {
            tx.add(alarms.pollFirstEntry().getValue());
        }
        int built = 0;
        while (built < budget && !tx.isEmpty()) {
            long handle = tx.iterator().next();
            tx.remove(handle);
            int type = sender.object(handle, encoder, sink);
            if (type == NetHeader.CT_DEL || type == NetHeader.EXP_DEL) {
                encoder.released(handle);
            } else if (type != Encoder.GONE) {
                setAlarm(handle, nowNanos);
            }
            built++;
        }
        sender.flush(sink);
        return built;
    }

    private void setAlarm(long handle, long nowNanos) {
        long at = nowNanos + (1 + random.nextInt(refreshSeconds)) * SECOND + random.nextLong(SECOND);
        while (alarms.putIfAbsent(at, handle) != null) {
            at++;
        }
    }

    @Override
    public long nextDeadline() {
        if (!tx.isEmpty()) {
            return lastNow;
        }
        return alarms.isEmpty() ? Long.MAX_VALUE : alarms.firstKey();
    }

    @Override
    public int pendingObjects() {
        return tx.size();
    }

    @Override
    public LegacyCounts counts() {
        return counts;
    }
}
