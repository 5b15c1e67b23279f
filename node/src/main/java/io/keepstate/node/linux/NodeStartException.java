// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.linux;

/** A node could not start; the message is one sentence that says what is wrong and how to fix it. Nothing is left behind. */
public final class NodeStartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what is wrong and how to fix it. */
    public NodeStartException(String message) {
        super(message);
    }

    /** With what is wrong and how to fix it, and what said so. */
    public NodeStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
