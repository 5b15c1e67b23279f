// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.libc;

/**
 * A system call failed for a reason its caller did not expect.
 *
 * <p>Prints as {@code bind: EADDRINUSE (Address already in use): 10.0.0.1:3780}. {@code EAGAIN}, {@code EINTR} and
 * {@code ENOBUFS} are return values of the calls that can meet them, never exceptions.
 */
public final class LinuxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    public LinuxException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /**
     * A failure with its subject.
     *
     * @param detail what the call was about and, where known, how to fix it
     */
    public LinuxException(String call, int errno, String detail) {
        super(call + ": " + Errno.describe(errno) + ": " + detail);
        this.call = call;
        this.errno = errno;
    }

    /** The name of the call, such as {@code bind}. */
    public String call() {
        return call;
    }

    /** The error number, comparable with the constants of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
