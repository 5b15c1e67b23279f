// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.ftfw.FtfwStats;
import io.keepstate.node.stats.BypassSnapshot;
import io.keepstate.node.stats.EventSocketSnapshot;
import io.keepstate.node.stats.KernelWritesSnapshot;
import io.keepstate.node.stats.NodeStats;
import io.keepstate.node.stats.SyncStats;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code conntrackd -s limits} prints: what conntrackd does not count, in blocks of a name and a number a line.
 * A block of its own, so that whoever parses conntrackd's own blocks finds them as they were. Pure.
 */
final class LimitsText {
    private final StringBuilder text = new StringBuilder();

    private LimitsText() {}

    /** The text, for a node that synchronises. */
    static String of(NodeStats stats, SyncStats sync, boolean tellsLifetimes) {
        LimitsText limits = new LimitsText();
        limits.block("flows not at the peer", sync.unprotected());
        limits.block("flows at the peer without an attribute", sync.incomplete());
        sync.bypass().ifPresent(limits::bypass);
        sync.expectations().ifPresent(some -> {
            limits.block("expectations not at the peer", some.unprotected());
            limits.block("expectations the kernel refused", some.refusals());
            limits.expectationEvents(some.events());
        });
        limits.block("flows the kernel refused", sync.refusals());
        limits.block("messages of the peer", sync.applied());
        limits.block("messages of the peer refused", byName(sync.refusedPayloads()));
        limits.session(sync, tellsLifetimes);
        stats.events().ifPresent(events -> limits.events(events, sync));
        stats.writes().ifPresent(limits::writes);
        limits.title("node");
        limits.line("sender_turns", sync.senderTurns());
        limits.line("loop_queue_full", stats.queueFull());
        limits.line("holdings_refused", stats.holdingsRefused());
        limits.line("link_switches", stats.links().switches());
        limits.line("no_link", stats.links().timesNoneAvailable());
        return limits.text.append('\n').toString();
    }

    private void bypass(BypassSnapshot bypass) {
        title("events not sent");
        line("withheld", bypass.withheld());
        line("session_full", bypass.refused());
        text.append('\n');
    }

    private void expectationEvents(SyncStats.ExpectationEvents events) {
        title("events of expectations");
        line("filtered", events.filtered());
        line("masters_read", events.mastersRead());
        line("masters_not_read", events.mastersNotRead());
        text.append('\n');
    }

    private void session(SyncStats sync, boolean tellsLifetimes) {
        FtfwStats session = sync.session();
        title("session");
        line("gaps_unserved", session.gapsUnserved());
        line("peer_restarts", session.peerRestarts());
        line("queue_full", session.refused());
        line("ends_not_told", sync.deletedGivenUp());
        line("resend_queue_full", session.resendOverflow());
        line("controls_dropped", session.controlOverflow());
        line("send_deferred", session.sendDeferred());
        line("oversized", session.oversized());
        // 0: a conntrackd with DisableExternalCache On refuses every flow (EINVAL).
        line("lifetimes_told", tellsLifetimes ? 1 : 0);
        text.append('\n');
    }

    private void events(EventSocketSnapshot events, SyncStats sync) {
        title("kernel events");
        line("overruns", events.overruns());
        line("buffer_doubled", events.growths());
        line("buffer_size", events.bufferSize());
        line("unreadable", events.unknown());
        line("filtered_in_kernel", events.filteredInKernel() ? 1 : 0);
        line("found_by_a_dump_only", sync.kernel().differences());
        line("forgotten_during_a_dump", sync.kernel().eventsForgotten());
        line("dumps_failed", sync.kernel().dumpFailures());
        line("swept_external", sync.kernel().sweptExternal());
        line("expired_external", sync.expired());
        text.append('\n');
    }

    private void writes(KernelWritesSnapshot writes) {
        title("flows the kernel took in part");
        line("without_helper", writes.withoutHelper());
        line("without_labels", writes.withoutLabels());
        line("batches_checked_again", writes.lostBatches());
        text.append('\n');
    }

    private void block(String title, Map<String, Long> counts) {
        title(title);
        new TreeMap<>(counts).forEach(this::line);
        text.append('\n');
    }

    private void title(String title) {
        text.append(title).append(":\n");
    }

    private void line(String name, long count) {
        text.append(String.format(Locale.ROOT, "\t%-32s%12d\n", name, count));
    }

    private static Map<String, Long> byName(Map<MalformedPayload, Long> counts) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((reason, count) -> named.put(reason.name().toLowerCase(Locale.ROOT), count));
        return named;
    }
}
