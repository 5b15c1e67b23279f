// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

/** This process cannot use connection tracking here; the message says why and how to fix it. */
public final class ConntrackUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean denied;

    ConntrackUnavailableException(String message) {
        this(message, false);
    }

    ConntrackUnavailableException(String message, boolean denied) {
        super(message);
        this.denied = denied;
    }

    /** Whether it is there and only the right is missing (EPERM). */
    public boolean isDenied() {
        return denied;
    }
}
