// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.SyncGroup;
import io.keepstate.vrrp.VirtualRouter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An {@code expect} line.
 *
 * @param subject the router or group
 * @param kind the kind of event; null for {@code is}, which asks how the subject is now
 * @param absent whether no such event may have happened
 * @param fields what must be so, by name
 * @param count how many such events there must be; empty: at least one
 */
record Expectation(
        String subject,
        ScenarioEvent.@Nullable Kind kind,
        boolean absent,
        Map<String, String> fields,
        OptionalInt count) {

    private static final int SHOWN = 12;

    private static final List<String> ADVERTISEMENT =
            List.of("version", "vrid", "priority", "interval", "addresses", "auth", "checksum", "from");
    /** What each kind of event has; see {@link EventFields}. */
    private static final Map<ScenarioEvent.Kind, List<String>> FIELDS = Map.of(
            ScenarioEvent.Kind.STATE, List.of("from", "to", "reason", "text"),
            ScenarioEvent.Kind.SEND, join(ADVERTISEMENT, List.of("to", "ttl", "packet")),
            ScenarioEvent.Kind.RECEIVE, ADVERTISEMENT,
            ScenarioEvent.Kind.REJECT, List.of("reason", "text"),
            ScenarioEvent.Kind.TIMER, List.of("timer", "in"),
            ScenarioEvent.Kind.REANNOUNCE, List.of(),
            ScenarioEvent.Kind.NOTE, List.of("note", "text"),
            ScenarioEvent.Kind.LOSER, List.of("from", "priority"),
            ScenarioEvent.Kind.PRIORITY, List.of("from", "to"),
            ScenarioEvent.Kind.HOLDINGS, List.of());

    private static final Set<String> STATES = Set.of("initialize", "backup", "active", "fault", "crashed");

    /** What {@code is} can ask for. */
    static final List<String> SNAPSHOT =
            List.of("state", "priority", "timer", "deadline", "active_router", "active_interval", "source", "faults");

    /** Reads what is behind {@code expect NAME}. */
    static Expectation of(String subject, Words words) throws ScenarioException {
        if (words.take("is")) {
            return snapshot(subject, words);
        }
        boolean absent = words.take("no");
        String word = words.word("what is expected: is, or a kind of event");
        ScenarioEvent.Kind kind = eventKind(word);
        if (kind == null) {
            throw words.wrong("'" + word + "' cannot be expected; there are is, state, send, receive, reject, timer,"
                    + " reannounce, note, loser, priority and holdings");
        }
        Settings settings = words.settings();
        OptionalInt count =
                settings.number("count", 0, 1_000_000).map(OptionalInt::of).orElse(OptionalInt.empty());
        Map<String, String> fields = new LinkedHashMap<>(settings.all());
        fields.remove("count");
        check(words, fields, join(FIELDS.getOrDefault(kind, List.of()), List.of("at")));
        return new Expectation(subject, kind, absent, fields, count);
    }

    private static Expectation snapshot(String subject, Words words) throws ScenarioException {
        Map<String, String> fields = new LinkedHashMap<>();
        if (words.isPlain()) {
            String state = words.word("the state");
            if (!STATES.contains(state.toLowerCase(Locale.ROOT))) {
                throw words.wrong("'" + state + "' is no state; there are initialize, backup, active, fault, crashed");
            }
            fields.put("state", state);
        }
        fields.putAll(words.settings().all());
        check(words, fields, SNAPSHOT);
        if (fields.isEmpty()) {
            throw words.wrong("what is " + subject + "? name a state, or NAME=VALUE");
        }
        return new Expectation(subject, null, false, fields, OptionalInt.empty());
    }

    private static void check(Words words, Map<String, String> fields, List<String> names) throws ScenarioException {
        for (String name : fields.keySet()) {
            if (!names.contains(name)) {
                throw words.wrong("there is no '" + name + "' here; there are " + String.join(", ", names));
            }
        }
    }

    private static ScenarioEvent.@Nullable Kind eventKind(String word) {
        for (ScenarioEvent.Kind kind : ScenarioEvent.Kind.values()) {
            if (kind.word().equalsIgnoreCase(word)) {
                return kind;
            }
        }
        return null;
    }

    private static List<String> join(List<String> one, List<String> two) {
        return Stream.concat(one.stream(), two.stream()).toList();
    }

    /** What is instead, if it is not met. */
    Optional<String> check(ScenarioRun run) {
        return kind == null ? checkSnapshot(run) : checkEvents(run.window());
    }

    private Optional<String> checkSnapshot(ScenarioRun run) {
        Map<String, Object> snapshot = snapshot(run);
        for (Map.Entry<String, String> each : fields.entrySet()) {
            Object value = snapshot.get(each.getKey());
            if (value == null || !FieldText.means(each.getValue(), value)) {
                return Optional.of(subject + " is " + text(snapshot));
            }
        }
        return Optional.empty();
    }

    private Optional<String> checkEvents(List<ScenarioEvent> window) {
        List<ScenarioEvent> same = window.stream()
                .filter(event -> event.kind() == kind && event.subject().equals(subject))
                .toList();
        long matching = same.stream().filter(this::matches).count();
        boolean met = absent ? matching == 0 : count.isPresent() ? matching == count.getAsInt() : matching > 0;
        if (met) {
            return Optional.empty();
        }
        StringBuilder found = new StringBuilder().append(matching).append(" such events");
        found.append(same.isEmpty() ? ", none of that kind" : ", of that kind:");
        same.stream()
                .limit(SHOWN)
                .forEach(event ->
                        found.append(System.lineSeparator()).append("        ").append(event));
        return Optional.of(found.toString());
    }

    private boolean matches(ScenarioEvent event) {
        for (Map.Entry<String, String> each : fields.entrySet()) {
            // A timer has an "at" of its own: when it will fire.
            boolean when = each.getKey().equals("at") && event.kind() != ScenarioEvent.Kind.TIMER;
            Object value =
                    when ? Duration.ofNanos(event.timeNanos()) : event.fields().get(each.getKey());
            if (value == null || !FieldText.means(each.getValue(), value)) {
                return false;
            }
        }
        return true;
    }

    private Map<String, Object> snapshot(ScenarioRun run) {
        Map<String, Object> snapshot = new LinkedHashMap<>();
        Unit unit = run.unit(subject);
        SyncGroup group = unit.group();
        if (group != null && group.name().equals(subject)) {
            snapshot.put("state", unit.isCrashed() ? "crashed" : EventFields.lower(group.state()));
            return snapshot;
        }
        VirtualRouter router = run.station(subject).router();
        snapshot.put("state", unit.isCrashed() ? "crashed" : EventFields.lower(router.state()));
        snapshot.put("priority", router.priority());
        long deadline = router.nextDeadline();
        boolean set = deadline != Long.MAX_VALUE;
        snapshot.put("timer", set ? Duration.ofNanos(deadline - run.nowNanos()) : "none");
        snapshot.put("deadline", set ? Duration.ofNanos(deadline - run.nowNanos() + run.elapsedNanos()) : "none");
        snapshot.put("active_router", String.valueOf(router.activeRouter()).replace("null", "none"));
        snapshot.put("active_interval", PacketDefinition.interval(router.activeIntervalCentis()));
        snapshot.put("source", router.sourceAddress());
        snapshot.put("faults", router.faults().size());
        return snapshot;
    }

    private static String text(Map<String, Object> fields) {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(FieldText.of(value)));
        return text.toString();
    }
}
