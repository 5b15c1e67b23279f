// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import io.keepstate.linux.libc.Errno;

/** Ends a command: the message for the error stream, and the exit code of conntrack(8). */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The command line is wrong. */
    static final int PARAMETER = 2;
    /** Anything else. */
    static final int OTHER = 1;

    private final int exitCode;

    Refusal(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    static Refusal parameter(String message) {
        return new Refusal(PARAMETER, message);
    }

    /** What the kernel's error number means to whoever typed the command. */
    static Refusal kernel(Verb verb, int errno) {
        return new Refusal(OTHER, "Operation failed: " + reason(verb, errno));
    }

    static String reason(Verb verb, int errno) {
        return switch (errno) {
            case Errno.EPERM -> "sorry, you must be root or get CAP_NET_ADMIN capability to do this";
            case Errno.EINVAL -> verb == Verb.ADD ? "Invalid argument" : "invalid parameters";
            case Errno.ENOENT -> noEntry(verb);
            case Errno.EEXIST -> verb == Verb.CREATE ? "Such conntrack exists, try -U to update" : "File exists";
            case Errno.EOPNOTSUPP -> "Operation not supported";
            case Errno.ENOSPC -> "No space left on device";
            case Errno.EBUSY -> "Device or resource busy";
            case Errno.ERANGE -> "Numerical result out of range";
            case Errno.ENOMEM -> "Cannot allocate memory";
            case Errno.ENOBUFS -> "No buffer space available";
            default -> Errno.describe(errno);
        };
    }

    private static String noEntry(Verb verb) {
        return switch (verb) {
            case GET -> "such conntrack doesn't exist";
            case UPDATE -> "conntrack has expired";
            case CREATE_EXPECTATION -> "master conntrack not found";
            default -> "No such file or directory";
        };
    }

    int exitCode() {
        return exitCode;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
