// SPDX-License-Identifier: Apache-2.0
package io.keepstate.conntrack;

import io.keepstate.conntrack.codec.ConntrackEncoder;
import io.keepstate.conntrack.codec.DumpFilter;
import io.keepstate.conntrack.codec.ExactEncoder;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Status;
import io.keepstate.flow.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Orders to the kernel's table, one at a time and exactly as given, each answered with the kernel's error number
 * ({@link io.keepstate.linux.libc.Errno}); 0 means done. For programs that do what a person says, such as conntrack(8).
 *
 * <p>Obtained from {@link Conntrack#orders}; one thread.
 */
public final class TableOrders {
    private final SingleRequests requests;
    private final ConntrackEncoder encoder;

    TableOrders(SingleRequests requests, ConntrackEncoder encoder) {
        this.requests = requests;
        this.encoder = encoder;
    }

    /**
     * Creates a flow with everything it has: status bits (CONFIRMED is added, the kernel takes none without), helper,
     * labels, NAT targets, the reply tuple. Without a reply tuple it gets the mirrored one, which NAT targets need.
     *
     * @return 0; EEXIST if one of its tuples is taken; EOPNOTSUPP for a helper this kernel does not know; ENOENT
     *     without its master; EINVAL...
     */
    public int create(Flow flow, long timeoutSeconds) {
        Tuple reply = flow.reply();
        Flow whole = flow.toBuilder()
                .reply(reply == null ? flow.original().inverted() : reply)
                .status(flow.status() | Status.CONFIRMED)
                .timeoutSeconds(timeoutSeconds)
                .build();
        return requests.ask((out, sequence) -> ExactEncoder.create(out, sequence, true, whole));
    }

    /**
     * Changes what the flow carries: of timeout, status, mark, protocol state, helper, labels.
     *
     * @param labelMask which label bits to change, null for all
     * @return 0; ENOENT if there is no such flow; EBUSY if a status bit is missing that the entry has; ENOSPC if this
     *     kernel has no room for labels
     */
    public int change(Flow flow, int @Nullable [] labelMask) {
        return requests.ask((out, sequence) -> ExactEncoder.update(out, sequence, true, flow, labelMask));
    }

    /**
     * Deletes one flow by original tuple and zone; one that carries an id only if the entry is still that very one.
     *
     * @return 0, or ENOENT
     */
    public int delete(Flow flow) {
        return requests.ask((out, sequence) -> encoder.delete(out, sequence, true, flow));
    }

    /** Deletes all flows that pass the filter, in the kernel; 0 also if there were none. */
    public int flush(DumpFilter filter) {
        return requests.ask((out, sequence) -> encoder.flush(out, sequence, filter));
    }

    /** The flow with this reply tuple; empty on any error. */
    public Optional<Flow> getByReply(Tuple reply, int zone) {
        requests.ask((out, sequence) -> encoder.getByReply(out, sequence, true, reply, zone));
        return Optional.ofNullable(requests.flow());
    }
}
