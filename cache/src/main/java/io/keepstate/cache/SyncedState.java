// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.FlowBuilder;
import java.util.List;

/** What of a flow is worth telling a peer, as against what changes with every packet and every second. */
final class SyncedState {
    private static final List<Attribute> PASSING = List.of(
            Attribute.TIMEOUT, Attribute.ID, Attribute.USE, Attribute.TIMESTAMP_START, Attribute.TIMESTAMP_STOP);

    private SyncedState() {}

    /** Whether two descriptions of one flow say the same to a peer. */
    static boolean isSame(Flow one, Flow other) {
        return of(one).equals(of(other));
    }

    private static Flow of(Flow flow) {
        FlowBuilder builder =
                flow.toBuilder().originalCounters(null).replyCounters(null).securityContext(null);
        PASSING.forEach(builder::clear);
        if (flow.mark() == 0) {
            // Events of packets leave out a mark of 0, dumps show it.
            builder.clear(Attribute.MARK);
        }
        return builder.build();
    }
}
