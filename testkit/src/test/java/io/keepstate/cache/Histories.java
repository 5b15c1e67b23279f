// SPDX-License-Identifier: Apache-2.0
package io.keepstate.cache;

import io.keepstate.flow.Attribute;
import io.keepstate.flow.Flow;
import io.keepstate.flow.Tuple;
import io.keepstate.testkit.arbitraries.TupleArbitraries;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What the histories of both caches have in common: their keys, and what a cache keeps of a flow. */
final class Histories {
    /** Few keys, so that histories meet them again and again; of several protocols and both families. */
    static final List<Tuple> KEYS = IntStream.range(0, 10)
            .mapToObj(i ->
                    TupleArbitraries.tuples().generator(10).next(new Random(i)).value())
            .toList();

    private Histories() {}

    /** All but what describes a moment of one machine. */
    static Flow kept(Flow flow) {
        return flow.toBuilder()
                .originalCounters(null)
                .replyCounters(null)
                .securityContext(null)
                .clear(Attribute.USE)
                .clear(Attribute.TIMESTAMP_START)
                .clear(Attribute.TIMESTAMP_STOP)
                .clear(Attribute.TIMESTAMP_EVENT)
                .build();
    }
}
