// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Values of fields as text, and whether a text of a script means the same. */
final class FieldText {
    /** A script has fewer digits than a timer may have. */
    private static final long TOLERANCE_NANOS = 1_000;

    private FieldText() {}

    static String of(Object value) {
        if (value instanceof Duration time) {
            return ScenarioTime.text(time.toNanos());
        }
        if (value instanceof List<?> list) {
            return list.stream().map(FieldText::of).collect(Collectors.joining(","));
        }
        String text = String.valueOf(value);
        return text.isEmpty() || text.contains(" ") ? '"' + text + '"' : text;
    }

    /** Whether an expectation written like this is met by the value. */
    static boolean means(String expected, Object value) {
        if (value instanceof Duration time) {
            return ScenarioTime.parse(expected)
                    .filter(nanos -> Math.abs(nanos - time.toNanos()) < TOLERANCE_NANOS)
                    .isPresent();
        }
        if (value instanceof List<?> list) {
            return expected.equalsIgnoreCase(list.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        return expected.equalsIgnoreCase(String.valueOf(value))
                || (value instanceof Integer number && isNumber(expected, number));
    }

    private static boolean isNumber(String expected, int value) {
        try {
            return Settings.number(expected) == value;
        } catch (NumberFormatException another) {
            return false;
        }
    }
}
