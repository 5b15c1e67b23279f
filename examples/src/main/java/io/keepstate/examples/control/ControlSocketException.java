// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.control;

/** The control socket or the lock file cannot be had; the message is a sentence for the operator. */
public final class ControlSocketException extends Exception {
    private static final long serialVersionUID = 1L;

    ControlSocketException(String message) {
        super(message);
    }
}
