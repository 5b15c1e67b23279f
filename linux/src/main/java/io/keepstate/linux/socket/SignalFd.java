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
 * Signals as something to read (signalfd(2)), for those a JVM cannot take, such as SIGRTMIN+2.
 *
 * <p>A signal sent to the process arrives here only if <em>every</em> thread blocks it, else some thread dies of it or
 * ignores it: block it in the launcher, before the JVM starts ({@code env --block-signal=...}); a mask is inherited
 * across exec and by new threads. {@link #block} does it for the calling thread.
 *
 * <p>Confined to one thread.
 */
public final class SignalFd implements Pollable, AutoCloseable {
    /** SIGRTMIN as applications see it: the C library keeps 32 and 33 for itself. */
    public static final int SIGRTMIN = 34;

    public static final int SIGRTMAX = 64;

    private static final int SFD_NONBLOCK = 0x800;
    private static final int SFD_CLOEXEC = 0x80000;
    private static final int SIG_BLOCK = 0;
    /** Octets of sigset_t the C library expects; the kernel uses the first 8. */
    private static final int SIGSET_BYTES = 128;
    /** {@code struct signalfd_siginfo}, the signal's number first. */
    private static final int SIGINFO_BYTES = 128;

    private final LibC libc = CLibrary.libc();
    private final OwnedFd fd;
    private final ByteBuf info;

    private SignalFd(OwnedFd fd) {
        this.fd = fd;
        this.info = NativeMemory.allocate(SIGINFO_BYTES);
    }

    /** Opens a descriptor for these signals; it does not block them. */
    public static SignalFd open(int... signals) {
        ByteBuf set = signalSet(signals);
        try {
            int flags = SFD_NONBLOCK | SFD_CLOEXEC;
            int number = CLibrary.check("signalfd", CLibrary.libc().signalfd(-1, set.memoryAddress(), flags));
            return new SignalFd(new OwnedFd(number, "signalfd"));
        } finally {
            set.release();
        }
    }

    /** Blocks signals in the calling thread and in threads and processes it starts from now on. */
    public static void block(int... signals) {
        ByteBuf set = signalSet(signals);
        try {
            int errno = CLibrary.libc().pthread_sigmask(SIG_BLOCK, set.memoryAddress(), 0);
            if (errno != 0) {
                throw new LinuxException("pthread_sigmask", errno);
            }
        } finally {
            set.release();
        }
    }

    private static ByteBuf signalSet(int[] signals) {
        long mask = 0;
        for (int signal : signals) {
            if (signal < 1 || signal > SIGRTMAX) {
                throw new IllegalArgumentException("signal " + signal + " is not within 1..64");
            }
            mask |= 1L << (signal - 1);
        }
        return NativeMemory.allocate(SIGSET_BYTES).setLongLE(0, mask);
    }

    @Override
    public int fd() {
        return fd.number();
    }

    /** The next signal's number, or 0 if none is waiting. */
    public int next() {
        long read = libc.read(fd(), info.memoryAddress(), SIGINFO_BYTES);
        if (read == SIGINFO_BYTES) {
            return info.getIntLE(0);
        }
        int errno = read == -1 ? CLibrary.errno() : Errno.EIO;
        if (errno != Errno.EAGAIN && errno != Errno.EINTR) {
            throw new LinuxException("read(signalfd)", errno);
        }
        return 0;
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            fd.close();
            info.release();
        }
    }
}
