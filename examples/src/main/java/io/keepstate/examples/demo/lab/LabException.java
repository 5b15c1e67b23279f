// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo.lab;

/** The lab cannot be built or steered. The message is one sentence for the user: what failed, and what to do. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
