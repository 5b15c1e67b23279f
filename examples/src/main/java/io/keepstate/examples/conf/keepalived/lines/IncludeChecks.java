// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which missing included files are errors ({@code include_check}, and the letters of {@code includer} and its like). */
final class IncludeChecks {
    /** One of them. */
    enum Check {
        /** A file that is there must be readable. */
        READABLE,
        /** A name without wildcards must match. */
        MATCH,
        /** A name with wildcards must match. */
        WILDCARD_MATCH,
        /** Each choice of braces must match. */
        BRACE_MATCH
    }

    private IncludeChecks() {}

    /** What {@code include} and its variants add; null for another word. */
    static @Nullable Set<Check> ofKeyword(String keyword) {
        return switch (keyword) {
            case "include" -> EnumSet.noneOf(Check.class);
            case "includer" -> EnumSet.of(Check.READABLE);
            case "includem" -> EnumSet.of(Check.READABLE, Check.MATCH);
            case "includew" -> EnumSet.of(Check.READABLE, Check.WILDCARD_MATCH);
            case "includeb" -> EnumSet.of(Check.READABLE, Check.BRACE_MATCH);
            case "includea" -> EnumSet.allOf(Check.class);
            default -> null;
        };
    }

    /**
     * The checks after an {@code include_check} line.
     *
     * @throws IllegalArgumentException naming a word that is no check
     */
    static Set<Check> changed(Set<Check> before, String arguments) {
        if (arguments.isEmpty()) {
            return EnumSet.allOf(Check.class);
        }
        boolean relative = arguments.startsWith("+") || arguments.startsWith("-");
        Set<Check> checks = relative && !before.isEmpty() ? EnumSet.copyOf(before) : EnumSet.noneOf(Check.class);
        boolean add = true;
        for (String word : arguments.split("\\s+", -1)) {
            String name = word;
            if (word.startsWith("+") || word.startsWith("-")) {
                add = word.startsWith("+");
                name = word.substring(1);
            }
            if (name.isEmpty()) {
                continue;
            }
            Check check = Check.valueOf(name.toUpperCase(Locale.ROOT));
            if (add) {
                checks.add(check);
                checks.add(Check.READABLE);
            } else {
                checks.remove(check);
            }
        }
        return checks;
    }
}
