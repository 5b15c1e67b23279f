// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code ~SEQ(...)}, {@code ~SEQx(...)} or {@code ~LST(...)} at the start of a line: the rest of the line is read once
 * for each set of values.
 *
 * @param rounds the values of each round, by parameter
 * @param rest what is read in each round
 */
record Repetition(List<Map<String, String>> rounds, String rest) {
    private static final int MOST_ROUNDS = 65_536;

    /** Whether a line begins with one. */
    static boolean isAt(String text) {
        return text.startsWith("~SEQ(") || text.startsWith("~SEQx(") || text.startsWith("~LST(");
    }

    /** Where the arguments end: the place of the closing parenthesis, or -1. */
    static int end(String text) {
        return text.indexOf(')');
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with it and what would be right
     */
    static Repetition parse(String text) {
        int end = end(text);
        if (end < 0) {
            throw new IllegalArgumentException("the closing `)' is missing");
        }
        String arguments = text.substring(text.indexOf('(') + 1, end);
        String rest = text.substring(end + 1);
        return text.startsWith("~LST(")
                ? new Repetition(list(arguments), rest)
                : new Repetition(sequence(arguments, text.startsWith("~SEQx(")), rest);
    }

    private static List<Map<String, String>> sequence(String arguments, boolean hexadecimal) {
        List<String> words =
                Arrays.stream(arguments.split(",", -1)).map(String::strip).toList();
        if (words.size() < 2 || words.size() > 4) {
            throw new IllegalArgumentException(
                    "write ~SEQ(NAME, START, STEP, END), ~SEQ(NAME, START, END) or ~SEQ(NAME, END)");
        }
        long end = number(words.get(words.size() - 1));
        long start = words.size() > 2 ? number(words.get(1)) : end < 0 ? -1 : 1;
        long step = words.size() > 3 ? number(words.get(2)) : end < start ? -1 : 1;
        if (step == 0 || (end - start) / step >= MOST_ROUNDS) {
            throw new IllegalArgumentException("a step of " + step + " from " + start + " to " + end
                    + " makes no sequence, or one of more than " + MOST_ROUNDS + " values");
        }
        List<Map<String, String>> rounds = new ArrayList<>();
        for (long value = start; step > 0 ? value <= end : value >= end; value += step) {
            rounds.add(Map.of(words.get(0), hexadecimal ? Long.toHexString(value) : Long.toString(value)));
        }
        return rounds;
    }

    private static List<Map<String, String>> list(String arguments) {
        List<String> items = items(arguments);
        if (items.size() < 2) {
            throw new IllegalArgumentException(
                    "write ~LST(NAME, VALUE, ...) or ~LST({NAME, NAME}, {VALUE, VALUE}, ...)");
        }
        List<String> names = group(items.get(0));
        List<Map<String, String>> rounds = new ArrayList<>();
        for (String item : items.subList(1, items.size())) {
            List<String> values = group(item);
            if (values.size() != names.size()) {
                throw new IllegalArgumentException(
                        "`" + item + "' has " + values.size() + " values for " + names.size() + " parameters");
            }
            Map<String, String> round = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                round.put(names.get(i), values.get(i));
            }
            rounds.add(round);
        }
        return rounds;
    }

    /** Cuts at the commas outside of braces. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == ',' && depth == 0) {
                items.add(text.substring(begin, i).strip());
                begin = i + 1;
            }
        }
        items.add(text.substring(begin).strip());
        return items;
    }

    private static List<String> group(String item) {
        if (item.startsWith("{") && item.endsWith("}")) {
            return Arrays.stream(item.substring(1, item.length() - 1).split(",", -1))
                    .map(String::strip)
                    .toList();
        }
        return List.of(item);
    }

    private static long number(String text) {
        try {
            return Integer.decode(text); // 0x marks hexadecimal, as in keepalived
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("`" + text + "' is not a whole number", e);
        }
    }
}
