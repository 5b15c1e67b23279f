// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import org.jspecify.annotations.Nullable;

/** Told once when something asked of a port has ended; on the sync loop, possibly inside the asking call. */
@FunctionalInterface
public interface Completion {

    /** Ignores the end. */
    Completion IGNORED = failure -> {};

    /**
     * The work ended.
     *
     * @param failure null when all went well, else one sentence saying what went wrong
     */
    void done(@Nullable String failure);
}
