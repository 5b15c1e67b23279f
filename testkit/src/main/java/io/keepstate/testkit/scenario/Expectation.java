// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import io.keepstate.vrrp.SyncGroup;
import io.keepstate.vrrp.VirtualRouter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

    /** What {@code is} can ask for. */
    static final List<String> SNAPSHOT =
            List.of("state", "priority", "timer", "deadline", "active_router", "active_interval", "source", "faults");

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
