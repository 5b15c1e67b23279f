// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

/** This process cannot use connection tracking here; the message says why and how to fix it. */
public final class ConntrackUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConntrackUnavailableException(String message) {
        super(message);
    }
}
