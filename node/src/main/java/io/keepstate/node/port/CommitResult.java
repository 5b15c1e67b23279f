// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Flow;

/** Told how a batch of {@link FlowTable#commit} went: each refused flow, then the end. */
public interface CommitResult {
    /**
     * The kernel holds no such flow now.
     *
     * @param reason a short stable name, such as {@code nat_clash} or {@code EBUSY}
     */
    void refused(Flow flow, String reason);

    /** The batch ended; every flow that was not refused is in the kernel. */
    void done(int committed, int refused);
}
