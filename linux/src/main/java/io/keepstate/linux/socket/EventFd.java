// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LibC;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.libc.OwnedFd;
import io.netty.buffer.ByteBuf;

/**
 * A counter one thread raises and another waits for with epoll (eventfd(2)).
 *
 * <p>{@link #signal} may be called from any thread, also after {@link #close}; the rest belongs to the waiting thread.
 */
public final class EventFd implements Pollable, AutoCloseable {
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;

    private final LibC libc = CLibrary.libc();
    private final OwnedFd fd;
    private final ByteBuf one;
    private final ByteBuf count;

    private EventFd(OwnedFd fd) {
        this.fd = fd;
        this.one = NativeMemory.allocate(Long.BYTES).setLongLE(0, 1);
        this.count = NativeMemory.allocate(Long.BYTES);
    }

    public static EventFd open() {
        int number = CLibrary.check("eventfd", CLibrary.libc().eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
        return new EventFd(new OwnedFd(number, "eventfd"));
    }

    @Override
    public int fd() {
        return fd.number();
    }

    /** Makes the descriptor readable. A full counter (2^64 - 2) is readable already, so EAGAIN is success. */
    public void signal() {
        // The lock keeps close() from handing the number to another file between the check and the write.
        synchronized (fd) {
            if (fd.isOpen() && libc.write(fd.number(), one.memoryAddress(), Long.BYTES) == -1) {
                int errno = CLibrary.errno();
                if (errno != Errno.EAGAIN && errno != Errno.EINTR) {
                    throw new LinuxException("write(eventfd)", errno);
                }
            }
        }
    }

    /** Resets the counter and answers how many signals it held, 0 if none. */
    public long drain() {
        if (libc.read(fd(), count.memoryAddress(), Long.BYTES) == Long.BYTES) {
            return count.getLongLE(0);
        }
        return 0;
    }

    @Override
    public void close() {
        synchronized (fd) {
            if (fd.isOpen()) {
                fd.close();
                one.release();
                count.release();
            }
        }
    }
}
