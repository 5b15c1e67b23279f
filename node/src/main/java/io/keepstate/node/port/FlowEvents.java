// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.port;

import io.keepstate.flow.Flow;

/**
 * What the kernel says about its connection table, while it says it. Events that this node caused itself (commit, flush)
 * do not arrive: they are dropped in the kernel by the port id of the socket that asked.
 */
public interface FlowEvents {
    /** A flow was made. */
    void created(Flow flow, long nowNanos);

    /** A flow changed; carries at least the original tuple, the zone and what changed. */
    void updated(Flow flow, long nowNanos);

    /** A flow ended; carries the tuples and the zone, not necessarily more. */
    void destroyed(Flow flow, long nowNanos);

    /** Events were lost: the socket's buffer ran over. Only a dump tells the truth now. */
    void overrun(long nowNanos);
}
