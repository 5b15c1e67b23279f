// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of the control socket: reads the request, then writes the reply page by page. */
final class ControlConnection implements ControlHandler.Output {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int REQUEST_OCTETS = Integer.BYTES;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private enum State {
        READING,
        WRITING,
        HELD,
        CLOSED
    }

    private final Consumer<ControlEvent> events;
    private final ByteChannel channel;
    private final int fd;
    private final ControlHandler handler;
    private final Descriptors descriptors;
    private final ControlLimits limits;
    private final ByteBuffer request = ByteBuffer.allocate(REQUEST_OCTETS + 1).order(ByteOrder.nativeOrder());
    private final Deque<ChunkedOutput> reply = new ArrayDeque<>();
    private final StringBuilder page = new StringBuilder();

    private State state = State.READING;
    private ByteBuffer unwritten = NOTHING;
    private boolean held;
    private boolean toTheEnd;
    private boolean watchedForWriting;
    private long deadline;

    /**
     * A client that has said nothing yet.
     *
     * @param events counts what happens
     * @param channel the client, never waited for
     * @param fd of the channel, as the event loop knows it
     */
    ControlConnection(
            Consumer<ControlEvent> events,
            ByteChannel channel,
            int fd,
            ControlHandler handler,
            Descriptors descriptors,
            ControlLimits limits,
            long nowNanos) {
        this.events = events;
        this.channel = channel;
        this.fd = fd;
        this.handler = handler;
        this.descriptors = descriptors;
        this.limits = limits;
        this.deadline = nowNanos + limits.requestTimeout().toNanos();
        descriptors.watch(fd, false);
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    long deadline() {
        return state == State.HELD ? Long.MAX_VALUE : deadline;
    }

    int doWork(long nowNanos) {
        int work = 0;
        try {
            if (state == State.READING) {
                work += read(nowNanos);
            }
            if (state == State.WRITING) {
                work += write(nowNanos);
            } else if (state == State.HELD) {
                noticeIfGone();
            }
        } catch (IOException gone) {
            end(ControlEvent.CLIENT_GONE);
        } catch (RuntimeException e) {
            LOG.error("serving a request of the control socket failed", e);
            end(ControlEvent.HANDLER_FAILED);
        }
        if (state != State.CLOSED && deadline() - nowNanos <= 0) {
            end(state == State.READING ? ControlEvent.SILENT_CLIENT : ControlEvent.STALLED_CLIENT);
        }
        return work;
    }

    private int read(long nowNanos) throws IOException {
        int count = channel.read(request);
        if (request.position() >= REQUEST_OCTETS) {
            if (request.position() > REQUEST_OCTETS) {
                events.accept(ControlEvent.LONG_REQUEST);
            }
            serve(nowNanos);
        } else if (count < 0) {
            end(ControlEvent.SHORT_REQUEST);
        }
        return Math.max(0, count);
    }

    private void serve(long nowNanos) {
        state = State.WRITING;
        deadline = nowNanos + limits.stallTimeout().toNanos();
        Optional<ControlRequest> known = ControlRequest.of(request.getInt(0));
        if (known.isEmpty()) {
            events.accept(ControlEvent.UNKNOWN_REQUEST); // conntrackd, too, answers with nothing
        } else {
            handler.handle(known.get(), this);
        }
        if (held) {
            state = State.HELD;
        }
    }

    private int write(long nowNanos) throws IOException {
        int written = 0;
        while (written < limits.octetsPerTurn()) {
            if (!unwritten.hasRemaining() && !nextPage()) {
                end(ControlEvent.SERVED);
                return written;
            }
            int count = channel.write(unwritten);
            if (count > 0 || deadline == Long.MAX_VALUE) {
                written += count;
                deadline = nowNanos + limits.stallTimeout().toNanos();
            }
            if (unwritten.hasRemaining()) {
                break; // the socket's buffer is full
            }
        }
        watchForWriting(true);
        return written;
    }

    /** Produces octets to write; false when the reply is complete. */
    private boolean nextPage() {
        while (!reply.isEmpty()) {
            ChunkedOutput source = reply.element();
            page.setLength(0);
            if (!source.appendPage(page)) {
                source.close();
                reply.remove();
            }
            if (page.length() > 0) {
                unwritten = ByteBuffer.wrap(page.toString().getBytes(StandardCharsets.UTF_8));
                return true;
            }
        }
        return false;
    }

    private void noticeIfGone() throws IOException {
        request.position(0);
        if (channel.read(request) >= 0) {
            return;
        }
        if (descriptors.isHungUp(fd)) {
            end(ControlEvent.CLIENT_GONE);
        } else {
            leaveLoop(); // its end of input would wake the loop all the time; release() watches it again
        }
    }

    @Override
    public void text(CharSequence text) {
        String copy = text.toString();
        reply.add(out -> {
            out.append(copy);
            return false;
        });
    }

    @Override
    public void stream(ChunkedOutput chunks) {
        reply.add(chunks);
    }

    @Override
    public Runnable hold() {
        held = true;
        return this::release;
    }

    @Override
    public void holdToTheEnd() {
        held = true;
        toTheEnd = true;
    }

    /** Whether the client waits for the end of the daemon. */
    boolean waitsForTheEnd() {
        return toTheEnd && state == State.HELD;
    }

    /** Lets go of the event loop, not of the client. */
    void leaveLoop() {
        descriptors.forget(fd);
    }

    @Override
    public void unserved() {
        events.accept(ControlEvent.UNSERVED_REQUEST);
    }

    private void release() {
        held = false;
        if (state == State.HELD) {
            state = State.WRITING;
            deadline = Long.MAX_VALUE; // the first write sets it
            watchForWriting(true); // writable at once: the loop comes back to finish the reply
        }
    }

    private void watchForWriting(boolean writing) {
        if (state != State.CLOSED && watchedForWriting != writing) {
            watchedForWriting = writing;
            descriptors.watch(fd, writing);
        }
    }

    private void end(ControlEvent how) {
        events.accept(how);
        close();
    }

    void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        reply.forEach(ChunkedOutput::close);
        reply.clear();
        leaveLoop();
        ControlServer.closeQuietly(channel);
    }
}
