// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.legacy;

import io.keepstate.ftfw.DatagramSink;
import io.keepstate.ftfw.Encoder;
import io.keepstate.ftfw.FrameKind;
import io.keepstate.ftfw.FrameReader;
import io.keepstate.ftfw.Receiver;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashSet;

/**
 * NOTRACK as conntrackd 1.4.7 runs it: sent once and forgotten, losses counted and nothing else, late and repeated
 * messages applied, one number kept for all senders together. A request for a resync is answered by one burst.
 */
public final class LegacyNoTrack implements LegacySession {
    private static final long ALARM_NANOS = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE;

    private final FrameReader reader = new FrameReader();
    private final LegacyCounts counts = new LegacyCounts();
    private final LinkedHashSet<Long> tx = new LinkedHashSet<>();
    private final LegacySender sender;
    private boolean resyncWanted;
    private long alarmAt = NEVER;
    private long lastNow = NEVER;

    /** A daemon that has just started; the sequence begins at the seconds of the calendar. */
    public LegacyNoTrack(int datagramSize, long initialSequence) {
        sender = new LegacySender(datagramSize, initialSequence);
    }

    @Override
    public boolean enqueue(long handle) {
        tx.add(handle);
        return true;
    }

    @Override
    public boolean cancel(long handle) {
        return tx.remove(handle);
    }

    @Override
    public void requestResync() {
        resyncWanted = true;
    }

    @Override
    public boolean receive(ByteBuf datagram, long from, long nowNanos, Encoder encoder, Receiver receiver) {
        advance(nowNanos);
        reader.wrap(datagram);
        while (reader.next()) {
            if (reader.rejected() != null) {
                counts.countMalformed();
                continue;
            }
            counts.place(reader.sequence());
            counts.accept(reader.sequence());
            FrameKind kind = reader.kind();
            if (kind == FrameKind.DATA) {
                ByteBuf payload = datagram.slice(reader.payloadIndex(), reader.payloadLength());
                if (!receiver.onMessage(reader.type(), payload)) {
                    counts.countMalformed();
                }
            } else if (kind == FrameKind.RESYNC) {
                receiver.onResyncRequested();
            } else if (kind != FrameKind.ALIVE) {
                counts.countMalformed();
            }
        }
        return true;
    }

    @Override
    public void onDeadline(long nowNanos, Receiver receiver) {
        advance(nowNanos);
    }

    private void advance(long nowNanos) {
        lastNow = Math.max(lastNow, nowNanos);
        if (alarmAt == NEVER) {
            alarmAt = lastNow + ALARM_NANOS;
        }
    }

    @Override
    public int transmit(long nowNanos, Encoder encoder, DatagramSink sink, int budget) {
        advance(nowNanos);
        int built = 0;
        if (resyncWanted) {
            resyncWanted = false;
            sender.resync(sink);
            built++;
        }
        while (built < budget && !tx.isEmpty()) {
            long handle = tx.iterator().next();
            tx.remove(handle);
            if (sender.object(handle, encoder, sink) != Encoder.GONE) {
                encoder.released(handle);
            }
            built++;
        }
        if (built == 0 && nowNanos >= alarmAt) {
            sender.alive(sink);
            built++;
        }
        if (built > 0) {
            sender.flush(sink);
            alarmAt = nowNanos + ALARM_NANOS;
        }
        return built;
    }

    @Override
    public long nextDeadline() {
        return tx.isEmpty() && !resyncWanted ? alarmAt : lastNow;
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
