// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

import io.keepstate.examples.demo.Change.Failover;
import io.keepstate.examples.demo.Change.OwnFlows;
import io.keepstate.examples.demo.traffic.Pulse;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The result of a run, for people and for programs. Pure. */
final class Report {
    private final List<Change> changes;

    Report(List<Change> changes) {
        this.changes = List.copyOf(changes);
    }

    /** Whether all sessions came through all changes of role. */
    boolean flawless() {
        return !changes.isEmpty()
                && changes.stream().allMatch(change -> change.judgement().flawless());
    }

    /** {@code --json}: the worst judgement of the run, the longest stall, the first power loss. */
    String json() {
        Failover failover = failover();
        return String.format(
                Locale.ROOT,
                "{\"sessions\":{\"total\":%d,\"alive\":%d,\"reset\":%d},\"longest_stall_ms\":%d,"
                        + "\"failover\":{\"detected_ms\":%s,\"committed_ms\":%s,\"addresses_ms\":%s},"
                        + "\"flows_committed\":%d%s}%n",
                total(),
                alive(),
                resets(),
                longestStall(),
                number(failover.detected()),
                number(failover.committed()),
                number(failover.addresses()),
                failover.flows(),
                ownFlowsJson());
    }

    /** Only where two nodes were active, and somebody looked: nobody expects it elsewhere. */
    private String ownFlowsJson() {
        List<OwnFlows> seen =
                changes.stream().flatMap(change -> change.ownFlows().stream()).toList();
        return seen.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        ",\"own_flows\":{\"watched\":%d,\"lost\":%d}",
                        seen.stream().mapToInt(OwnFlows::before).min().orElse(0),
                        seen.stream().mapToInt(OwnFlows::lost).max().orElse(0));
    }

    /** For people. */
    String text(Pulse udp, Pulse icmp) {
        StringBuilder text = new StringBuilder();
        text.append(String.format("%n  %-30s %8s %6s %10s%n", "change of role", "alive", "reset", "stall"));
        for (Change change : changes) {
            Judgement judgement = change.judgement();
            text.append(String.format(
                    Locale.ROOT,
                    "  %-30s %4d/%-4d %5d %8.1f s%n",
                    change.title(),
                    judgement.alive(),
                    judgement.total(),
                    judgement.reset(),
                    judgement.longestStallMillis() / 1000.0));
            judgement
                    .reasons()
                    .forEach((reason, count) -> text.append("      ")
                            .append(count)
                            .append(": ")
                            .append(reason)
                            .append(System.lineSeparator()));
        }
        text.append(String.format("%n  shown, not judged%n"));
        text.append(pulse("UDP ping-pong", udp)).append(pulse("ICMP echo", icmp));
        text.append(String.format("%n  %s%n%n", verdict()));
        return text.toString();
    }

    /** The steps of a takeover in one line. */
    static String steps(Failover failover) {
        return "noticed after " + millis(failover.detected()) + ", " + failover.flows() + " flows committed after "
                + millis(failover.committed()) + ", addresses up after " + millis(failover.addresses());
    }

    private static String millis(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() + " ms" : "(not seen)";
    }

    private String verdict() {
        if (flawless()) {
            return "All " + total() + " TCP sessions lived through " + changes.size()
                    + (changes.size() == 1 ? " change" : " changes")
                    + " of role. None was reset.";
        }
        return alive() + " of " + total() + " TCP sessions lived; " + resets() + " were reset.";
    }

    private static String pulse(String name, Pulse pulse) {
        return String.format(
                Locale.ROOT,
                "  %-14s %d of %d answered, longest gap %.1f s%n",
                name,
                pulse.answered(),
                pulse.sent(),
                pulse.longestGapMillis() / 1000.0);
    }

    private int total() {
        return changes.stream().mapToInt(c -> c.judgement().total()).max().orElse(0);
    }

    private int alive() {
        return changes.stream().mapToInt(c -> c.judgement().alive()).min().orElse(0);
    }

    private long resets() {
        return changes.stream().mapToLong(c -> c.judgement().reset()).max().orElse(0);
    }

    private long longestStall() {
        return changes.stream()
                .mapToLong(c -> c.judgement().longestStallMillis())
                .max()
                .orElse(0);
    }

    private Failover failover() {
        return changes.stream()
                .filter(Change::powerLoss)
                .map(Change::failover)
                .findFirst()
                .orElse(Failover.UNSEEN);
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "null";
    }
}
