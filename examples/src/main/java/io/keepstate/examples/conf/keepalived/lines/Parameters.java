// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code $NAME=VALUE} definitions seen so far. A value is kept as written: what it refers to is looked up when it is
 * used.
 */
final class Parameters {
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final Pattern DEFINITION = Pattern.compile("\\$(" + NAME + ")=(.*)", Pattern.DOTALL);
    private static final Pattern REFERENCE = Pattern.compile(
            "\\$\\{(" + NAME + ")((?:\\s+[0-9]+){0,2}|\\s+" + NAME + ")\\s*}|\\$(" + NAME + ")(?=\\s|$)");
    private static final int GREATEST_RANDOM = 32_767;

    private final Map<String, List<String>> values = new HashMap<>();
    private Random random = new Random();

    /** A definition as it stands on a line. */
    record Definition(String name, String value) {}

    /** One reference replaced: what stood before it, the lines of its value, what stands after it. */
    record Replacement(String before, List<String> value, String after) {}

    Optional<Definition> definition(String text) {
        Matcher matcher = DEFINITION.matcher(text);
        return matcher.matches()
                ? Optional.of(new Definition(matcher.group(1), matcher.group(2).strip()))
                : Optional.empty();
    }

    void define(String name, List<String> value) {
        values.put(name, List.copyOf(value));
    }

    /** Makes {@code ${_RANDOM}} repeatable (random_seed). */
    void seed(long seed) {
        random = new Random(seed);
    }

    /** Replaces the first reference that is defined; {@code here} has the predefined values of this place. */
    Optional<Replacement> replaceFirst(String text, Map<String, String> here) {
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(3);
            List<String> value = lookUp(name, matcher.group(2), here);
            if (!value.isEmpty()) {
                return Optional.of(
                        new Replacement(text.substring(0, matcher.start()), value, text.substring(matcher.end())));
            }
        }
        return Optional.empty();
    }

    /** The first reference with braces that is left, to be reported: braces mean nothing else outside of quotes. */
    Optional<String> undefined(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                return Optional.of(matcher.group(1));
            }
        }
        return Optional.empty();
    }

    private List<String> lookUp(String name, String arguments, Map<String, String> here) {
        String predefined = here.get(name);
        if (predefined != null) {
            return List.of(predefined);
        }
        if (name.equals("_ENV") && arguments != null) {
            String value = System.getenv(arguments.strip());
            return value == null ? List.of() : List.of(value);
        }
        if (name.equals("_RANDOM")) {
            return List.of(Integer.toString(random(arguments == null ? "" : arguments.strip())));
        }
        return values.getOrDefault(name, List.of());
    }

    private int random(String arguments) {
        String[] bounds = arguments.isEmpty() ? new String[0] : arguments.split("\\s+");
        int min = bounds.length > 0 ? number(bounds[0]).orElse(0) : 0;
        int max = bounds.length > 1 ? number(bounds[1]).orElse(GREATEST_RANDOM) : GREATEST_RANDOM;
        return max <= min ? min : min + random.nextInt(max - min + 1);
    }

    private static OptionalInt number(String digits) {
        try {
            return OptionalInt.of(Math.min(Integer.parseInt(digits), Integer.MAX_VALUE - 1));
        } catch (NumberFormatException tooLong) {
            return OptionalInt.empty();
        }
    }
}
