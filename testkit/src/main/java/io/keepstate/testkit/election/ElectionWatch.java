// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.election;

import io.keepstate.testkit.scenario.Scenario;
import io.keepstate.testkit.scenario.ScenarioEvent;
import io.keepstate.testkit.scenario.ScenarioException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Watches an election for what must never be, and says what was. */
public final class ElectionWatch {
    /** Rounding of the script's times. */
    private static final long SLACK_NANOS = 2_000;

    private final Election election;
    private final List<String> violations = new ArrayList<>();
    /** The active routers of each segment, by the letter their names begin with, and since when. */
    private final Map<Character, Map<String, Long>> active = new LinkedHashMap<>();

    private long longestOverlap;
    private long transitions;
    private int judged;

    private ElectionWatch(Election election) {
        this.election = election;
    }

    /**
     * What came of an election.
     *
     * @param violations what was wrong, with times; empty if nothing was
     * @param longestOverlapNanos longest time for which two routers of a segment were active at once in quiet
     * @param transitions how often a router changed its state
     */
    public record Outcome(List<String> violations, long longestOverlapNanos, long transitions) {}

    /** Plays an election. */
    public static Outcome play(Election election) {
        ElectionWatch watch = new ElectionWatch(election);
        try {
            Scenario.parse("seed-" + election.seed() + ".vrrp", election.script())
                    .run(watch::see);
        } catch (ScenarioException e) {
            throw new IllegalStateException("the generator wrote what cannot be played: " + e.getMessage(), e);
        }
        election.quiet().forEach(watch::judgeEnd);
        return new Outcome(List.copyOf(watch.violations), watch.longestOverlap, watch.transitions);
    }

    private void see(ScenarioEvent event) {
        char segment = event.subject().charAt(0);
        if (event.kind() != ScenarioEvent.Kind.STATE || segment == 'G') {
            return;
        }
        transitions++;
        closeRounds(event.timeNanos());
        Map<String, Long> here = active.computeIfAbsent(segment, each -> new LinkedHashMap<>());
        if ("active".equals(event.fields().get("to"))) {
            here.put(event.subject(), event.timeNanos());
        } else {
            Long since = here.remove(event.subject());
            if (since != null) {
                here.forEach((other, otherSince) ->
                        overlap(event.subject(), other, Math.max(since, otherSince), event.timeNanos()));
            }
        }
        for (Election.Quiet quiet : election.quiet()) {
            long settled = quiet.fromNanos() + election.settledBoundNanos() + SLACK_NANOS;
            if (event.timeNanos() > settled && event.timeNanos() < quiet.untilNanos()) {
                violations.add(event + ": " + millis(event.timeNanos() - quiet.fromNanos())
                        + " after the last trouble, later than " + millis(election.settledBoundNanos()));
            }
        }
    }

    /** Looks at the end of each quiet time before what comes after it is taken in. */
    private void closeRounds(long nowNanos) {
        while (judged < election.quiet().size()
                && nowNanos > election.quiet().get(judged).untilNanos()) {
            judge(election.quiet().get(judged++));
        }
    }

    private void judgeEnd(Election.Quiet quiet) {
        if (judged < election.quiet().size() && election.quiet().get(judged).equals(quiet)) {
            judge(quiet);
            judged++;
        }
    }

    private void judge(Election.Quiet quiet) {
        active.forEach((segment, here) -> {
            List<String> names = List.copyOf(here.keySet());
            for (int i = 0; i < names.size(); i++) {
                for (int j = i + 1; j < names.size(); j++) {
                    overlap(names.get(i), names.get(j), quiet.fromNanos(), quiet.untilNanos());
                }
            }
            if (names.size() != 1) {
                violations.add("at the end of quiet, " + millis(quiet.untilNanos()) + ", active on segment " + segment
                        + ": " + names);
            } else {
                judgeRight(names.get(0), quiet);
            }
        });
    }

    /** Nobody who preempts may be waiting behind a lower one. */
    private void judgeRight(String name, Election.Quiet quiet) {
        int node = Integer.parseInt(name.substring(1));
        int priority = election.routers().get(node - 1).priority();
        for (Election.Candidate other : election.routers()) {
            if (other.preempt() && other.priority() > priority) {
                violations.add("at the end of quiet, " + millis(quiet.untilNanos()) + ", " + name + " of priority "
                        + priority + " is active although " + other + " preempts");
            }
        }
    }

    private void overlap(String one, String other, long fromNanos, long untilNanos) {
        for (Election.Quiet quiet : election.quiet()) {
            long from = Math.max(fromNanos, quiet.fromNanos());
            long length = Math.min(untilNanos, quiet.untilNanos()) - from;
            longestOverlap = Math.max(longestOverlap, length);
            if (length > election.overlapBoundNanos() + SLACK_NANOS) {
                violations.add(one + " and " + other + " both active from " + millis(from) + " for " + millis(length)
                        + ", longer than " + millis(election.overlapBoundNanos()));
            }
        }
    }

    private static String millis(long nanos) {
        return nanos / 1_000_000.0 + " ms";
    }
}
