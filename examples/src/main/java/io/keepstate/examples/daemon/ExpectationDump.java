// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.cache.EntryStatus;
import io.keepstate.cache.ExpectationEntry;
import io.keepstate.flow.text.ExpectationLine;
import io.keepstate.node.sync.SyncedExpectations;

/** The expectations of a cache as {@code conntrackd -i expect} prints them. */
final class ExpectationDump {
    private ExpectationDump() {}

    /** All lines at once: expectations are few. */
    static String of(SyncedExpectations expectations, boolean internal, long nowNanos) {
        StringBuilder lines = new StringBuilder();
        if (internal) {
            expectations.forEachInternal(entry -> append(lines, entry, nowNanos));
        } else {
            expectations.forEachExternal(entry -> append(lines, entry, nowNanos));
        }
        return lines.toString();
    }

    private static void append(StringBuilder lines, ExpectationEntry entry, long nowNanos) {
        if (entry.status() == EntryStatus.DEAD) {
            return; // kept only until the peer was told
        }
        ExpectationLine.append(lines, entry.expectation(), false);
        lines.append(" [active since ").append(entry.activeSeconds(nowNanos)).append("s]\n");
    }
}
