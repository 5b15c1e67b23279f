// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

/** Who caused an event. */
public enum Origin {
    /** A packet or a timer. */
    KERNEL,
    /** Our own {@link CommitPipeline}. */
    COMMIT,
    /** Our own single request: create, update, delete, flush. */
    COMMAND,
    /** Another process. */
    OTHER
}
