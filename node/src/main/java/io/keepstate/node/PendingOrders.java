// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node;

import io.keepstate.node.port.Completion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Orders to the elections that are not answered yet, by number. */
final class PendingOrders {
    private static final int LIMIT = 64;

    private final Map<Long, Completion> waiting = new HashMap<>();
    private long last;

    boolean isFull() {
        return waiting.size() >= LIMIT;
    }

    /** Numbers an order, whose answer {@code done} waits for from now. */
    ToVrrp.Ordered register(VrrpOrder order, Completion done) {
        waiting.put(++last, done);
        return new ToVrrp.Ordered(last, order);
    }

    void answer(ToSync.Answer answer) {
        Completion done = waiting.remove(answer.number());
        if (done != null) {
            done.done(answer.failure());
        }
    }

    /** Nobody will answer any more. */
    void refuseAll(String reason) {
        List<Completion> refused = List.copyOf(waiting.values());
        waiting.clear();
        refused.forEach(done -> done.done(reason));
    }
}
