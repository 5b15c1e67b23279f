// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.cache.EntryStatus;
import io.keepstate.cache.ExpectationEntry;
import io.keepstate.flow.text.ExpectationLine;
import io.keepstate.flow.text.ExpectationXml;
import io.keepstate.node.sync.SyncedExpectations;
import java.util.function.Consumer;

/** The expectations of a cache as {@code conntrackd -i expect} and {@code -i expect -x} print them. */
final class ExpectationDump {
    private ExpectationDump() {}

    /** All lines at once: expectations are few. */
    static String of(SyncedExpectations expectations, boolean internal, boolean xml, long nowNanos) {
        StringBuilder lines = new StringBuilder();
        Consumer<ExpectationEntry> visitor = entry -> append(lines, entry, xml, nowNanos);
        if (internal) {
            expectations.forEachInternal(visitor);
        } else {
            expectations.forEachExternal(visitor);
        }
        return lines.toString();
    }

    private static void append(StringBuilder lines, ExpectationEntry entry, boolean xml, long nowNanos) {
        if (entry.status() == EntryStatus.DEAD) {
            return; // kept only until the peer was told
        }
        if (xml) {
            ExpectationXml.append(lines, entry.expectation());
        } else {
            ExpectationLine.append(lines, entry.expectation(), false);
            lines.append(" [active since ")
                    .append(entry.activeSeconds(nowNanos))
                    .append("s]");
        }
        lines.append('\n');
    }
}
