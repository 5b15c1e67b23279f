// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One thing that happened in a scenario.
 *
 * @param timeNanos when, since the beginning of the scenario
 * @param subject the router or sync group it happened to
 * @param kind what kind of thing it was
 * @param fields its details in the order of printing: strings, numbers, {@link java.time.Duration}s, lists
 */
public record ScenarioEvent(long timeNanos, String subject, Kind kind, Map<String, Object> fields) {

    /** The kinds of things that happen. */
    public enum Kind {
        /** A router or a group changed its state: from, to, reason, text. */
        STATE,
        /** An advertisement was sent: its fields, from, to, ttl, packet. */
        SEND,
        /** An advertisement was received that passed every check: its fields, from. */
        RECEIVE,
        /** A packet was received that did not: reason, from, text. */
        REJECT,
        /** A timer was set: timer, at, in. */
        TIMER,
        /** The virtual addresses are to be announced once more. */
        REANNOUNCE,
        /** The operator is told something: note, text. */
        NOTE,
        /** An active router heard one that loses against it: from, priority. */
        LOSER,
        /** The priority changed: from, to. */
        PRIORITY,
        /** What the router holds while active changed. */
        HOLDINGS;

        /** The word for it in scripts and output. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Keeps a copy of the fields. */
    public ScenarioEvent {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** One line: time in seconds, subject, kind, then {@code name=value}. */
    @Override
    public String toString() {
        String details = fields.entrySet().stream()
                .map(each -> " " + each.getKey() + "=" + FieldText.of(each.getValue()))
                .collect(Collectors.joining());
        return ScenarioTime.text(timeNanos) + " " + subject + " " + kind.word() + details;
    }
}
