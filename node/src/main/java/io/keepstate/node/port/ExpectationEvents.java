// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Expectation;

/**
 * What the kernel says about its expectations, in one order with {@link FlowEvents}: the event of a master precedes those
 * of its expectations. Events that this node caused itself do not arrive; lost ones are reported to the flow events.
 */
public interface ExpectationEvents {
    /** A helper waits for a connection. */
    void created(Expectation expectation, long nowNanos);

    /** An expectation changed. */
    void updated(Expectation expectation, long nowNanos);

    /** An expectation was met, ran out or was deleted. */
    void destroyed(Expectation expectation, long nowNanos);
}
