// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Expectation;

/** Told how a batch of {@link ExpectationTable#commit} went: each refused one, then the end. */
public interface ExpectationResult {
    /**
     * The kernel holds no such expectation now.
     *
     * @param reason a short stable name: {@code no_master}, {@code no_helper} (the kernel, or the master, has none of that
     *     name), or that of an error number, such as {@code EINVAL} for an unknown class or function
     */
    void refused(Expectation expectation, String reason);

    /** The batch ended; every expectation that was not refused is in the kernel. */
    void done(int committed, int refused);
}
