// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Expectation;
import java.util.List;

/**
 * The kernel's expectations: connections that helpers (FTP, SIP, H.323...) wait for. They are few, so everything asked
 * here is done when the call returns, and its answer told from inside it. The kernel tells no zone of an expectation.
 */
public interface ExpectationTable {

    /** Most expectations in one {@link #commit} or {@link #delete}: some hundred microseconds. */
    int BATCH = 64;

    /** Subscribes to events; must precede the first dump. */
    void subscribe(ExpectationEvents events);

    /** Visits all; {@code done} is told why if some are missing. */
    void dump(ExpectationVisitor visitor, Completion done);

    /**
     * Puts expectations into the kernel with translation, class and function; their masters must be in its table, with
     * their helper. One without a timeout gets its helper's; one of the same tuple that is another is replaced.
     */
    void commit(List<Expectation> batch, ExpectationResult result);

    /** Deletes some by their expected tuple; one that is not there counts as deleted. */
    void delete(List<Expectation> batch, Completion done);

    /** Deletes all, of this network namespace. */
    void flush(Completion done);
}
