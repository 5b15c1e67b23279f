// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

/**
 * A file descriptor with one owner, closed once.
 *
 * <p>Use and close it on one thread.
 */
public final class OwnedFd implements AutoCloseable {
    private static final int CLOSED = -1;

    private final String what;
    private int number;

    /**
     * Takes ownership.
     *
     * @param number an open descriptor
     * @param what what it is, for messages
     */
    public OwnedFd(int number, String what) {
        if (number < 0) {
            throw new IllegalArgumentException("not a file descriptor: " + number);
        }
        this.number = number;
        this.what = what;
    }

    /**
     * The descriptor.
     *
     * @throws IllegalStateException after {@link #close()}: the number may already belong to another file
     */
    public int number() {
        if (number == CLOSED) {
            throw new IllegalStateException(what + " is closed");
        }
        return number;
    }

    public boolean isOpen() {
        return number != CLOSED;
    }

    /** Closes it; a second call does nothing. The descriptor is gone whatever close(2) answers, as on all of Linux. */
    @Override
    public void close() {
        if (number != CLOSED) {
            int closing = number;
            number = CLOSED;
            CLibrary.libc().close(closing);
        }
    }

    @Override
    public String toString() {
        return what + (number == CLOSED ? " (closed)" : " (fd " + number + ")");
    }
}
