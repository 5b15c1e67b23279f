// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;

/** What a cache keeps of a flow: all but what describes a moment of one machine. */
final class KeptPart {
    private KeptPart() {}

    static Flow of(Flow flow) {
        return flow.toBuilder()
                .originalCounters(null)
                .replyCounters(null)
                .securityContext(null)
                .clear(Attribute.USE)
                .clear(Attribute.TIMESTAMP_START)
                .clear(Attribute.TIMESTAMP_STOP)
                .build();
    }
}
