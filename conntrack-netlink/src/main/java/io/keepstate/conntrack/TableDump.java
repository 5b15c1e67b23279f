// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.conntrack.codec.DumpSource;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.socket.DatagramHandler;
import io.keepstate.linux.socket.NetlinkSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * One reading of the kernel's table, in slices. The kernel fills the next part when it is read, so a dump that is not
 * read costs nothing and loses nothing.
 *
 * <p>A dump is no snapshot: flows that come, change and go meanwhile may or may not be in it. Subscribe to events
 * first, then dump, and let events win: the kernel makes a part when the one before is taken, so what is read first in a
 * slice is as old as the slice before. Close it when it is done; closing it earlier reads the rest and drops it, since
 * the kernel offers no way to stop.
 */
public final class TableDump implements AutoCloseable {
    private static final FlowHandler NOBODY = flow -> {};
    private static final int REST = 64;

    private final NetlinkSocket socket;
    private final ConntrackDecoder decoder = new ConntrackDecoder();
    private final DatagramHandler onDatagram = this::onDatagram;
    private FlowHandler handler = NOBODY;
    private final int sequence;
    private boolean done;
    private int errno;
    private long flows;

    private TableDump(NetlinkSocket socket, int sequence) {
        this.socket = socket;
        this.sequence = sequence;
    }

    static TableDump start(
            NetlinkSocket socket, ConntrackEncoder encoder, int sequence, DumpSource source, DumpFilter filter) {
        ByteBuf request = Unpooled.directBuffer(ConntrackEncoder.MAX_MESSAGE_OCTETS);
        try {
            encoder.dump(request, sequence, source, filter);
            int sent = socket.send(request);
            if (sent < 0) {
                throw new LinuxException("sendto", -sent, "dump of the conntrack table");
            }
            return new TableDump(socket, sequence);
        } finally {
            request.release();
        }
    }

    /**
     * Reads a slice.
     *
     * @param budget most parts to read; a part holds up to 32 KiB, some 130 flows, and takes about half a millisecond
     * @return flows handed over
     */
    public int doWork(FlowHandler to, int budget) {
        if (done) {
            return 0;
        }
        long before = flows;
        handler = to;
        try {
            int received = socket.receive(onDatagram, budget);
            if (received == 0) {
                // The kernel answers while we ask: nothing there means that it will not go on. The end was not told, so
                // something is missing.
                done = true;
                errno = Errno.ENOBUFS;
            }
        } finally {
            handler = NOBODY;
        }
        return (int) (flows - before);
    }

    private void onDatagram(ByteBuf datagram) {
        decoder.begin(datagram);
        while (decoder.next()) {
            if (decoder.sequence() == sequence) {
                onMessage();
            }
        }
    }

    private void onMessage() {
        switch (decoder.kind()) {
            case UPDATE, NEW -> {
                flows++;
                handler.onFlow(decoder.flow());
            }
            case DONE, ERROR -> {
                done = true;
                errno = decoder.errno();
            }
            default -> {
                // counted by the decoder
            }
        }
    }

    /** Whether the end was reached. */
    public boolean isDone() {
        return done;
    }

    /** The kernel's error number if it ended the dump early, {@code ENOBUFS} if it did not say that this was all, else 0. */
    public int errno() {
        return errno;
    }

    /** Flows handed over so far. */
    public long flowCount() {
        return flows;
    }

    /** Flows of the table that could not be decoded and are missing. */
    public long malformedCount() {
        return decoder.malformedCount();
    }

    @Override
    public void close() {
        while (!done) {
            doWork(NOBODY, REST);
        }
    }
}
