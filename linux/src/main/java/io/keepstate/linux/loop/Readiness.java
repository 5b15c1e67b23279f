// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.loop;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.NativeMemory;
import io.netty.buffer.ByteBuf;

/** What a descriptor is ready for: the bits of epoll_ctl(2). */
public final class Readiness {
    public static final int READ = 0x001;
    public static final int WRITE = 0x004;
    /** Always reported. */
    public static final int ERROR = 0x008;
    /** Always reported: the other side is gone. */
    public static final int HANGUP = 0x010;

    private static final int POLLFD_OCTETS = 8;

    private Readiness() {}

    /**
     * Whether the other side of a stream is gone altogether, asked without waiting: one that has only ended its output still
     * reads (poll(2), unix(7)).
     */
    public static boolean isHungUp(int fd) {
        ByteBuf pollfd = NativeMemory.allocate(POLLFD_OCTETS);
        try {
            // struct pollfd: fd, events, revents; POLLHUP needs no asking, and has the bit of EPOLLHUP.
            pollfd.setIntLE(0, fd).setShortLE(Integer.BYTES, 0).setShortLE(Integer.BYTES + Short.BYTES, 0);
            return CLibrary.libc().poll(pollfd.memoryAddress(), 1, 0) > 0
                    && (pollfd.getShortLE(Integer.BYTES + Short.BYTES) & HANGUP) != 0;
        } finally {
            pollfd.release();
        }
    }
}
