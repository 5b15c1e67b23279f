// SPDX-License-Identifier: Apache-2.0
package io.keepstate.ftfw.channel;

import org.jspecify.annotations.Nullable;

/** A link could not be opened; the message is one sentence that says what is wrong, where, and how to fix it. */
public final class ChannelOpenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChannelOpenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
