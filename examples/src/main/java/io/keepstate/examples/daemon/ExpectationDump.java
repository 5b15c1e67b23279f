// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.cache.EntryStatus;
import io.keepstate.cache.ExpectationEntry;
import io.keepstate.flow.text.CacheLine;
import io.keepstate.flow.text.ExpectationLine;
import io.keepstate.flow.text.ExpectationXml;
import io.keepstate.node.sync.SyncedExpectations;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The expectations of a cache as {@code conntrackd -i expect} and {@code -i expect -x} print them. */
final class ExpectationDump {
    private ExpectationDump() {}

    /**
     * All lines at once: expectations are few.
     *
     * @param expiry after which those of the peer are dropped
     */
    static String of(
            SyncedExpectations expectations, Optional<Duration> expiry, boolean internal, boolean xml, long nowNanos) {
        StringBuilder lines = new StringBuilder();
        Optional<Duration> shown = internal ? Optional.empty() : expiry;
        Consumer<ExpectationEntry> visitor = entry -> append(lines, entry, shown, xml, nowNanos);
        if (internal) {
            expectations.forEachInternal(visitor);
        } else {
            expectations.forEachExternal(visitor);
        }
        return lines.toString();
    }

    private static void append(
            StringBuilder lines, ExpectationEntry entry, Optional<Duration> expiry, boolean xml, long nowNanos) {
        if (entry.status() == EntryStatus.DEAD) {
            return; // kept only until the peer was told
        }
        if (xml) {
            ExpectationXml.append(lines, entry.expectation());
        } else {
            ExpectationLine.append(lines, entry.expectation(), false);
            long expires = FlowDump.expiresSeconds(expiry, entry.updatedNanos(), nowNanos);
            CacheLine.appendAges(lines, expires, entry.activeSeconds(nowNanos));
        }
        lines.append('\n');
    }
}
