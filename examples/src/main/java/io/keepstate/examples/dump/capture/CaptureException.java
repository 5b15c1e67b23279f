// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.dump.capture;

/** A capture that cannot be read, or not any further. The message is a sentence for the user: what, where, what to do. */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a sentence for the user. */
    public CaptureException(String message) {
        super(message);
    }
}
