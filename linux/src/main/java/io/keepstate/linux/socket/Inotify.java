// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.socket;

import io.keepstate.linux.libc.CLibrary;
import io.keepstate.linux.libc.Errno;
import io.keepstate.linux.libc.LibC;
import io.keepstate.linux.libc.LinuxException;
import io.keepstate.linux.libc.NativeMemory;
import io.keepstate.linux.libc.OwnedFd;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Tells which files of a directory were written, made, deleted or renamed (inotify(7)). Watching the directory and not the
 * file sees also a file that does not exist yet and one that is replaced by rename.
 *
 * <p>A file changed through another name (a link in another directory) is not seen. Confined to one thread.
 */
public final class Inotify implements Pollable, AutoCloseable {
    private static final int IN_NONBLOCK = 0x800;
    private static final int IN_CLOEXEC = 0x80000;

    private static final int IN_CLOSE_WRITE = 0x8;
    private static final int IN_MOVED_FROM = 0x40;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_DELETE = 0x200;
    private static final int IN_DELETE_SELF = 0x400;
    private static final int IN_MOVE_SELF = 0x800;
    private static final int IN_ONLYDIR = 0x1000000;
    private static final int IN_Q_OVERFLOW = 0x4000;
    private static final int IN_IGNORED = 0x8000;

    private static final int INTEREST =
            IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

    /** {@code struct inotify_event}: watch, mask, cookie, length of the name; then the name, padded with NULs. */
    private static final int HEADER_BYTES = 16;

    private static final int MASK = 4;
    private static final int NAME_LENGTH = 12;
    private static final int BUFFER_BYTES = 16 * 1024;
    /** Reads of one call, of up to 1024 changes each. */
    private static final int BUDGET = 8;

    /** Told of each change. */
    public interface Handler {
        /** This file of a watched directory was written and closed, appeared or disappeared. */
        void onFile(int watch, String name);

        /** The directory itself is gone, and with it the watch. */
        void onDirectoryGone(int watch);

        /** More happened than the kernel would queue: anything may have changed. */
        void onOverflow();
    }

    private final LibC libc = CLibrary.libc();
    private final OwnedFd fd;
    private final ByteBuf buffer = NativeMemory.allocate(BUFFER_BYTES);

    private Inotify(OwnedFd fd) {
        this.fd = fd;
    }

    /** Opens one that watches nothing. */
    public static Inotify open() {
        int number = CLibrary.check("inotify_init1", CLibrary.libc().inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
        return new Inotify(new OwnedFd(number, "inotify"));
    }

    @Override
    public int fd() {
        return fd.number();
    }

    /**
     * Watches a directory; the same one twice is one watch.
     *
     * @return the number of the watch, or a negative error number: {@code -ENOENT} if there is no such directory,
     *     {@code -ENOSPC} if the user has no watches left (fs.inotify.max_user_watches)
     */
    public int watch(String directory) {
        ByteBuf path = NativeMemory.cString(directory);
        try {
            int watch = libc.inotify_add_watch(fd.number(), path.memoryAddress(), INTEREST);
            return watch == -1 ? -CLibrary.errno() : watch;
        } finally {
            path.release();
        }
    }

    /**
     * Hands over what is queued, some thousand changes at most: a file that is written without end must not keep the
     * caller. What is left keeps the descriptor readable.
     *
     * @return how many changes
     */
    public int receive(Handler handler) {
        int count = 0;
        for (int reads = 0; reads < BUDGET; reads++) {
            long read = libc.read(fd.number(), buffer.memoryAddress(), BUFFER_BYTES);
            if (read == -1) {
                int errno = CLibrary.errno();
                if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
                    return count;
                }
                throw new LinuxException("read(inotify)", errno);
            }
            count += dispatch((int) read, handler);
        }
        return count;
    }

    private int dispatch(int length, Handler handler) {
        int count = 0;
        for (int at = 0; at + HEADER_BYTES <= length; count++) {
            int watch = buffer.getIntLE(at);
            int mask = buffer.getIntLE(at + MASK);
            int nameLength = buffer.getIntLE(at + NAME_LENGTH);
            if ((mask & IN_Q_OVERFLOW) != 0) {
                handler.onOverflow();
            } else if ((mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0) {
                handler.onDirectoryGone(watch);
            } else {
                handler.onFile(watch, name(at + HEADER_BYTES, nameLength));
            }
            at += HEADER_BYTES + nameLength;
        }
        return count;
    }

    private String name(int at, int paddedLength) {
        int length = buffer.bytesBefore(at, paddedLength, (byte) 0);
        return buffer.toString(at, length < 0 ? paddedLength : length, StandardCharsets.UTF_8);
    }

    /** Stops a watch, for instance of a directory that was renamed; a watch that is gone is no error. */
    public void forget(int watch) {
        int unused = libc.inotify_rm_watch(fd.number(), watch);
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            fd.close();
            buffer.release();
        }
    }
}
