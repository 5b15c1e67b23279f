// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LibC;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.libc.OwnedFd;
import io.keepstate.linux.libc.Platform;
import io.netty.buffer.ByteBuf;

/** An epoll instance (epoll(7)) and the memory its events are written to. */
final class Epoll implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int MODIFY = 3;
    private static final int MAX_EVENTS = 64;

    private final LibC libc = CLibrary.libc();
    private final OwnedFd fd;
    private final ByteBuf events;
    private final ByteBuf request;

    Epoll() {
        fd = new OwnedFd(CLibrary.check("epoll_create1", libc.epoll_create1(EPOLL_CLOEXEC)), "epoll");
        events = NativeMemory.allocate(MAX_EVENTS * Platform.EPOLL_EVENT_BYTES);
        request = NativeMemory.allocate(Platform.EPOLL_EVENT_BYTES);
    }

    void add(int target, int interest, long data) {
        control(ADD, target, interest, data);
    }

    void modify(int target, int interest, long data) {
        control(MODIFY, target, interest, data);
    }

    /** Removes a descriptor; one that is closed has already left. */
    void remove(int target) {
        if (libc.epoll_ctl(fd.number(), DELETE, target, request.memoryAddress()) == -1) {
            int errno = CLibrary.errno();
            if (errno != Errno.ENOENT && errno != Errno.EBADF) {
                throw new LinuxException("epoll_ctl(EPOLL_CTL_DEL)", errno, "fd " + target);
            }
        }
    }

    private void control(int operation, int target, int interest, long data) {
        request.setIntLE(0, interest);
        request.setLongLE(Platform.EPOLL_EVENT_DATA, data);
        int result = libc.epoll_ctl(fd.number(), operation, target, request.memoryAddress());
        CLibrary.check("epoll_ctl", result, "fd " + target);
    }

    /** Waits for events; answers how many came, 0 after the time or an interruption. */
    int await(int timeoutMillis) {
        int count = libc.epoll_wait(fd.number(), events.memoryAddress(), MAX_EVENTS, timeoutMillis);
        if (count >= 0) {
            return count;
        }
        int errno = CLibrary.errno();
        if (errno == Errno.EINTR) {
            return 0;
        }
        throw new LinuxException("epoll_wait", errno);
    }

    int readiness(int event) {
        return events.getIntLE(event * Platform.EPOLL_EVENT_BYTES);
    }

    long data(int event) {
        return events.getLongLE(event * Platform.EPOLL_EVENT_BYTES + Platform.EPOLL_EVENT_DATA);
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            fd.close();
            events.release();
            request.release();
        }
    }
}
