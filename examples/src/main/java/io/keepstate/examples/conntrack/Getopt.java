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

    /** One way to write an option. */
    private record Name(char code, Value value) {}

    private final List<String> words;
    private final Map<Character, Value> letters = new HashMap<>();
    private final Map<String, Name> names = new HashMap<>();
    private int next;
    private String cluster = "";
    private @Nullable String value;

    Getopt(List<String> words) {
        this.words = new ArrayList<>(words);
    }

    /** A short option, and the long names it has. */
    Getopt add(char letter, Value has, String... longNames) {
        letters.put(letter, has);
        for (String name : longNames) {
            names.put(name, new Name(letter, has));
        }
        return this;
    }

    /** A long name alone. */
    void addLong(char code, String name) {
        names.put(name, new Name(code, Value.REQUIRED));
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
        Value has = letters.get(letter);
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
        Name exact = names.get(given);
        if (exact != null) {
            return exact;
        }
        Name found = null;
        for (Map.Entry<String, Name> entry : names.entrySet()) {
            if (entry.getKey().startsWith(given)) {
                if (found != null && !found.equals(entry.getValue())) {
                    return null;
                }
                found = entry.getValue();
            }
        }
        return found;
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
