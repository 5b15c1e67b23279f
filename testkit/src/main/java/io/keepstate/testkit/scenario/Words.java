// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of one line of a script, read from left to right. Double quotes keep spaces; {@code #} begins a comment. */
final class Words {
    /** Possessive: a packet is one word of thousands of characters, and each would be a few frames of the stack. */
    private static final Pattern WORD = Pattern.compile("((?:\"[^\"]*\"|[^\\s\"#]++)++)|(#.*)|(\".*)");

    private final String file;
    private final int line;
    private final List<String> words = new ArrayList<>();
    private int next;

    private Words(String file, int line) {
        this.file = file;
        this.line = line;
    }

    static Words of(String file, int line, String text) throws ScenarioException {
        Words words = new Words(file, line);
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            if (matcher.group(3) != null) {
                throw words.wrong("a quotation mark is not closed; close it");
            }
            if (matcher.group(1) != null) {
                words.words.add(matcher.group(1).replace("\"", ""));
            }
        }
        return words;
    }

    int line() {
        return line;
    }

    boolean isEmpty() {
        return next >= words.size();
    }

    /** Whether the next word is this one; takes it if so. */
    boolean take(String word) {
        if (!isEmpty() && words.get(next).equalsIgnoreCase(word)) {
            next++;
            return true;
        }
        return false;
    }

    /** Whether the next word is a plain one, not {@code name=value}. */
    boolean isPlain() {
        return !isEmpty() && words.get(next).indexOf('=') < 0;
    }

    /** The next word, which must be a plain one. */
    String word(String what) throws ScenarioException {
        if (!isPlain()) {
            throw wrong(what + " is missing" + (isEmpty() ? " at the end of the line" : " before '" + peek() + "'"));
        }
        return words.get(next++);
    }

    /** The next word as a time. */
    long time(String what) throws ScenarioException {
        String word = word(what);
        return ScenarioTime.parse(word)
                .orElseThrow(() -> wrong("'" + word + "' is no time; write 3.609375s, 100ms or 5us"));
    }

    /** All that is left, which must be {@code name=value}. */
    Settings settings() throws ScenarioException {
        Settings settings = new Settings(this);
        while (!isEmpty()) {
            String word = words.get(next++);
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw wrong("'" + word + "' is not understood here; settings are NAME=VALUE");
            }
            settings.add(word.substring(0, equals), word.substring(equals + 1));
        }
        return settings;
    }

    void end() throws ScenarioException {
        if (!isEmpty()) {
            throw wrong("'" + peek() + "' is one word too many; remove it");
        }
    }

    ScenarioException wrong(String what) {
        return new ScenarioException(file, line, what);
    }

    private String peek() {
        return words.get(next);
    }
}
