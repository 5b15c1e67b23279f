// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationKey;
import io.keepstate.node.port.Completion;
import io.keepstate.node.port.ExpectationEvents;
import io.keepstate.node.port.ExpectationResult;
import io.keepstate.node.port.ExpectationTable;
import io.keepstate.node.port.ExpectationVisitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A kernel's expectations in memory. */
public final class FakeExpectationTable implements ExpectationTable {
    /** What is in the kernel. */
    public final Map<ExpectationKey, Expectation> all = new LinkedHashMap<>();

    private @Nullable ExpectationEvents events;

    /** A helper waits for a connection. */
    public void appears(Expectation expectation, long nowNanos) {
        all.put(expectation.key(), expectation);
        if (events != null) {
            events.created(expectation, nowNanos);
        }
    }

    /** The connection came. */
    public void ends(Expectation expectation, long nowNanos) {
        all.remove(expectation.key());
        if (events != null) {
            events.destroyed(expectation, nowNanos);
        }
    }

    @Override
    public void subscribe(ExpectationEvents sink) {
        events = sink;
    }

    @Override
    public void dump(ExpectationVisitor visitor, Completion done) {
        List.copyOf(all.values()).forEach(visitor::visit);
        done.done(null);
    }

    @Override
    public void commit(List<Expectation> batch, ExpectationResult result) {
        batch.forEach(expectation -> all.put(expectation.key(), expectation));
        result.done(batch.size(), 0);
    }

    @Override
    public void delete(List<Expectation> batch, Completion done) {
        batch.forEach(expectation -> all.remove(expectation.key()));
        done.done(null);
    }

    @Override
    public void flush(Completion done) {
        all.clear();
        done.done(null);
    }
}
