// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import io.keepstate.linux.libc.LinuxException;
import java.util.function.LongSupplier;

/** One registered descriptor: who handles it, what is waited for, and until when it rests. */
final class Watch implements Registration {
    /** {@link #resumeNanos} of a descriptor that does not rest. */
    static final long AWAKE = Long.MAX_VALUE;

    private final EventLoop loop;
    private final int fd;
    private final long data;
    private final LongSupplier pauseNanos;
    private final ReadyHandler handler;
    private final Part part;
    private int interest;
    private long resumeNanos = AWAKE;
    private boolean closed;

    Watch(EventLoop loop, int fd, long data, int interest, LongSupplier pauseNanos, ReadyHandler handler, Part part) {
        this.loop = loop;
        this.fd = fd;
        this.data = data;
        this.interest = interest;
        this.pauseNanos = pauseNanos;
        this.handler = handler;
        this.part = part;
    }

    /** Calls the handler; afterwards a paced descriptor that had work, or one whose handler failed, rests. */
    void ready(int readiness, long nowNanos) {
        long pause;
        try {
            int done = handler.onReady(readiness, nowNanos);
            part.succeeded();
            pause = done > 0 ? pauseNanos.getAsLong() : 0;
        } catch (RuntimeException | Error e) {
            part.failed(e, nowNanos);
            pause = EventLoop.FAILURE_PAUSE_NANOS;
        }
        if (closed) {
            return;
        }
        try {
            if (pause > 0) {
                rest(nowNanos + pause);
            } else if (isResting()) {
                resumeNanos = AWAKE;
                loop.epoll().modify(fd, interest, data);
            }
        } catch (LinuxException gone) {
            // The descriptor was closed without being taken out of the loop: that must not end the others' loop.
            part.failed(gone, nowNanos);
            close();
        }
    }

    private void rest(long untilNanos) {
        if (!isResting()) {
            loop.epoll().modify(fd, 0, data);
        }
        resumeNanos = untilNanos;
    }

    boolean isResting() {
        return resumeNanos != AWAKE;
    }

    boolean isDue(long nowNanos) {
        return isResting() && resumeNanos - nowNanos <= 0;
    }

    long resumeNanos() {
        return resumeNanos;
    }

    int fd() {
        return fd;
    }

    long data() {
        return data;
    }

    int interest() {
        return interest;
    }

    Part part() {
        return part;
    }

    @Override
    public void interest(int readiness) {
        if (closed) {
            throw new IllegalStateException(part.name() + " is no longer registered");
        }
        if (interest != readiness) {
            interest = readiness;
            if (!isResting()) {
                loop.epoll().modify(fd, readiness, data);
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            loop.remove(this);
        }
    }
}
