// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.libc.OwnedFd;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;

/**
 * The writing end of a named pipe (fifo(7)), kept open whether anybody reads or not. Opened for reading as well, so that
 * it has no end of file and no SIGPIPE; never waits.
 *
 * <p>Confined to one thread.
 */
public final class NamedPipe implements AutoCloseable {
    /** Octets written at once, or not at all (PIPE_BUF, pipe(7)). */
    public static final int ATOMIC_OCTETS = 4096;

    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NOFOLLOW = 0x20000;

    private final OwnedFd fd;
    private final ByteBuf line;

    private NamedPipe(OwnedFd fd) {
        this.fd = fd;
        this.line = NativeMemory.allocate(ATOMIC_OCTETS);
    }

    /**
     * Makes the pipe.
     *
     * @param mode permissions, less those of the umask
     * @return false if there is a file of that name already
     */
    public static boolean make(Path path, int mode) {
        ByteBuf name = NativeMemory.cString(path.toString());
        try {
            if (CLibrary.libc().mkfifo(name.memoryAddress(), mode) == 0) {
                return true;
            }
            int errno = CLibrary.errno();
            if (errno == Errno.EEXIST) {
                return false;
            }
            throw new LinuxException("mkfifo(" + path + ")", errno);
        } finally {
            name.release();
        }
    }

    /** Opens a pipe that is there; not through a symbolic link. */
    public static NamedPipe open(Path path) {
        ByteBuf name = NativeMemory.cString(path.toString());
        try {
            int flags = O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW;
            int number = CLibrary.check("open(" + path + ")", CLibrary.libc().open(name.memoryAddress(), flags, 0));
            return new NamedPipe(new OwnedFd(number, path.toString()));
        } finally {
            name.release();
        }
    }

    /**
     * Writes all octets, or none.
     *
     * @param octets at most {@link #ATOMIC_OCTETS}
     * @return false if the pipe is full, since nobody reads
     */
    public boolean write(byte[] octets) {
        line.setBytes(0, octets);
        long written = CLibrary.libc().write(fd.number(), line.memoryAddress(), octets.length);
        if (written == octets.length) {
            return true;
        }
        int errno = written == -1 ? CLibrary.errno() : Errno.EIO;
        if (errno == Errno.EAGAIN) {
            return false;
        }
        throw new LinuxException("write(" + fd + ")", errno);
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            fd.close();
            line.release();
        }
    }
}
