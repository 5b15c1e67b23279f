// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.cache.EntryStatus;
import io.keepstate.cache.ExpectationEntry;
import io.keepstate.flow.Expectation;
import io.keepstate.flow.ExpectationAttribute;
import io.keepstate.flow.Tuple;
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
        Expectation expectation = entry.expectation();
        lines.append("proto=").append(expectation.expected().protocol()).append(' ');
        lines.append(expectation.expected());
        named(lines, "mask-", expectation.mask());
        named(lines, "master-", expectation.master());
        if (expectation.has(ExpectationAttribute.CLASS)) {
            lines.append(" class=").append(expectation.get(ExpectationAttribute.CLASS));
        }
        if (expectation.helper() != null) {
            lines.append(" helper=").append(expectation.helper());
        }
        lines.append(" [active since ").append(entry.activeSeconds(nowNanos)).append("s]\n");
    }

    private static void named(StringBuilder lines, String prefix, Tuple tuple) {
        lines.append(' ')
                .append(tuple.toString().replace("src=", prefix + "src=").replace("dst=", prefix + "dst="));
    }
}
