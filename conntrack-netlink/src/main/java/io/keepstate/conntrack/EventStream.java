// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ConntrackDecoder;
import io.keepstate.conntrack.codec.MalformedReason;
import io.keepstate.linux.socket.DatagramHandler;
import io.keepstate.linux.socket.NetlinkSocket;
import io.keepstate.linux.socket.Pollable;
import io.keepstate.linux.socket.SocketFilter;
import io.netty.buffer.ByteBuf;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel tells about flows as it happens. Watch {@link #fd}, call {@link #receive} when it is readable; about
 * one call per millisecond reads many events at the price of few.
 *
 * <p>When events come faster than they are read the kernel drops some, and {@link #receive} answers {@link #OVERRUN}
 * once: what was learnt is incomplete until the table is dumped again. The buffer doubles then, up to its maximum.
 *
 * <p>An event costs the {@link io.keepstate.flow.Flow} it is handed over as, nothing else. One thread.
 */
public final class EventStream implements Pollable {
    /** Answer of {@link #receive}: events were lost; those that were not have been handed over. */
    public static final int OVERRUN = NetlinkSocket.OVERRUN;

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final EventHandler NOBODY = (type, flow, origin) -> {};

    private final NetlinkSocket socket;
    private final ConntrackDecoder decoder = new ConntrackDecoder();
    private final DatagramHandler onDatagram = this::onDatagram;
    private final int bufferMax;
    private EventHandler handler = NOBODY;
    private int buffer;
    private boolean warned;
    private boolean filtering;
    private long growths;
    private long expectationEvents;
    private long events;
    private long failed;

    private EventStream(NetlinkSocket socket, ConntrackOptions options) {
        this.socket = socket;
        this.bufferMax = options.eventBufferMax();
        // SO_RCVBUF is doubled by the kernel for its bookkeeping.
        this.buffer =
                options.eventBuffer() > 0 ? socket.receiveBuffer(half(options.eventBuffer())) : socket.receiveBuffer();
        if (options.reliableEvents()) {
            // Without NETLINK_NO_ENOBUFS: the kernel repeats the end of a flow by itself, but a beginning or a change
            // only with the flow's next packet, which an idle connection does not have. So a loss must be seen.
            socket.broadcastError(true);
        }
    }

    static EventStream open(
            ConntrackOptions options, Set<EventType> flows, Set<EventType> expectations, long... ownPortIds) {
        NetlinkSocket socket = NetlinkSocket.openForEvents(NetlinkSocket.NETFILTER);
        try {
            EventStream stream = new EventStream(socket, options);
            stream.filtering = attachFilter(socket, options, ownPortIds);
            for (EventType type : flows) {
                socket.join(type.group());
            }
            for (EventType type : expectations) {
                socket.join(type.expectationGroup());
            }
            return stream;
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Whether the kernel filters by what was configured. */
    private static boolean attachFilter(NetlinkSocket socket, ConntrackOptions options, long... ownPortIds) {
        long[] own = options.dropOwnEvents() ? ownPortIds : new long[0];
        if (!options.eventFilter().isEmpty()) {
            try {
                socket.attachFilter(EventFilterProgram.build(options.eventFilter(), own));
                return true;
            } catch (IllegalStateException e) {
                LOG.warn("events are filtered in user space only: {}", e.getMessage());
            }
        }
        if (own.length > 0) {
            socket.attachFilter(SocketFilter.dropNetlinkFrom(own));
        }
        return false;
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /**
     * Hands over what has arrived.
     *
     * @param budget most messages to take; what is left keeps the descriptor readable
     * @return how many messages came, or {@link #OVERRUN}
     */
    public int receive(EventHandler to, int budget) {
        handler = to;
        try {
            int result = socket.receive(onDatagram, budget);
            if (result == OVERRUN) {
                grow();
            }
            return result;
        } finally {
            handler = NOBODY;
        }
    }

    /**
     * Waits until there is something to receive, for programs without an event loop.
     *
     * @param timeoutMillis longest time to wait, -1 for ever
     * @return whether there is something, an overrun included
     */
    public boolean awaitEvents(int timeoutMillis) {
        return socket.awaitReadable(timeoutMillis);
    }

    private void onDatagram(ByteBuf datagram) {
        decoder.begin(datagram);
        while (decoder.next()) {
            switch (decoder.kind()) {
                case NEW -> hand(EventType.NEW);
                case UPDATE -> hand(EventType.UPDATE);
                case DESTROY -> hand(EventType.DESTROY);
                case EXPECTATION_NEW -> handExpectation(EventType.NEW);
                case EXPECTATION_UPDATE -> handExpectation(EventType.UPDATE);
                case EXPECTATION_DESTROY -> handExpectation(EventType.DESTROY);
                default -> failed++;
            }
        }
    }

    private void hand(EventType type) {
        events++;
        handler.onEvent(type, decoder.flow(), decoder.portId());
    }

    private void handExpectation(EventType type) {
        expectationEvents++;
        handler.onExpectation(type, decoder.expectation(), decoder.portId());
    }

    private void grow() {
        if (buffer > 0 && buffer <= bufferMax / 2) {
            int before = buffer;
            buffer = socket.receiveBuffer(buffer); // asks for half of the double
            if (buffer > before) {
                growths++;
                LOG.info("netlink event socket buffer size has been doubled to {} bytes", buffer);
                return;
            }
        }
        if (!warned) {
            warned = true;
            LOG.warn(
                    "events were lost: {} bytes of netlink event buffer are too few, and it may not grow beyond {};"
                            + " raise NetlinkBufferSize and NetlinkBufferSizeMaxGrowth",
                    buffer,
                    bufferMax);
        }
    }

    private static int half(int octets) {
        return Math.max(1, octets / 2);
    }

    /** The receive buffer now, as the kernel counts it. */
    public int bufferSize() {
        return buffer;
    }

    /** How often the receive buffer was doubled. */
    public long growthCount() {
        return growths;
    }

    /** Whether the kernel filters events by {@link ConntrackOptions#eventFilter}. */
    public boolean isFilteredInKernel() {
        return filtering;
    }

    /** Events of expectations handed over. */
    public long expectationEventCount() {
        return expectationEvents;
    }

    /** Events of flows handed over. */
    public long eventCount() {
        return events;
    }

    /** Times the kernel reported lost events. */
    public long overrunCount() {
        return socket.overruns() + socket.truncated();
    }

    /** Messages that were no event of a flow or an expectation, or malformed. */
    public long failedCount() {
        return failed;
    }

    /** Messages not accepted for this reason. */
    public long malformedCount(MalformedReason reason) {
        return decoder.malformedCount(reason);
    }

    /** Attributes without a name here, skipped. */
    public long unknownAttributeCount() {
        return decoder.unknownAttributeCount();
    }

    void close() {
        socket.close();
    }
}
