// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conntrack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options in the way of getopt_long(3): letters in a row, abbreviated long names, values attached or in the next word.
 * Words that are no options may stand anywhere. Long names may be added on the way, since {@code -p} decides which of them
 * there are.
 */
final class Getopt {
    /** Whether an option has a value. */
    enum Value {
        NONE,
        REQUIRED,
        /** Only attached to it: {@code -Lx}, {@code --dump=x}. */
        ATTACHED
    }

    /** What a long name stands for. */
    record Name(char code, Value value) {}

    /** The options there are, whatever the command line; made once, since a file of commands has a line for each flow. */
    static final class Grammar {
        private final Map<Character, Value> letters = new HashMap<>();
        private final Map<String, Name> names = new HashMap<>();

        /** A short option, and the long names it has. */
        Grammar add(char letter, Value has, String... longNames) {
            letters.put(letter, has);
            for (String name : longNames) {
                names.put(name, new Name(letter, has));
            }
            return this;
        }
    }

    private final List<String> words;
    private final Grammar grammar;
    private final List<Map<String, Name>> names = new ArrayList<>(2);
    private int next;
    private String cluster = "";
    private @Nullable String value;

    Getopt(List<String> words, Grammar grammar) {
        this.words = new ArrayList<>(words);
        this.grammar = grammar;
        names.add(grammar.names);
    }

    /** Long names that the grammar has not. */
    void addLong(Map<String, Name> more) {
        names.add(more);
    }

    /** The next option's letter or code; 0 at the end, {@code ?} for an unknown one, {@code :} for a missing value. */
    char next() {
        value = null;
        if (cluster.isEmpty()) {
            while (next < words.size() && isNoOption(words.get(next))) {
                next++;
            }
            if (next >= words.size() || words.get(next).equals("--")) {
                return 0;
            }
            String word = words.get(next);
            if (word.startsWith("--")) {
                next++;
                return longOption(word.substring(2));
            }
            cluster = word.substring(1);
        }
        return letter();
    }

    private static boolean isNoOption(String word) {
        return !word.startsWith("-") || word.equals("-");
    }

    private char letter() {
        char letter = cluster.charAt(0);
        String rest = cluster.substring(1);
        Value has = grammar.letters.get(letter);
        cluster = has == null || has == Value.NONE ? rest : "";
        if (cluster.isEmpty()) {
            next++;
        }
        if (has == null || !Character.isLetter(letter)) {
            return '?';
        }
        return has == Value.NONE ? letter : valued(letter, has, rest.isEmpty() ? null : rest);
    }

    private char longOption(String text) {
        int equals = text.indexOf('=');
        String given = equals < 0 ? text : text.substring(0, equals);
        Name name = find(given);
        if (name == null || (name.value() == Value.NONE && equals >= 0)) {
            return '?';
        }
        return valued(name.code(), name.value(), equals < 0 ? null : text.substring(equals + 1));
    }

    private char valued(char code, Value has, @Nullable String attached) {
        value = attached;
        if (attached == null && has == Value.REQUIRED) {
            if (next >= words.size()) {
                return ':';
            }
            value = words.get(next++);
        }
        return code;
    }

    /** The name, or the only one it abbreviates; names of one option count as one. */
    private @Nullable Name find(String given) {
        Name found = null;
        boolean ambiguous = false;
        for (Map<String, Name> some : names) {
            Name exact = some.get(given);
            if (exact != null) {
                return exact;
            }
        }
        for (Map<String, Name> some : names) {
            for (Map.Entry<String, Name> entry : some.entrySet()) {
                if (entry.getKey().startsWith(given)) {
                    ambiguous |= found != null && !found.equals(entry.getValue());
                    found = entry.getValue();
                }
            }
        }
        return ambiguous ? null : found;
    }

    /** The option's value, null if it has none. */
    @Nullable
    String value() {
        return value;
    }

    /** The value of an option that requires one. */
    String requiredValue() {
        return value == null ? "" : value;
    }

    /** The next word, if there is one and it is no option; it is taken then. */
    @Nullable
    String takeWord() {
        boolean word = cluster.isEmpty()
                && next < words.size()
                && !words.get(next).startsWith("-")
                && !words.get(next).startsWith("!");
        return word ? words.get(next++) : null;
    }

    /** The word the last option ended in, for messages: argv[optind - 1]. */
    String lastWord() {
        return next == 0 ? "conntrack" : words.get(next - 1);
    }
}
